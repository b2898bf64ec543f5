#include "adapters/postgres/error.h"
#include <gtest/gtest.h>

namespace cho40::postgres {
namespace {

struct Case {
    char const* sqlstate;
    Outcome outcome;
    Errc code;
};

// The table of what an answer means, row by row, and the words the domain hears.
constexpr Case cases[] = {
    {"40001", Outcome::retry_now, Errc::unavailable},   {"40P01", Outcome::retry_now, Errc::unavailable},
    {"55P03", Outcome::retry_later, Errc::unavailable}, {"57014", Outcome::retry_later, Errc::unavailable},
    {"25006", Outcome::standby, Errc::unavailable},     {"53000", Outcome::no_room, Errc::unavailable},
    {"53100", Outcome::no_room, Errc::unavailable},     {"53200", Outcome::no_room, Errc::unavailable},
    {"53300", Outcome::no_room, Errc::unavailable},     {"57P03", Outcome::not_up, Errc::unavailable},
    {"08000", Outcome::unknown, Errc::unavailable},     {"08006", Outcome::unknown, Errc::unavailable},
    {"57P01", Outcome::unknown, Errc::unavailable},     {"57P02", Outcome::unknown, Errc::unavailable},
    {"40003", Outcome::unknown, Errc::unavailable},     {"", Outcome::unknown, Errc::unavailable},
    {"23505", Outcome::refused, Errc::stale},           {"23503", Outcome::refused, Errc::internal_error},
    {"23514", Outcome::refused, Errc::internal_error},  {"22003", Outcome::refused, Errc::internal_error},
    {"LB001", Outcome::refused, Errc::internal_error},  {"42P01", Outcome::refused, Errc::internal_error},
    {"57000", Outcome::refused, Errc::internal_error},  {"40002", Outcome::refused, Errc::internal_error},
};

class Classify : public testing::TestWithParam<Case> {};

TEST_P(Classify, FollowsTheTable)
{
    auto const& c = GetParam();
    EXPECT_EQ(classify(c.sqlstate), c.outcome) << outcome_name(classify(c.sqlstate));
    DbError const error(classify(c.sqlstate), c.sqlstate, "item_insert: the name Nguyễn Thị Hoa is taken");
    EXPECT_EQ(to_error(error).code, c.code);
    EXPECT_EQ(to_error(error).detail.find("Hoa"), std::string::npos) << "what the server says stays in the log";
}

INSTANTIATE_TEST_SUITE_P(Table, Classify, testing::ValuesIn(cases), [](auto const& info) {
    std::string const state = info.param.sqlstate;
    return state.empty() ? std::string("none") : state;
});

TEST(DbError, SaysWhetherSomethingMayHaveHappened)
{
    for (auto outcome : {Outcome::refused, Outcome::retry_now, Outcome::retry_later, Outcome::standby, Outcome::no_room, Outcome::not_up})
        EXPECT_TRUE(DbError(outcome, "", "").nothing_happened()) << outcome_name(outcome);
    EXPECT_FALSE(DbError(Outcome::unknown, "", "").nothing_happened());
    EXPECT_FALSE(DbError(Outcome::refused, "", "").worth_retrying());
}

TEST(DbError, SomeCondemnTheWholeServer)
{
    for (auto state : {"57P01", "57P03", "08006", "25006"}) EXPECT_TRUE(condemns_server(DbError(classify(state), state, "")));
    for (auto state : {"57014", "40001", "23505", ""}) EXPECT_FALSE(condemns_server(DbError(classify(state), state, "")));
}

}  // namespace
}  // namespace cho40::postgres
