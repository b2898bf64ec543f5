#include "adapters/tax_gateway/rates_json.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cho40::tax_gateway {
namespace {

TEST(RatesJson, ReadsTheFileOfThisBuild)
{
    auto const rates = read_rates(etax::embedded_rate_file());
    ASSERT_TRUE(rates) << rates.error().detail << rates.error().pointer;
    EXPECT_EQ(rates->rate("d", Day::from(2026, 9, 30))->vat_bp, 300);
    EXPECT_EQ(rates->rate("đ", Day::from(2026, 9, 30))->pit_bp, 500);
    EXPECT_EQ(rates->late_ppm_per_day(), 300);
    EXPECT_EQ(rates->budget_name("1003"), "Thuế thu nhập từ hoạt động sản xuất, kinh doanh của cá nhân");
    EXPECT_EQ(rates->form_version("01/TKN-CNKD", Day::from(2026, 12, 31))->version, "TT89/2026");
}

TEST(RatesJson, RefusesAFileThatIsWrongAndSaysWhere)
{
    auto const good = nlohmann::json::parse(etax::embedded_rate_file());
    struct Row {
        char const* at;
        nlohmann::json value;
    };
    for (auto const& row : {Row{"/schema", "other"}, Row{"/rates/0/vat_rate_bp", 10001}, Row{"/rates/0/vat_rate_bp", 1.5},
                            Row{"/rates/0/effective_from", "2021-13-01"}, Row{"/thresholds/0/kind", "?"},
                            Row{"/thresholds/0/amount_vnd", -1}, Row{"/late_payment", nullptr}, Row{"/rates", nullptr}}) {
        auto bad = good;
        bad[nlohmann::json::json_pointer(row.at)] = row.value;
        auto const rates = read_rates(bad.dump());
        ASSERT_FALSE(rates) << row.at;
        EXPECT_EQ(rates.error().code, Errc::invalid_config);
        EXPECT_EQ(rates.error().pointer, row.at);
    }
    EXPECT_EQ(read_rates("{").error().code, Errc::invalid_json);
}

}  // namespace
}  // namespace cho40::tax_gateway
