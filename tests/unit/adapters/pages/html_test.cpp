#include "adapters/pages/html.h"
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cho40::pages {
namespace {

using namespace h;

// There is no way from a string to Html but text().
static_assert(!std::is_constructible_v<Html, std::string>);
static_assert(!std::is_constructible_v<Html, char const*>);
static_assert(!std::is_assignable_v<Html&, std::string>);
static_assert(!std::is_constructible_v<Url, std::string>);
static_assert(!std::is_invocable_v<decltype([](auto const& v) -> decltype(href = v) { return href = v; }), std::string>);

TEST(Html, EscapesTextAndAttributes)
{
    EXPECT_EQ(p(cls = "a\"b", "1 < 2 & 3", strong("x")).bytes(), "<p class=\"a&quot;b\">1 &lt; 2 &amp; 3<strong>x</strong></p>");
    EXPECT_EQ(input(type = "text", required(), hidden(false)).bytes(), "<input type=\"text\" required>");
    EXPECT_EQ(ul(std::vector<Html>{li("1"), li("2")}).bytes(), "<ul><li>1</li><li>2</li></ul>");
    EXPECT_EQ(escape("\x07\x7f"), "\xEF\xBF\xBD\xEF\xBF\xBD");
    EXPECT_EQ(escape("a\n\tb"), "a\n\tb");
    EXPECT_EQ(escape("đồng"), "đồng");
}

TEST(Url, StaysOnThisServer)
{
    EXPECT_EQ(Url::path({}).bytes(), "/");
    EXPECT_EQ(Url::path({"pay", "K7M2"}).bytes(), "/pay/K7M2");
    EXPECT_EQ(Url::path({"vendor", ""}).bytes(), "/vendor/");
    EXPECT_EQ(Url::path({"", "evil.example"}).bytes(), "/");
    EXPECT_EQ(Url::path({"pay", "../admin"}).bytes(), "/pay/..%2Fadmin");
    EXPECT_EQ(Url::path({"pay", ".."}).bytes(), "/");
    EXPECT_EQ(Url::path({"pay", "..", "x"}).bytes(), "/");
    EXPECT_EQ(Url::path({"pay", "a?b#c"}).with("x", "1&y=2").with("lang", "en").bytes(), "/pay/a%3Fb%23c?x=1%26y%3D2&lang=en");
    EXPECT_EQ(Url::phone("+84 203-380 0800;x").bytes(), "tel:+842033800800");
    EXPECT_EQ(Url::path({"chợ"}).bytes(), "/ch%E1%BB%A3");
}

RC_GTEST_PROP(UrlProperty, NothingTypedLeavesItsPlace, (std::string a, std::string b))
{
    auto const bytes = Url::path({a, b}).with("q", a).bytes();
    RC_ASSERT(bytes[0] == '/' && (bytes.size() == 1 || bytes[1] != '/'));
    RC_ASSERT(std::count(bytes.begin(), bytes.end(), '?') == 1);
    RC_ASSERT(bytes.find_first_of("\"'<>\\ #:@") == std::string::npos);
    RC_ASSERT(bytes.find("/../") == std::string::npos);
}

}  // namespace
}  // namespace cho40::pages
