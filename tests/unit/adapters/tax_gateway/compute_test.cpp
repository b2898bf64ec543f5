#include "adapters/tax_gateway/rates_json.h"
#include "adapters/tax_gateway/tax_json.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cho40::tax_gateway {
namespace {

using nlohmann::json;

// Every member of `expected` stands in `actual` with the same value.
void expect_contains(json const& actual, json const& expected, std::string const& where)
{
    if (expected.is_object()) {
        for (auto const& [name, value] : expected.items()) {
            ASSERT_TRUE(actual.contains(name)) << where << '/' << name;
            expect_contains(actual[name], value, where + '/' + name);
        }
    } else if (expected.is_array()) {
        ASSERT_EQ(actual.size(), expected.size()) << where;
        for (std::size_t i = 0; i < expected.size(); ++i) expect_contains(actual[i], expected[i], where + '/' + std::to_string(i));
    } else {
        EXPECT_EQ(actual, expected) << where;
    }
}

TEST(TaxCompute, AnswersEveryTestCaseOfTheRateFile)
{
    auto const file = json::parse(etax::embedded_rate_file());
    ASSERT_EQ(file["test_cases"].size(), 17u);
    for (auto expected : file["test_cases"]) {
        auto question = expected;
        for (auto const* answer : {"vat", "pit", "expected", "why", "shifted_due", "days", "interest", "payable"}) question.erase(answer);
        expected.erase("why");
        auto const answer = compute_case(question, embedded_rates(), WorkingDays::embedded());
        auto const id = expected["id"].get<std::string>();
        ASSERT_TRUE(answer) << id << ": " << answer.error().detail << answer.error().pointer;
        expect_contains(json::parse(answer->dump()), expected, id);
        EXPECT_TRUE(answer->contains("rules")) << id;
        EXPECT_FALSE((*answer)["why"].get<std::string>().empty()) << id;
    }
}

TEST(TaxCompute, RefusesWithTheCodeAndThePlace)
{
    struct Row {
        char const* text;
        Errc code;
        char const* at;
    };
    for (auto const& row :
         {Row{R"([])", Errc::invalid_input, ""}, Row{R"({"lines":[]})", Errc::invalid_input, "/year"},
          Row{R"({"year":2026})", Errc::invalid_input, "/lines"},
          Row{R"({"year":2026,"lines":[{"group":"a","revenue":1.5}]})", Errc::invalid_input, "/lines/0/revenue"},
          Row{R"({"year":2026,"lines":[{"group":"a","revenue":-5}]})", Errc::invalid_input, "/lines/0/revenue"},
          Row{R"({"year":2026,"lines":[{"group":"z","revenue":5}]})", Errc::tax_group_unknown, "/lines/0/group"},
          Row{R"({"year":2026,"lines":[{"group":"1","revenue":5}]})", Errc::rate_missing, "/lines/0/group"},
          Row{R"({"year":2026,"vat_reducton":true,"lines":[{"group":"a","revenue":5}]})", Errc::unknown_field, "/vat_reducton"},
          Row{R"({"year":2026,"quarters":[{"a":1},{"a":1},{"a":1},{"a":1},{"a":1}]})", Errc::invalid_input, "/quarters"},
          Row{R"({"year":2026,"quarters":[{"a":"1"}]})", Errc::invalid_input, "/quarters/0/a"},
          Row{R"({"period":"2026-Q7","lines":[]})", Errc::invalid_period, ""},
          Row{R"({"kind":"late","tax":1,"due":"2026-02-30","paid":"2026-03-01"})", Errc::invalid_date, "/due"},
          Row{R"({"kind":"other"})", Errc::invalid_input, "/kind"}}) {
        auto const answer = compute_case(json::parse(row.text), embedded_rates(), WorkingDays::embedded());
        ASSERT_FALSE(answer) << row.text;
        EXPECT_EQ(answer.error().code, row.code) << row.text << answer.error().detail;
        EXPECT_EQ(answer.error().pointer, row.at) << row.text;
    }
}

TEST(TaxCompute, ComputesOnePeriodWithWhatWentBefore)
{
    auto const question = json::parse(R"({"period":"2026-Q3","earlier":[{"group":"a","revenue":700000000}],
        "lines":[{"group":"a","revenue":420000000},{"group":"d","revenue":180000000}]})");
    auto const answer = *compute_case(question, embedded_rates(), WorkingDays::embedded());
    EXPECT_EQ(answer["vat"], 9600000);
    EXPECT_EQ(answer["pit"], 1500000);
    EXPECT_EQ(answer["deduction"]["d"], 180000000);
    EXPECT_EQ(answer["rules"], json({"t1000", "r2026-a", "r2026-d"}));
}

}  // namespace
}  // namespace cho40::tax_gateway
