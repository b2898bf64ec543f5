#include "apps/config/config.h"
#include <gtest/gtest.h>

namespace cho40::config {
namespace {

// The two keys nobody can do without, so that only what a test writes can be wrong.
constexpr char const* needed = "[database]\nurl = \"dbname=cho40\"\n[installation]\nkey = \"00\"\n";

Environment environment_of(std::map<std::string, std::string> values)
{
    return [values = std::move(values)](std::string const& name) -> std::optional<std::string> {
        auto const it = values.find(name);
        return it == values.end() ? std::nullopt : std::optional(it->second);
    };
}

Loaded read(std::string const& more, std::map<std::string, std::string> environment = {})
{
    return load(needed + more, environment_of(std::move(environment)));
}

TEST(Config, NamesWhatIsNeededAndMissing)
{
    auto const loaded = load("", environment_of({}));
    ASSERT_EQ(loaded.problems.size(), 2u);
    EXPECT_EQ(loaded.problems[0].key, "database.url");
    EXPECT_EQ(loaded.problems[1].key, "installation.key");
}

TEST(Config, IsARealInstallationUnlessItSaysDemo)
{
    EXPECT_FALSE(read("").config.installation.demo);
    EXPECT_TRUE(read("demo = true\n").config.installation.demo);
    EXPECT_FALSE(read("demo = false\n").config.installation.demo);
}

TEST(Config, TheEnvironmentWinsOverTheFile)
{
    EXPECT_TRUE(read("demo = false\n", {{"CHO40_INSTALLATION_DEMO", "true"}}).config.installation.demo);
    EXPECT_FALSE(read("demo = true\n", {{"CHO40_INSTALLATION_DEMO", "false"}}).config.installation.demo);
    EXPECT_EQ(read("[portal]\npartner = \"A\"\n", {{"CHO40_PORTAL_PARTNER", "B"}}).config.portal.partner, "B");
}

struct Wrong {
    char const* name;
    std::string text;
    std::map<std::string, std::string> environment;
    std::string key, problem;
};

class WrongValues : public testing::TestWithParam<Wrong> {};

TEST_P(WrongValues, AreNamedAndTheDefaultStands)
{
    auto const loaded = read(GetParam().text, GetParam().environment);
    ASSERT_EQ(loaded.problems.size(), 1u);
    EXPECT_EQ(loaded.problems[0].key, GetParam().key);
    EXPECT_EQ(loaded.problems[0].text, GetParam().problem);
    EXPECT_FALSE(loaded.config.installation.demo);
    EXPECT_EQ(loaded.config.etax.poll_seconds, 2);
}

INSTANTIATE_TEST_SUITE_P(
    Config, WrongValues,
    testing::Values(
        Wrong{"text_for_flag", "demo = \"true\"\n", {}, "installation.demo", "expected true or false"},
        Wrong{"number_for_flag", "demo = 1\n", {}, "installation.demo", "expected true or false"},
        Wrong{"word_for_flag", "", {{"CHO40_INSTALLATION_DEMO", "yes"}}, "CHO40_INSTALLATION_DEMO", "expected true or false"},
        Wrong{"zero_for_number", "[etax]\npoll_seconds = 0\n", {}, "etax.poll_seconds", "expected a whole number above zero"},
        Wrong{"text_for_number", "[etax]\npoll_seconds = \"2\"\n", {}, "etax.poll_seconds", "expected a whole number above zero"},
        Wrong{"number_for_text", "[portal]\npartner = 1\n", {}, "portal.partner", "expected a text in quotes"},
        Wrong{"misspelt", "demos = true\n", {}, "installation.demos", "unknown key; the nearest known one is installation.demo"}),
    [](auto const& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace cho40::config
