#include "qr-pay/balance_gaps.h"
#include <gtest/gtest.h>
#include <random>
#include <rapidcheck/gtest.h>

namespace cho40::qr_pay {
namespace {

using namespace std::chrono_literals;

Instant const morning = Day::from(2026, 11, 22).begin() + 9h;

// A transfer at a second of the morning; below zero is money out.
ToldBalance told(int second, std::int64_t amount, std::int64_t balance, std::string id = {})
{
    static int number = 0;
    if (id.empty()) id = std::to_string(++number);
    return {std::move(id), morning + std::chrono::seconds(second), amount < 0 ? Direction::out : Direction::in, Dong(std::abs(amount)),
            Dong(balance)};
}

// "100>120 +20": the balances on both sides, and what is missing.
std::vector<std::string> written(std::vector<BalanceGap> const& gaps)
{
    std::vector<std::string> out;
    for (auto const& gap : gaps) {
        auto const sum = gap.missing.count();
        out.push_back(std::to_string(gap.last.after()) + ">" + std::to_string(gap.first.before()) + (sum < 0 ? " " : " +") +
                      std::to_string(sum));
    }
    return out;
}

struct Case {
    char const* name;
    std::vector<ToldBalance> told;
    std::vector<std::string> gaps;
};
void PrintTo(Case const& row, std::ostream* out) { *out << row.name; }

class BalanceGaps : public testing::TestWithParam<Case> {};
TEST_P(BalanceGaps, AreFoundWhateverTheOrderOfArrival)
{
    auto told = GetParam().told;
    std::mt19937 dice(7);
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(written(find_balance_gaps(told)), GetParam().gaps);
        std::ranges::shuffle(told, dice);
    }
}

Instant const midnight = Day::from(2026, 11, 22).begin();
ToldBalance on_the_day(std::int64_t amount, std::int64_t balance, std::string id)
{
    auto transfer = told(0, amount, balance, std::move(id));
    transfer.booked_at = midnight;
    return transfer;
}

INSTANTIATE_TEST_SUITE_P(
    Rows, BalanceGaps,
    testing::Values(
        Case{"nothing", {}, {}}, Case{"one", {told(1, 10, 110)}, {}},
        Case{"whole", {told(1, 10, 110), told(2, 20, 130), told(3, -30, 100), told(4, 5, 105)}, {}},
        Case{"one_lost", {told(1, 10, 110), told(3, 30, 160)}, {"110>130 +20"}},
        Case{"two_lost_one_after_the_other", {told(1, 10, 110), told(9, 30, 190)}, {"110>160 +50"}},
        Case{"two_gaps", {told(1, 10, 110), told(3, 30, 160), told(5, 5, 175)}, {"110>130 +20", "160>170 +10"}},
        Case{"money_out_lost", {told(1, -10, 110), told(3, 30, 90)}, {"110>60 -50"}},
        Case{"a_rail_that_tells_of_money_in_alone", {told(1, 10, 110), told(3, 30, 90), told(4, 10, 130)}, {"90>120 +30"}},
        Case{"one_second_in_no_order", {told(1, 10, 110), told(1, 20, 130), told(1, 30, 160), told(1, -60, 100), told(1, 1, 101)}, {}},
        Case{"one_second_with_a_loss", {told(1, 10, 110), told(2, 30, 160), told(2, 5, 135), told(3, 1, 161)}, {"110>130 +20"}},
        Case{"balances_that_come_again", {told(1, 10, 110), told(2, -10, 100), told(3, 10, 110), told(4, -10, 100), told(5, 10, 110)}, {}},
        Case{"a_loss_among_balances_that_come_again",
             {told(1, 10, 110), told(2, -10, 100), told(60, 10, 110), told(300, 10, 110), told(301, -10, 100)},
             {"110>100 -10"}},
        Case{"there_and_back_in_one_second", {told(1, 10, 100), told(2, 10, 110), told(2, -10, 100), told(3, 30, 130)}, {}},
        Case{"there_and_back_first", {told(2, 10, 110), told(2, -10, 100), told(3, 30, 130)}, {}},
        Case{"two_clocks", {told(5, 10, 110), told(3, 20, 130), told(8, 1, 131)}, {}},
        Case{"told_twice", {told(1, 10, 110, "a"), told(1, 10, 110, "a"), told(2, 5, 115)}, {}},
        Case{"told_twice_the_second_time_by_day", {told(1, 10, 110, "a"), on_the_day(10, 110, "a"), told(2, 5, 115)}, {}},
        Case{"filled_by_a_list_of_days", {told(1, 10, 110), on_the_day(20, 130, "late"), told(3, 30, 160)}, {}},
        Case{"days_alone", {on_the_day(20, 130, "b"), on_the_day(10, 110, "a"), on_the_day(30, 160, "c")}, {}},
        Case{"days_alone_with_a_loss", {on_the_day(10, 110, "a"), on_the_day(30, 160, "c")}, {"110>130 +20"}}),
    [](auto const& info) { return info.param.name; });

// A day of one account: amounts, and seconds that rise or stay.
struct Chain {
    std::vector<ToldBalance> told;
};
Chain chain(std::size_t count, std::int64_t amount_max, int pause_max)
{
    Chain made;
    std::int64_t balance = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000);
    int second = 1;
    for (std::size_t i = 0; i < count; ++i) {
        auto amount = *rc::gen::inRange<std::int64_t>(1, amount_max + 1);
        if (*rc::gen::inRange(0, 3) == 0) amount = -amount;
        balance += amount;
        second += *rc::gen::inRange(0, pause_max + 1);
        made.told.push_back(told(second, amount, balance));
    }
    return made;
}

