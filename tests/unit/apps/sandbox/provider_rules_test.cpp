#include "adapters/rails/rail.h"
#include "apps/sandbox/provider_rules.h"
#include <gtest/gtest.h>
#include <numeric>
#include <vector>

namespace cho40::sandbox {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using enum Verdict;

std::vector<seconds> schedule_of(std::string_view rail)
{
    std::vector<seconds> pauses;
    seconds passed{0};
    for (int tries = 1;; ++tries) {
        auto const pause = pause_after(rules_of(rail), tries, passed);
        if (!pause) return pauses;
        pauses.push_back(*pause);
        passed += *pause;
    }
}

TEST(SandboxProviderRules, EveryRailHasItsOwn)
{
    for (auto const* rail : rails::all_rails()) {
        auto const& rules = rules_of(rail->name());
        EXPECT_EQ(rules.rail, rail->name());
        EXPECT_GE(schedule_of(rail->name()).size(), 3u) << rail->name();
    }
}

TEST(SandboxProviderRules, TheSchedulesThatArePublished)
{
    std::vector<seconds> const sepay{minutes(1), minutes(1), minutes(2), minutes(3), minutes(5), minutes(8), minutes(13)};
    EXPECT_EQ(schedule_of("sepay"), sepay);
    EXPECT_EQ(schedule_of("vnpay"), std::vector<seconds>(10, minutes(5)));
    EXPECT_EQ(schedule_of("zalopay").size(), 3u);
    auto const vietqr = schedule_of("vietqr");
    EXPECT_EQ(vietqr.size(), 9u);  // ten tries
    EXPECT_LT(std::accumulate(vietqr.begin(), vietqr.begin() + 4, seconds(0)), seconds(60));
    EXPECT_EQ(vietqr.back(), seconds(60));
}

TEST(SandboxProviderRules, SePayGivesUpAfterFiveHours)
{
    EXPECT_TRUE(pause_after(rules_of("sepay"), 7, std::chrono::hours(4)));
    EXPECT_FALSE(pause_after(rules_of("sepay"), 7, std::chrono::hours(5)));
    EXPECT_EQ(rules_of("sepay").patience, seconds(30));
    EXPECT_EQ(rules_of("momo").patience, seconds(15));
}

TEST(SandboxProviderRules, WhoIsContentWithWhat)
{
    struct Row {
        char const* rail;
        int status;
        char const* body;
        Verdict verdict;
    };
    for (auto const& row : {Row{"sepay", 200, R"({"success":true})", content},
                            Row{"sepay", 201, R"({"success":true,"more":1})", content},
                            Row{"sepay", 200, R"({"success":"true"})", again},
                            Row{"sepay", 200, "", again},
                            Row{"sepay", 202, R"({"success":true})", again},
                            Row{"sepay", 401, R"({"success":false})", again},
                            Row{"sepay", 0, "", again},
                            Row{"vnpay", 200, R"({"RspCode":"00"})", content},
                            Row{"vnpay", 200, R"({"RspCode":"02"})", content},
                            Row{"vnpay", 200, R"({"RspCode":"01"})", again},
                            Row{"vnpay", 200, R"({"RspCode":"04"})", again},
                            Row{"vnpay", 200, R"({"RspCode":"97"})", again},
                            Row{"vnpay", 200, R"({"RspCode":"99"})", again},
                            Row{"vnpay", 200, R"({"RspCode":0})", again},
                            Row{"vnpay", 500, R"({"RspCode":"00"})", again},
                            Row{"momo", 204, "", content},
                            Row{"momo", 200, "", again},
                            Row{"momo", 401, "{}", again},
                            Row{"zalopay", 200, R"({"return_code":1})", content},
                            Row{"zalopay", 200, R"({"return_code":2})", content},
                            Row{"zalopay", 200, R"({"return_code":0})", again},
                            Row{"zalopay", 200, R"({"return_code":-1})", gives_up},
                            Row{"zalopay", 502, "Bad Gateway", again},
                            Row{"vietqr", 200, R"({"error":false})", content},
                            Row{"vietqr", 200, R"({"error":true})", gives_up},
                            Row{"vietqr", 400, R"({"error":true})", gives_up},
                            Row{"vietqr", 401, R"({"error":true})", again},
                            Row{"vietqr", 503, "", again},
                            Row{"payos", 200, "", content},
                            Row{"payos", 204, "", content},
                            Row{"payos", 422, "{}", gives_up},
                            Row{"payos", 408, "{}", again},
                            Row{"payos", 429, "{}", again},
                            Row{"payos", 503, "{}", again},
                            Row{"payos", 0, "", again},
                            Row{"casso", 200, R"({"success":true})", content},
                            Row{"casso", 401, "{}", gives_up},
                            Row{"casso", 503, "{}", again}}) {
        EXPECT_EQ(verdict_on(rules_of(row.rail), row.status, row.body), row.verdict) << row.rail << " " << row.status << " " << row.body;
    }
}

// What the service answers is what the provider takes for success: the two sides were written from the same documents, apart.
TEST(SandboxProviderRules, EachIsContentWithWhatItsAdapterAnswers)
{
    for (auto const* rail : rails::all_rails()) {
        for (auto const outcome : {rails::Outcome::recorded, rails::Outcome::repeated, rails::Outcome::order_settled}) {
            auto const reply = rail->accepted(rails::Taken(outcome, "crd_x"));
            EXPECT_EQ(verdict_on(rules_of(rail->name()), reply.status, reply.body), content) << rail->name();
        }
        auto const later = rail->refused(Error(Errc::unavailable, "x"));
        EXPECT_EQ(verdict_on(rules_of(rail->name()), later.status, later.body), again) << rail->name();
    }
}

}  // namespace
}  // namespace cho40::sandbox
