#include "tests/model/rehearsal.h"
#include "tests/model/report.h"
#include "tests/model/shrink.h"
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace cho40::tests::model {
namespace {

constexpr std::size_t commands = 200;

// A thousand runs of a few hundred commands; tests/model/run makes more and longer ones.
class Seeds : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Seeds, TheLedgerAndTheModelAgree)
{
    for (auto seed = GetParam(); seed < GetParam() + 50; ++seed) {
        auto const plan = make_plan(seed, commands);
        auto const difference = rehearse_in_memory(plan);
        ASSERT_FALSE(difference) << report(plan, commands, *difference);
    }
}

INSTANTIATE_TEST_SUITE_P(Fifty, Seeds, testing::Range<std::uint64_t>(1, 1001, 50));

TEST(Plan, FollowsFromItsSeed)
{
    EXPECT_EQ(to_cpp(make_plan(7, 300)), to_cpp(make_plan(7, 300)));
    EXPECT_NE(to_cpp(make_plan(7, 300)), to_cpp(make_plan(8, 300)));
}

// A mistake planted in the model stands for one in the engine: it must be found soon, and boil down to what it takes.
struct Planted {
    char const* name;
    Plant plant;
    std::size_t steps;  // that it takes at most
};

class Mistake : public testing::TestWithParam<Planted> {};

TEST_P(Mistake, IsFoundAndBoilsDownToAHandfulOfCommands)
{
    auto const& planted = GetParam();
    auto const fails = [&](Plan const& plan) { return rehearse_in_memory(plan, planted.plant).has_value(); };
    std::uint64_t seed = 1;
    while (seed <= 40 && !fails(make_plan(seed, commands))) ++seed;
    ASSERT_LE(seed, 40u) << "nobody noticed";
    auto const small = shrink(make_plan(seed, commands), fails);
    EXPECT_TRUE(fails(small));
    EXPECT_LE(small.steps.size(), planted.steps) << to_cpp(small);
    EXPECT_FALSE(rehearse_in_memory(small)) << "without the mistake it is a case like any other";
}

INSTANTIATE_TEST_SUITE_P(Table, Mistake,
                         testing::Values(Planted{"held amounts do not count", Plant::forgets_held_amounts, 4},
                                         Planted{"an account stays closed", Plant::forgets_to_reopen, 4}),
                         [](auto const& param) {
                             return std::string(param.param.plant == Plant::forgets_held_amounts ? "Held" : "Reopen");
                         });

// What seeds have found, shrunk.
struct Found {
    char const* what;
    Plan plan;
};

class Once : public testing::TestWithParam<Found> {};

TEST_P(Once, AndNeverAgain)
{
    auto const difference = rehearse_in_memory(GetParam().plan);
    EXPECT_FALSE(difference) << GetParam().what << ": " << *difference;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Once,
    testing::Values(
        Found{"a void told another amount passed, and stood for any amount when it was told again",
              Plan{.seed = 405,
                   .sizes = {.batch_max = 8, .overlap_from = 1, .queue_max = 1000, .remembered = 100'000},
                   .steps = {{.what = What::submit, .open = {{.account = 4, .floor = 0}, {.account = 10}}},
                             {.what = What::submit, .moves = {{.id = {1, 0}, .kind = 2, .debit = 4, .credit = 10, .amount = 178}}},
                             {.what = What::submit, .moves = {{.id = {2, 0}, .kind = 4, .pending = {1, 0}}}}}}},
        Found{"the code of what ends a pending transfer is the pending one's",
              Plan{.seed = 0,
                   .sizes = {},
                   .steps = {{.what = What::submit, .open = {{.account = 1}, {.account = 2}}},
                             {.what = What::submit, .moves = {{.id = {1, 0}, .kind = 2, .debit = 1, .credit = 2, .amount = 5}}},
                             {.what = What::submit, .moves = {{.id = {2, 0}, .kind = 3, .amount = 0, .pending = {1, 0}, .code = 112}}}}}}));

}  // namespace
}  // namespace cho40::tests::model