std::vector<ToldBalance> shuffled(std::vector<ToldBalance> told)
{
    std::mt19937 dice(*rc::gen::arbitrary<unsigned>());
    std::ranges::shuffle(told, dice);
    return told;
}

RC_GTEST_PROP(BalanceGapsOf, AWholeChainAreNone, ())
{
    // Small amounts and many of one second: balances come again, and in all orders.
    auto const made = chain(*rc::gen::inRange<std::size_t>(0, 60), *rc::gen::element<std::int64_t>(1, 3, 1000),
                            *rc::gen::element(0, 1, 500));
    RC_ASSERT(written(find_balance_gaps(shuffled(made.told))).empty());
}

RC_GTEST_PROP(BalanceGapsOf, AChainWithLossesAreExactlyTheLosses, ())
{
    // Amounts so large that no balance comes again by chance; times that all differ, so that the order is known.
    auto const made = chain(*rc::gen::inRange<std::size_t>(3, 60), 1'000'000'000'000, 400);
    auto all = made.told;
    for (std::size_t i = 0; i < all.size(); ++i) all[i].booked_at += std::chrono::milliseconds(i);
    std::vector<ToldBalance> left{all.front()};
    std::vector<std::string> lost;
    for (std::size_t i = 1; i + 1 < all.size(); ++i) {
        if (*rc::gen::inRange(0, 4) > 0) left.push_back(all[i]);
    }
    left.push_back(all.back());
    bool const tells_of_money_out = std::ranges::any_of(left, [](auto const& t) { return t.direction == Direction::out; });
    for (std::size_t i = 1; i < left.size(); ++i) {
        auto const missing = left[i].before() - left[i - 1].after();
        if (missing == 0 || (missing < 0 && !tells_of_money_out)) continue;
        lost.push_back(std::to_string(left[i - 1].after()) + ">" + std::to_string(left[i].before()) + (missing < 0 ? " " : " +") +
                       std::to_string(missing));
    }
    RC_ASSERT(written(find_balance_gaps(shuffled(left))) == lost);
}

RC_GTEST_PROP(BalanceGapsOf, AnythingDoNotDependOnTheOrder, ())
{
    auto made = chain(*rc::gen::inRange<std::size_t>(0, 40), *rc::gen::element<std::int64_t>(2, 50), *rc::gen::element(0, 1, 100));
    std::erase_if(made.told, [](auto const&) { return *rc::gen::inRange(0, 4) == 0; });
    RC_ASSERT(written(find_balance_gaps(shuffled(made.told))) == written(find_balance_gaps(shuffled(made.told))));
}

}  // namespace
}  // namespace cho40::qr_pay
