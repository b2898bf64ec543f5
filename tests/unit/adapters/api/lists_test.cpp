#include "adapters/api/lists.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using Names = std::vector<std::string_view>;

struct FixedClock final : Clock {
    [[nodiscard]] Instant now() const override { return *parse_rfc3339("2026-11-22T03:15:30Z"); }
};

class Lists : public testing::Test {
protected:
    Lists() { request_.path = "/v1/things"; }

    static nlohmann::json shown(http::Response const& response) { return nlohmann::json::parse(response.body_text()); }
    // The position as the next request brings it.
    void turn_to(std::vector<std::string> const& position) { request_.query.push_back({"cursor", cursors_.write(request_, position)}); }

    FixedClock clock_;
    http::Cursors cursors_{Secret("a key of thirty-two bytes, or so"), clock_};
    http::Request request_;
    Instant now_ = clock_.now();
};

TEST(NamesIn, KeepsEmptyNamesForTheCallerToRefuse)
{
    EXPECT_EQ(names_in("paid,overpaid"), (Names{"paid", "overpaid"}));
    EXPECT_EQ(names_in("paid"), Names{"paid"});
    EXPECT_EQ(names_in(""), Names{""});
    EXPECT_EQ(names_in("paid,"), (Names{"paid", ""}));
    EXPECT_EQ(names_in(",,"), (Names{"", "", ""}));
}

TEST(CutTo, SaysWhetherThereIsMore)
{
    std::vector<int> rows{1, 2, 3};
    EXPECT_FALSE(cut_to(rows, 3));
    EXPECT_EQ(rows.size(), 3U);
    EXPECT_TRUE(cut_to(rows, 2));
    EXPECT_EQ(rows, (std::vector<int>{1, 2}));
}

TEST_F(Lists, BeginBehindTheIdOfTheCursor)
{
    EXPECT_EQ(*id_before(request_, cursors_), std::nullopt);
    Uuid id;
    id.bytes[3] = 7;
    turn_to({id.to_string()});
    EXPECT_EQ(*id_before(request_, cursors_), id);
}

TEST_F(Lists, RefuseACursorThatHoldsNoId)
{
    turn_to({"the third one"});
    auto const refused = id_before(request_, cursors_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::invalid_cursor);
    EXPECT_EQ(refused.error().pointer, "#query/cursor");
}

TEST_F(Lists, SayWhyTheyAreEmptyInTheLanguageOfTheReader)
{
    WhyEmpty const why{"no_thing_yet", "Chưa có gì.", "Nothing yet."};
    auto const list = [&](nlohmann::json data) { return shown(list_response(request_, std::move(data), std::nullopt, now_, why)); };
    EXPECT_EQ(list(nlohmann::json::array())["why_empty"], (nlohmann::json{{"code", "no_thing_yet"}, {"text", "Chưa có gì."}}));
    request_.language = http::Language::en;
    EXPECT_EQ(list(nlohmann::json::array())["why_empty"]["text"], "Nothing yet.");
    EXPECT_FALSE(list({1}).contains("why_empty"));
    EXPECT_FALSE(shown(list_response(request_, nlohmann::json::array(), std::nullopt, now_, std::nullopt)).contains("why_empty"));
}

TEST_F(Lists, NameTheNextPageTwice)
{
    auto const response = list_response(request_, {1, 2}, "c0", now_, std::nullopt);
    EXPECT_EQ(shown(response), (nlohmann::json{{"data", {1, 2}},
                                               {"page", {{"has_more", true}, {"next", "c0"}, {"prev", nullptr}}},
                                               {"as_of", "2026-11-22T03:15:30.000Z"}}));
    EXPECT_EQ(response.headers.get("Link"), "</v1/things?cursor=c0>; rel=\"next\"");
}

}  // namespace
}  // namespace cho40::api
