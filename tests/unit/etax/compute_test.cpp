#include "etax/compute.h"
#include "etax/year.h"
#include "tests/unit/etax/sample_rates.h"
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cho40::etax {
namespace {

ActivityRevenue line(std::string group, std::int64_t revenue, bool cut = false)
{
    return {"", std::move(group), Dong(revenue), Dong(), Dong(), cut};
}

ComputeInput quarter(unsigned q, std::vector<ActivityRevenue> lines, std::vector<ActivityRevenue> earlier = {})
{
    return {.period = *Period::quarter(2026, q),
            .lines = std::move(lines),
            .earlier = std::move(earlier),
            .expenses = Dong(),
            .allocation = {},
            .known_on = {}};
}

TEST(Compute, TakesTheDeductionFromTheHighestRateFirst)
{
    auto const tax = *compute(quarter(3, {line("a", 420'000'000), line("d", 180'000'000)}, {line("a", 700'000'000)}), sample_rates());
    EXPECT_TRUE(tax.file);
    EXPECT_EQ(tax.vat, Dong(9'600'000));
    EXPECT_EQ(tax.pit, Dong(1'500'000));
    EXPECT_EQ(tax.lines[0].deducted, Dong(120'000'000));
    EXPECT_EQ(tax.lines[1].deducted, Dong(180'000'000));
    EXPECT_EQ(tax.rules, (std::vector<std::string>{"t1000", "a", "d"}));
}

TEST(Compute, OwesNothingUpToTheThreshold)
{
    auto const tax = *compute(quarter(1, {line("a", 1'000'000'000)}), sample_rates());
    EXPECT_FALSE(tax.file);
    EXPECT_EQ(tax.vat, Dong());
    EXPECT_EQ(tax.pit, Dong());
}

TEST(Compute, LeavesOutWhatIsOutsideVat)
{
    auto input = quarter(1, {line("b", 2'000'000'000)});
    input.lines[0].outside_vat = Dong(1'500'000'000);
    input.lines[0].zero_rated = Dong(100'000'000);
    auto const tax = *compute(input, sample_rates());
    EXPECT_EQ(tax.vat, Dong(20'000'000));            // 5 % of 400 million
    EXPECT_EQ(tax.lines[0].pit_revenue, Dong(2'000'000'000));
}

TEST(Compute, CutsVatOnlyForGoodsOfTheScheme)
{
    auto const tax = *compute(quarter(1, {line("a", 2'000'000'000, true), line("d", 1'000'000, false)}), sample_rates());
    EXPECT_EQ(tax.lines[0].vat, Dong(16'000'000));
    EXPECT_EQ(tax.lines[1].vat, Dong(30'000));
    EXPECT_EQ(tax.rules.back(), "cut");
}

TEST(Compute, MeasuresRentOfRealEstateApart)
{
    auto const tax = *compute(quarter(1, {line("a", 900'000'000), line("re", 1'100'000'000)}), sample_rates());
    EXPECT_EQ(tax.lines[0].vat, Dong());
    EXPECT_EQ(tax.lines[1].vat, Dong(55'000'000));
    EXPECT_EQ(tax.lines[1].pit, Dong(5'000'000));
}

TEST(Compute, TaxesTheWholeRevenueUnderTheOldLaw)
{
    ComputeInput input{.period = *Period::of_year(2025),
                       .lines = {line("1", 120'000'000)},
                       .earlier = {},
                       .expenses = Dong(),
                       .allocation = {},
                       .known_on = {}};
    auto const tax = *compute(input, sample_rates());
    EXPECT_EQ(tax.vat, Dong(1'200'000));
    EXPECT_EQ(tax.pit, Dong(600'000));
    EXPECT_EQ(tax.deducted, Dong());
}

TEST(Compute, ReplaysTheLawAsItWasKnown)
{
    auto input = quarter(1, {line("a", 600'000'000)});
    EXPECT_FALSE(compute(input, sample_rates())->file);
    input.known_on = Day::from(2026, 4, 1);
    EXPECT_TRUE(compute(input, sample_rates())->file);
}

TEST(Compute, ProvisionalPitOfTheIncomeMethodHasNoDeduction)
{
    auto input = quarter(1, {line("a", 2'000'000'000)});
    input.method = Method::income;
    EXPECT_EQ(compute(input, sample_rates())->pit, Dong(10'000'000));
}

TEST(Compute, SaysWhenTheIncomeMethodBecomesCompulsory)
{
    EXPECT_TRUE(compute(quarter(1, {line("a", 3'000'000'001)}), sample_rates())->must_use_income_next_year);
    EXPECT_FALSE(compute(quarter(1, {line("a", 3'000'000'000)}), sample_rates())->must_use_income_next_year);
}

TEST(Compute, RefusesBadInputAndSaysWhere)
{
    struct Row {
        ComputeInput input;
        Errc code;
        char const* at;
    };
    auto outside = quarter(1, {line("a", 10)});
    outside.lines[0].outside_vat = Dong(11);
    auto year = quarter(1, {line("a", 1)}, {line("a", 1)});
    year.period = *Period::of_year(2026);
    auto income = quarter(1, {line("1", 1)});
    income.period = *Period::quarter(2025, 1);
    income.method = Method::income;
    for (auto const& row :
         {Row{quarter(1, {}), Errc::invalid_input, "/lines"},
          Row{quarter(1, {line("a", 1), line("z", 1)}), Errc::tax_group_unknown, "/lines/1/group"},
          Row{quarter(1, {line("1", 1)}), Errc::rate_missing, "/lines/0/group"},
          Row{quarter(1, {line("a", -1)}), Errc::invalid_input, "/lines/0/revenue"}, Row{outside, Errc::invalid_input, "/lines/0/revenue"},
          Row{year, Errc::invalid_input, "/earlier"}, Row{income, Errc::rate_missing, ""},
          Row{quarter(1, {line("a", INT64_MAX), line("a", 1)}), Errc::amount_overflow, ""}}) {
        auto const tax = compute(row.input, sample_rates());
        ASSERT_FALSE(tax) << row.at;
        EXPECT_EQ(tax.error().code, row.code) << tax.error().detail;
        EXPECT_EQ(tax.error().pointer, row.at);
    }
}

TEST(ComputeYear, FindsWhatWasPaidTooMuch)
{
    YearInput input{.year = 2026,
                    .periods = {{line("a", 100'000'000)}, {line("a", 100'000'000)}, {line("a", 1)}, {line("a", 0)}},
                    .expects_above = true,
                    .allocation = {},
                    .known_on = {}};
    auto const year = *compute_year(input, sample_rates());
    EXPECT_EQ(year.vat, Dong(2'000'000));
    EXPECT_EQ(year.overpaid, Dong(2'000'000));
    EXPECT_TRUE(year.periods[3].file);
}

TEST(ComputeYear, CatchesUpWithVatOfEarlierQuartersInEveryRow)
{
    YearInput input{.year = 2026,
                    .periods = {{line("a", 600'000'000), line("d", 100'000'000)}, {line("a", 500'000'000)}},
                    .first_vat_scope = FirstVatScope::ytd_catch_up,
                    .allocation = {},
                    .known_on = {}};
    auto const year = *compute_year(input, sample_rates());
    ASSERT_EQ(year.periods[1].lines.size(), 2u);  // the row (d) of the first quarter comes back for its VAT
    EXPECT_EQ(year.periods[1].vat, Dong(11'000'000 + 3'000'000));
    EXPECT_EQ(year.periods[1].lines[1].pit_revenue, Dong());
    EXPECT_EQ(year.periods[1].pit, Dong(1'000'000));
}

// Any quarters a market household could have.
YearInput any_year()
{
    YearInput input{.year = 2026, .periods = {}, .allocation = {}, .known_on = {}};
    auto const count = *rc::gen::inRange(1, 5);
    for (int q = 0; q < count; ++q) {
        std::vector<ActivityRevenue> lines;
        auto const n = *rc::gen::inRange(1, 5);
        for (int i = 0; i < n; ++i) {
            lines.push_back(line(*rc::gen::element<std::string>("a", "b", "d"), *rc::gen::inRange<std::int64_t>(0, 2'000'000'000),
                                 *rc::gen::arbitrary<bool>()));
        }
        input.periods.push_back(std::move(lines));
    }
    input.expects_above = *rc::gen::arbitrary<bool>();
    if (*rc::gen::arbitrary<bool>()) input.first_vat_scope = FirstVatScope::ytd_catch_up;
    if (*rc::gen::arbitrary<bool>()) input.allocation = {*rc::gen::element<std::string>("a", "b", "d")};
    return input;
}

RC_GTEST_PROP(ComputeProperty, TotalsAreTheSumsOfTheirLines, ())
{
    auto const year = *compute_year(any_year(), sample_rates());
    for (auto const& tax : year.periods) {
        std::int64_t vat = 0, pit = 0, deducted = 0;
        for (auto const& l : tax.lines) {
            vat += l.vat.count();
            pit += l.pit.count();
            deducted += l.deducted.count();
            RC_ASSERT(l.deducted >= Dong());
            RC_ASSERT(l.deducted <= l.pit_revenue);
        }
        RC_ASSERT(vat == tax.vat.count());
        RC_ASSERT(pit == tax.pit.count());
        RC_ASSERT(deducted == tax.deducted.count());
    }
}

RC_GTEST_PROP(ComputeProperty, AYearNeverDeductsMoreThanOneBillion, ())
{
    RC_ASSERT(compute_year(any_year(), sample_rates())->deducted <= Dong(1'000'000'000));
}

RC_GTEST_PROP(ComputeProperty, APeriodThatNeedNotFileOwesNothing, ())
{
    auto const year = *compute_year(any_year(), sample_rates());
    for (auto const& tax : year.periods) RC_ASSERT(tax.file || (tax.vat.is_zero() && tax.pit.is_zero()));
}

RC_GTEST_PROP(ComputeProperty, MoreRevenueNeverMeansLessTax, ())
{
    auto input = quarter(
        2, {line("a", *rc::gen::inRange<std::int64_t>(0, 3'000'000'000)), line("d", *rc::gen::inRange<std::int64_t>(0, 3'000'000'000))},
        {line("b", *rc::gen::inRange<std::int64_t>(0, 2'000'000'000))});
    auto const less = *compute(input, sample_rates());
    auto& grown = input.lines[*rc::gen::inRange<std::size_t>(0, 2)];
    grown.revenue = Dong(grown.revenue.count() + *rc::gen::inRange<std::int64_t>(0, 1'000'000'000));
    auto const more = *compute(input, sample_rates());
    RC_ASSERT(more.vat >= less.vat);
    // Each of the two rows is rounded by itself, so moving the deduction between rows may cost half a đồng each.
    RC_ASSERT(more.pit.count() >= less.pit.count() - 1);
}

RC_GTEST_PROP(ComputeProperty, NoOtherAllocationIsMoreFavourable, ())
{
    auto input = quarter(1, {line("a", *rc::gen::inRange<std::int64_t>(0, 3'000'000'000)),
                             line("b", *rc::gen::inRange<std::int64_t>(0, 3'000'000'000)),
                             line("d", *rc::gen::inRange<std::int64_t>(0, 3'000'000'000))});
    auto const best = *compute(input, sample_rates());
    input.allocation = {*rc::gen::element<std::string>("a", "b", "d"), *rc::gen::element<std::string>("a", "b", "d")};
    RC_ASSERT(compute(input, sample_rates())->pit.count() >= best.pit.count() - 2);
}

}  // namespace
}  // namespace cho40::etax
