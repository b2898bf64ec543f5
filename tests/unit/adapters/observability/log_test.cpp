#include "adapters/observability/log.h"
#include <gtest/gtest.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

namespace cho40::observability {
namespace {

struct FixedClock final : Clock {
    [[nodiscard]] Instant now() const override { return *parse_rfc3339("2026-11-22T03:15:30.120Z"); }
};

TEST(Log, WritesOneJsonObjectALine)
{
    FixedClock const clock;
    std::string out;
    Log const log(clock, Level::info, [&](std::string_view line) { out += line; });

    log.write(Level::info, "payment.paid", "req_1", {{"amount", 45000}, {"ratio", 0.5}, {"live", true}, {"stall", "Bà \"Thế\"\n"}});
    log.debug("not.shown");
    log.warning("short");

    EXPECT_EQ(out, "{\"level\":\"info\",\"time\":\"2026-11-22T03:15:30.120Z\",\"event\":\"payment.paid\",\"request_id\":\"req_1\","
                   "\"amount\":45000,\"ratio\":0.5,\"live\":true,\"stall\":\"Bà \\\"Thế\\\"\\u000a\"}\n"
                   "{\"level\":\"warning\",\"time\":\"2026-11-22T03:15:30.120Z\",\"event\":\"short\"}\n");
}

RC_GTEST_PROP(Log, AnyBytesComeOutAsJson, ())
{
    auto const noise = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    FixedClock const clock;
    std::string out;
    Log const log(clock, Level::debug, [&](std::string_view line) { out += line; });

    log.write(Level::error, noise, noise, {{"text", noise}, {"nan", std::numeric_limits<double>::quiet_NaN()}});

    RC_ASSERT(out.find('\n') == out.size() - 1);
    auto const parsed = nlohmann::json::parse(out, nullptr, false);
    RC_ASSERT(!parsed.is_discarded());
    RC_ASSERT(parsed["nan"].is_null());
}

TEST(Log, LevelsHaveNames)
{
    EXPECT_EQ(*parse_level("warning"), Level::warning);
    EXPECT_EQ(parse_level("WARN").error().code, Errc::invalid_config);
}

TEST(Log, AClosedDescriptorLosesTheLineAndNothingElse)
{
    FixedClock const clock;
    Log const log(clock, Level::info, to_descriptor(-1));
    log.info("nobody.listens");
}

}  // namespace
}  // namespace cho40::observability
