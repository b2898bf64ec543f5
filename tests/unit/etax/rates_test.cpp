#include "etax/rates.h"
#include "tests/unit/etax/sample_rates.h"
#include <gtest/gtest.h>

namespace cho40::etax {
namespace {

TEST(RateBook, RefusesTablesThatContradictThemselves)
{
    struct Row {
        char const* what;
        void (*spoil)(RateTables&);
    };
    for (auto const& row :
         {Row{"two rates of one group on one day",
              [](RateTables& t) {
                  t.rates.push_back(t.rates.back());
                  t.rates.back().id = "other";
              }},
          Row{"an id twice", [](RateTables& t) { t.rates[0].id = t.rates[1].id; }},
          Row{"more than 100 %", [](RateTables& t) { t.rates[0].vat_bp = 10001; }},
          Row{"a threshold no law knows", [](RateTables& t) { t.rates[1].threshold = Dong(999'999'999); }},
          Row{"an end before the beginning", [](RateTables& t) { t.thresholds[0].validity.to = Day::from(2020, 1, 1); }},
          Row{"brackets that do not join", [](RateTables& t) { t.income_brackets[1].above = Dong(4'000'000'000); }},
          Row{"a closed last bracket", [](RateTables& t) { t.income_brackets.pop_back(); }},
          Row{"two cuts on one day", [](RateTables& t) { t.vat_cuts.push_back({"cut2", {Day::from(2026, 12, 31), std::nullopt}, 90}); }},
          Row{"two versions of a form", [](RateTables& t) { t.form_versions[1].validity.to = std::nullopt; }},
          Row{"interest above the tax each day", [](RateTables& t) { t.late_ppm_per_day = 1'000'001; }}}) {
        auto tables = sample_tables();
        row.spoil(tables);
        auto const book = RateBook::make(std::move(tables));
        ASSERT_FALSE(book) << row.what;
        EXPECT_EQ(book.error().code, Errc::invalid_config) << row.what;
    }
    EXPECT_TRUE(RateBook::make(sample_tables()));
}

TEST(RateBook, TellsAnUnknownGroupFromOneWithoutARateThatDay)
{
    auto const rates = sample_rates();
    EXPECT_EQ(rates.rate("z", Day::from(2026, 1, 1)).error().code, Errc::tax_group_unknown);
    EXPECT_EQ(rates.rate("a", Day::from(2025, 12, 31)).error().code, Errc::rate_missing);
    EXPECT_EQ(rates.rate("1", Day::from(2025, 12, 31))->id, "old-1");
}

TEST(RateBook, KnowsWhatWasKnownOnADay)
{
    auto const rates = sample_rates();
    auto const day = Day::from(2026, 3, 31);
    EXPECT_EQ(rates.threshold(ThresholdKind::vat_and_pit_exempt, day)->id, "t1000");
    EXPECT_EQ(rates.threshold(ThresholdKind::vat_and_pit_exempt, day, Day::from(2026, 4, 28))->id, "t500");
    EXPECT_EQ(rates.threshold(ThresholdKind::vat_and_pit_exempt, day, Day::from(2026, 4, 29))->id, "t1000");
    EXPECT_EQ(rates.threshold(ThresholdKind::vat_and_pit_exempt, day, Day::from(2025, 1, 1)).error().code, Errc::rate_missing);
}

TEST(RateBook, ChoosesTheFormByTheEndOfThePeriod)
{
    auto const rates = sample_rates();
    EXPECT_EQ(rates.form_version("01/CNKD", Day::from(2025, 12, 31))->version, "TT40/2021");
    EXPECT_EQ(rates.form_version("01/CNKD", Day::from(2026, 3, 31))->version, "TT18/2026");
    EXPECT_EQ(rates.form_version("01/CNKD", Day::from(2026, 6, 30))->version, "TT50/2026");
    EXPECT_EQ(rates.form_version("01/CNKD", Day::from(2026, 1, 31)).error().code, Errc::form_version_missing);
    EXPECT_EQ(rates.form_version("99/X", Day::from(2026, 6, 30)).error().code, Errc::form_version_missing);
}

}  // namespace
}  // namespace cho40::etax
