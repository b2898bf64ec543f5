#include "tests/support/source_tree.h"
#include "tests/unit/apps/cli/run_cli.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cho40 {
namespace {

using nlohmann::json;
using tests::run_cli;

TEST(CliFee, AssessAnswersEachRequestInItsPlace)
{
    auto const answer = run_cli("fee assess", R"([{"fee_code":"BR_REG","channel":"counter","day":"2026-11-22","id":"a"},)"
                                              R"({"fee_code":"NO_SUCH","day":"2026-11-22","id":"b"}])");
    EXPECT_EQ(answer.exit_code, 1);
    auto const lines = json::parse(answer.output);
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0].at("id"), "a");
    EXPECT_GT(lines[0].at("due_vnd").get<int>(), 0);
    EXPECT_FALSE(lines[0].at("explanation_vi").get<std::string>().empty());
    EXPECT_EQ(lines[1].at("id"), "b");
    EXPECT_EQ(lines[1].at("error").at("code"), "fee_unknown");
}

TEST(CliFee, AssessRefusesWhatIsNotPlainJson)
{
    struct Case {
        char const* what;
        char const* input;
        int exit;
        char const* says;
    };
    Case const cases[] = {
        {"not JSON", "BR_REG", 2, "invalid_json"},
        {"cut off", R"({"fee_code":"BR_REG")", 2, "invalid_json"},
        {"a member twice", R"({"fee_code":"BR_REG","fee_code":"PP_NEW"})", 2, "invalid_json"},
        {"a number", "5", 2, "object"},
        {"a fraction of a person", R"({"fee_code":"BR_REG","quantity":1.5})", 2, "not valid"},
        {"nothing", "", 2, "invalid_json"},
    };
    for (auto const& c : cases) {
        auto const answer = run_cli("fee assess", c.input);
        EXPECT_EQ(answer.exit_code, c.exit) << c.what;
        EXPECT_NE(answer.messages.find(c.says), std::string::npos) << c.what << ": " << answer.messages;
    }
}

TEST(CliTax, ComputeAnswersAllPublishedCases)
{
    auto const file = tests::source_tree() / "etax/data/tax-rates.json";
    std::ifstream in(file);
    auto const published = json::parse(in).at("test_cases");
    ASSERT_GT(published.size(), 5u);
    auto const answer = run_cli("tax compute", published.dump());
    EXPECT_EQ(answer.exit_code, 0) << answer.messages;
    auto const computed = json::parse(answer.output);
    ASSERT_EQ(computed.size(), published.size());
    for (std::size_t i = 0; i < published.size(); ++i) {
        for (auto const* figure : {"vat", "pit"}) {
            if (published[i].contains(figure))
                EXPECT_EQ(computed[i].at(figure), published[i].at(figure)) << published[i].at("id") << " " << figure;
        }
        EXPECT_FALSE(computed[i].at("why").get<std::string>().empty());
    }
}

TEST(CliTax, ComputeSaysWhatIsWrongAndWhere)
{
    auto const wrong = run_cli("tax compute", R"({"year":2026,"method":"revenue","lines":[{"group":"a","revenue":-5}]})");
    EXPECT_EQ(wrong.exit_code, 2);
    EXPECT_EQ(wrong.output, "");
    EXPECT_NE(wrong.messages.find("/lines/0/revenue"), std::string::npos) << wrong.messages;
}

}  // namespace
}  // namespace cho40
