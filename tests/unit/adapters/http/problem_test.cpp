#include "adapters/http/problem.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>

namespace cho40::http {
namespace {

using nlohmann::json;

TEST(Problem, EveryCodeMakesAWholeProblemInBothLanguages)
{
    std::set<std::string> names;
    for (auto const& row : all_problems()) {
        for (auto language : {Language::vi, Language::en}) {
            auto const response = problem_response(Error(row.code, "what is wrong"), {"/v1/x", "req_1", language, {}, {}});
            auto const body = json::parse(response.body_text());
            EXPECT_EQ(response.status, row.status);
            EXPECT_EQ(body["status"], row.status);
            EXPECT_EQ(body["code"], errc_name(row.code));
            EXPECT_EQ(body["type"], "https://docs.cho40.example/problems/" + std::string(errc_name(row.code)));
            EXPECT_EQ(body["title"], language == Language::vi ? row.title_vi : row.title_en);
            EXPECT_EQ(body["instance"], "/v1/x");
            EXPECT_EQ(body["request_id"], "req_1");
            EXPECT_FALSE(body["detail"].get<std::string>().empty());
            EXPECT_EQ(response.headers.get("Content-Language"), language == Language::vi ? "vi" : "en");
            EXPECT_EQ(response.headers.has("Retry-After"), body["retry"].contains("after_seconds"));
            if (row.status == 429 || row.status == 503) { EXPECT_TRUE(response.headers.has("Retry-After")); }
        }
        names.insert(std::string(errc_name(row.code)));
    }
    EXPECT_EQ(names.size(), all_problems().size());
}

TEST(Problem, ListsAllFieldsWithPointersAndLimits)
{
    Error error(Errc::validation_failed, "2 fields are wrong");
    error.fields = {{"/amount/amount", Errc::too_large, "must be at most 20000", "Tối đa 20000.", 20000},
                    {"/note", Errc::required, "required", "", {}}};
    auto const vietnamese = json::parse(problem_response(error, {"/", "r", Language::vi, {}, {}}).body_text());
    auto const english = json::parse(problem_response(error, {"/", "r", Language::en, {}, {}}).body_text());

    EXPECT_EQ(vietnamese["errors"], json::parse(R"([{"pointer":"/amount/amount","code":"too_large","detail":"Tối đa 20000.","limit":20000},
        {"pointer":"/note","code":"required","detail":"Thiếu trường bắt buộc"}])"));
    EXPECT_EQ(english["errors"][0]["detail"], "must be at most 20000");
}

TEST(Problem, InternalErrorsKeepTheirReasonInside)
{
    for (auto code : {Errc::internal_error, Errc::books_broken, Errc::invalid_config}) {
        auto const response = problem_response(Error(code, "SELECT secret FROM x", "/etc/passwd"), {"/", "r", Language::en, {}, {}});
        EXPECT_EQ(response.body_text().find("secret"), std::string_view::npos);
        EXPECT_EQ(response.body_text().find("passwd"), std::string_view::npos);
    }
}

TEST(Problem, CarriesTheRestOfAWindowAndTheCurrentVersion)
{
    auto const limited = problem_response(Error(Errc::rate_limited, ""), {"/", "r", Language::vi, 17, {}});
    EXPECT_EQ(limited.headers.get("Retry-After"), "17");
    EXPECT_EQ(json::parse(limited.body_text())["retry"], json::parse(R"({"advice":"retry_after","after_seconds":17})"));
    auto const stale = problem_response(Error(Errc::version_mismatch, ""), {"/", "r", Language::vi, {}, 9});
    EXPECT_EQ(json::parse(stale.body_text())["current_version"], 9);
}

}  // namespace
}  // namespace cho40::http
