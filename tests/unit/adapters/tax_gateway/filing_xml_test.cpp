#include "adapters/tax_gateway/filing_json.h"
#include "adapters/tax_gateway/filing_xml.h"
#include "adapters/tax_gateway/rates_json.h"
#include "adapters/xml/document.h"
#include "tests/support/source_tree.h"
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cho40::tax_gateway {
namespace {

using nlohmann::json;

std::string data(std::string const& name)
{
    std::ifstream in(tests::test_data() / "etax" / name, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

// White space between tags means nothing in this comparison; all other bytes do.
std::string without_indentation(std::string text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!out.empty() && out.back() == '>') {
            auto const next = text.find_first_not_of(" \n", i);
            if (next == text.npos) break;
            if (text[next] == '<') i = next;
        }
        out += text[i];
    }
    return out;
}

Result<etax::ReturnDocument> prepared(json const& filing)
{
    CHO_TRY(auto input, read_filing(filing.dump()));
    return etax::prepare_return(std::move(input), embedded_rates(), etax::FormTables::embedded(), WorkingDays::embedded());
}

json example() { return json::parse(data("01cnkd-tt50-example.json")); }

TEST(FilingXml, ReproducesThePublishedExample)
{
    auto const document = prepared(example());
    ASSERT_TRUE(document) << document.error().detail;
    auto const bytes = write_filing(*document);
    ASSERT_TRUE(bytes) << bytes.error().detail;
    EXPECT_EQ(without_indentation(*bytes), without_indentation(data("01cnkd-tt50-example.xml")));
    EXPECT_EQ(*write_filing(*document), *bytes);
    EXPECT_EQ(etax::idempotency_key(document->key), "022080000000|1266|Q:3/2026|C|0");
}

TEST(FilingXml, ChoosesTheLayoutByThePeriod)
{
    struct Row {
        char const* period;
        char const* made_on;
        char const* group;
        char const* issued_by;
        char const* element;
    };
    for (auto const& row : {Row{"2026-Q3", "2026-10-12", "a", "(Ban hành kèm theo Thông tư số 50/2026/TT-BTC)", "TongCongCT18"},
                            Row{"2026-Q2", "2026-07-12", "a", "(Ban hành kèm theo Thông tư số 50/2026/TT-BTC)", "TongCongCT18"},
                            Row{"2026-Q1", "2026-07-12", "a", "(Ban hành kèm theo Thông tư số 18/2026/TT-BTC)", "TongCongCT16"},
                            Row{"2025-Q4", "2026-01-12", "1", "(Ban hành kèm theo Thông tư số 40/2021/TT-BTC)", "KKThueGTGT_TNCN"}}) {
        auto filing = example();
        filing["period"] = row.period;
        filing["made_on"] = row.made_on;
        filing["earlier"] = json::array();
        filing["locations"][0]["lines"] = json::array({{{"group", row.group}, {"revenue", 1'200'000'000}}});
        auto const document = prepared(filing);
        ASSERT_TRUE(document) << row.period << document.error().detail;
        auto const read = *xml::Document::parse(*write_filing(*document));
        EXPECT_EQ(read.root().descendants("moTaBMau")[0].value(), row.issued_by);
        EXPECT_EQ(read.root().descendants(row.element).size(), 1u) << row.period;
    }
}

TEST(FilingXml, SumsTheFourRowsOfTheOldForm)
{
    auto filing = example();
    filing["period"] = "2025-Q4";
    filing["made_on"] = "2026-01-12";
    filing.erase("earlier");
    filing["locations"][0]["lines"] = json::parse(
        R"([{"group":"1","revenue":100000000},{"group":"1b","revenue":50000000,"outside_vat":50000000},{"group":"3","revenue":200000000}])");
    auto const read = *xml::Document::parse(*write_filing(*prepared(filing)));
    auto value = [&](char const* column, char const* row) { return read.root().descendants(column)[0].child(row).value(); };
    EXPECT_EQ(value("DoanhThuThueGTGT", "ct28"), "100000000");
    EXPECT_EQ(value("SoThueGTGT", "ct28"), "1000000");
    EXPECT_EQ(value("DoanhThuThueTNCN", "ct28"), "150000000");
    EXPECT_EQ(value("SoThueTNCN", "ct28"), "750000");
    EXPECT_EQ(value("SoThueTNCN", "ct30"), "3000000");
    EXPECT_EQ(value("SoThueGTGT", "ct32"), "7000000");
    EXPECT_EQ(value("SoThueTNCN", "ct31"), "0");
}

TEST(FilingXml, KeepsLocationsApart)
{
    auto filing = example();
    auto second = filing["locations"][0];
    second["code"] = "00001";
    second["head"] = false;
    second["ward_code"] = "06673";
    second["lines"] = json::parse(R"([{"group":"b","revenue":100000000}])");
    filing["locations"].push_back(second);
    filing["earlier"][0]["location"] = "00999";
    auto const document = *prepared(filing);
    ASSERT_EQ(document.locations.size(), 2u);
    ASSERT_EQ(document.payments.size(), 3u);  // head: VAT and PIT; stall: VAT, its PIT was deducted
    EXPECT_EQ(document.payments[2].place.code, "00001");
    EXPECT_EQ(document.payments[2].amount, Dong(5'000'000));
    std::int64_t sum = 0;
    for (auto const& p : document.payments) sum += p.amount.count();
    EXPECT_EQ(document.to_pay, Dong(sum));
    auto const read = *xml::Document::parse(*write_filing(document));
    EXPECT_EQ(read.root().descendants("DoanhThuThueGTGTTNCN")[1].child("stt").value(), "2");
}

TEST(FilingXml, ShowsTheDifferenceInACorrection)
{
    auto filing = example();
    filing["type"] = "B";
    filing["number"] = 2;
    filing["filed_before"] = json::parse(R"([{"location":"00999","subitem":"1701","amount":10000000}])");
    auto const read = *xml::Document::parse(*write_filing(*prepared(filing)));
    EXPECT_EQ(read.root().descendants("loaiTKhai")[0].value(), "B");
    EXPECT_EQ(read.root().descendants("soLan")[0].value(), "2");
    EXPECT_EQ(read.root().descendants("soTienChenhLech")[0].value(), "-400000");
}

TEST(FilingXml, ASmallDossierIsExempt)
{
    auto filing = example();
    filing["earlier"] = json::array();
    filing["expects_above"] = true;
    filing["locations"][0]["lines"] = json::parse(R"([{"group":"a","revenue":5000000}])");
    auto const document = *prepared(filing);
    EXPECT_EQ(document.totals.vat, Dong(50'000));
    EXPECT_EQ(document.totals.exempt_vat, Dong(50'000));
    EXPECT_EQ(document.totals.payable_vat, Dong());
    EXPECT_TRUE(document.payments.empty());
}

TEST(FilingXml, WritesNamesInTheirComposedForm)
{
    auto filing = example();
    filing["taxpayer"]["name"] = "Hô\u0323 Đào & Ước";
    auto const read = *xml::Document::parse(*write_filing(*prepared(filing)));
    EXPECT_EQ(read.root().descendants("tenNNT")[0].value(), "Hộ Đào & Ước");
}

TEST(Filing, IsRefusedWithTheCodeAndThePlace)
{
    struct Row {
        char const* patch;
        Errc code;
        char const* at;
    };
    for (auto const& row :
         {Row{R"({"made_on":"2026-09-30"})", Errc::period_not_open, ""}, Row{R"({"made_on":"2033-01-01"})", Errc::period_closed, ""},
          Row{R"({"earlier":[]})", Errc::nothing_to_file, ""},
          Row{R"({"period":"2026-01","made_on":"2026-02-10"})", Errc::form_version_missing, ""},
          Row{R"({"period":"2021-Q2","made_on":"2021-07-10"})", Errc::form_version_missing, ""},
          Row{R"({"period":"2026"})", Errc::invalid_period, "/period"}, Row{R"({"period":"2026-Q9"})", Errc::invalid_period, "/period"},
          Row{R"({"form":"02/BK-KTBĐS"})", Errc::invalid_input, "/form"},
          Row{R"({"taxpayer":{"tax_code":"0123456789"}})", Errc::tax_code_invalid, "/taxpayer/tax_code"},
          Row{R"({"taxpayer":{"old_tax_code":"1"}})", Errc::tax_code_invalid, "/taxpayer/old_tax_code"},
          Row{R"({"taxpayer":{"extra":"1"}})", Errc::unknown_field, "/taxpayer/extra"},
          Row{R"({"type":"C","number":1})", Errc::invalid_input, "/number"},
          Row{R"({"type":"B","number":0})", Errc::invalid_input, "/number"}, Row{R"({"type":"X"})", Errc::invalid_input, "/type"},
          Row{R"({"locations":[]})", Errc::invalid_input, "/locations"}, Row{R"({"made_on":"12/10/2026"})", Errc::invalid_date, "/made_on"},
          Row{R"({"signer":"a\u0001b"})", Errc::invalid_input, "/signer"}}) {
        auto filing = example();
        filing.merge_patch(json::parse(row.patch));
        auto const document = prepared(filing);
        ASSERT_FALSE(document) << row.patch;
        EXPECT_EQ(errc_name(document.error().code), errc_name(row.code)) << row.patch << document.error().detail;
        EXPECT_EQ(document.error().pointer, row.at) << row.patch;
    }
}

}  // namespace
}  // namespace cho40::tax_gateway
