#include "fees/quote.h"
#include "tests/unit/fees/tables_for_tests.h"
#include <algorithm>

namespace cho40::fees {
namespace {

using namespace literals;

constexpr Day today = Day::from(2026, 11, 22);

std::vector<AssessedLine> lines_of(std::vector<std::string> const& codes)
{
    LinesOrder order;
    order.day = today;
    for (auto const& code : codes) {
        LineOrder line;
        line.fee_code = code;
        order.lines.push_back(std::move(line));
    }
    auto lines = assess_lines(embedded_tables(), order);
    EXPECT_TRUE(lines);
    return *lines;
}

std::vector<std::string> codes(std::vector<Rate const*> const& rates)
{
    std::vector<std::string> out;
    for (auto const* rate : rates) out.push_back(rate->fee_code);
    return out;
}

TEST(Quote, SumsFeesAndChargesApart)
{
    auto const totals = totals_of(lines_of({"BR_REG", "BR_PUB"}));
    ASSERT_TRUE(totals);
    EXPECT_EQ(totals->le_phi, 25'000_vnd);
    EXPECT_EQ(totals->phi, 100'000_vnd);
    EXPECT_EQ(totals->all, 125'000_vnd);
    EXPECT_TRUE(totals->payable_online);
}

TEST(Quote, ASumWithAnUnknownLineIsNotKnownAndNeverFree)
{
    auto const totals = totals_of(lines_of({"HB_REG", "BR_PUB", "ID_FIRST"}));
    ASSERT_TRUE(totals);
    EXPECT_FALSE(totals->le_phi);
    EXPECT_EQ(totals->phi, 100'000_vnd);
    EXPECT_FALSE(totals->all);
    EXPECT_FALSE(totals->payable_online);
}

TEST(Quote, FindsFeesWithoutAccentsOnceEachAndNeverPrices)
{
    EXPECT_EQ(codes(find_fees(embedded_tables(), "ho chieu pho thong", today)), (std::vector<std::string>{"PP_NEW", "PP_LOST"}));
    EXPECT_EQ(codes(find_fees(embedded_tables(), "3.000333", today)), (std::vector<std::string>{"CR_STD", "CR_EXTRA"}));
    EXPECT_TRUE(find_fees(embedded_tables(), "gian hang ban tai cho", today).empty());
    EXPECT_TRUE(find_fees(embedded_tables(), "môn bài", today).empty()) << "abolished";
    auto const all = codes(find_fees(embedded_tables(), "", today));
    EXPECT_EQ(std::ranges::find(all, "MKT_STALL"), all.end());
    EXPECT_EQ(std::ranges::count(all, "PP_NEW"), 1);
}

TEST(Quote, AsksForWhatTheUnitCounts)
{
    auto const asks = [](char const* code) { return asks_of(embedded_tables().rates_on(code, today).at(0)->unit); };
    EXPECT_TRUE(asks("CERT_COPY").pages && asks("CERT_COPY").quantity);
    EXPECT_FALSE(asks("CERT_SIGN").quantity) << "one sum for the case";
    EXPECT_TRUE(asks("NOT_VAL").value);
    EXPECT_FALSE(asks("REG_EV").value) << "0 % of whatever";
    EXPECT_TRUE(asks("VISA_90").exchange_rate);
    auto const nothing = asks("HB_REG");
    EXPECT_FALSE(nothing.quantity || nothing.pages || nothing.value || nothing.exchange_rate);
}

TEST(Quote, OnlyGroupsForWhomSomethingIsLessAreAskedAbout)
{
    auto const keys = [](std::vector<std::string> const& of, Day day) {
        std::vector<std::string> out;
        for (auto const* group : groups_that_matter(embedded_tables(), of, day)) out.push_back(group->key);
        return out;
    };
    EXPECT_EQ(keys({"PP_NEW"}, today), (std::vector<std::string>{"digital_citizen"}));
    EXPECT_TRUE(keys({"PP_NEW"}, Day::from(2027, 3, 1)).empty());
    EXPECT_TRUE(keys({"ENFORCE"}, today).empty()) << "who that is stands in a circular";
    auto const of_residence = keys({"RES_PERM", "PP_NEW"}, today);
    EXPECT_NE(std::ranges::find(of_residence, "children"), of_residence.end());
}

}  // namespace
}  // namespace cho40::fees
