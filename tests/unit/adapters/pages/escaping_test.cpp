#include "base/text.h"
#include "tests/unit/adapters/pages/markup.h"
#include "tests/unit/adapters/pages/sample_views.h"
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cho40::pages {
namespace {

// The bones of a page: its elements and attribute names, without any text.
std::string bones(Markup const& markup)
{
    std::string text;
    for (auto const& element : markup.elements) {
        text += '<' + element.name;
        for (auto const& [name, value] : element.attributes) text += ' ' + name;
        text += '>';
    }
    return text;
}

constexpr char const* attacks[] = {"<script>alert(1)</script>",
                                   "\"><img src=x onerror=alert(1)>",
                                   "' onmouseover='alert(1)",
                                   "\" autofocus onfocus=\"alert(1)",
                                   "</title><script>",
                                   "</script>",
                                   "javascript:alert(1)",
                                   "&lt;b&gt;",
                                   "&#60;b&#62;",
                                   "<!--",
                                   "-->",
                                   "]]>",
                                   "//evil.example/",
                                   "/../../etc/passwd",
                                   "a\"b'c<d>e&f",
                                   "\xff\xfe<\x80>",
                                   "\x01\x1b[31m",
                                   "%3Cscript%3E",
                                   "{{7*7}}",
                                   "${7*7}",
                                   "\r\nSet-Cookie: a=b",
                                   "\xE2\x80\xAE<b>"};

TEST(Escaping, AttacksLeaveEveryPageItsBones)
{
    for (auto const language : {Language::vi, Language::en}) {
        auto const plain = sample_pages(language, [](std::string) { return std::string("plain"); });
        std::vector<std::string> wanted;
        for (auto const& page : plain) wanted.push_back(bones(read_markup(page.bytes)));
        for (auto const* attack : attacks) {
            auto const pages = sample_pages(language, [&](std::string) { return std::string(attack); });
            ASSERT_EQ(pages.size(), plain.size());
            for (std::size_t i = 0; i < pages.size(); ++i) {
                auto const markup = read_markup(pages[i].bytes);
                ASSERT_EQ(markup.fault, "") << pages[i].name << " with " << attack;
                ASSERT_EQ(bones(markup), wanted[i]) << pages[i].name << " with " << attack;
                ASSERT_TRUE(is_valid_utf8(pages[i].bytes)) << pages[i].name;
            }
        }
    }
}

RC_GTEST_PROP(EscapingProperty, NoStringOfAnySortReachesThePageAsMarkup, ())
{
    auto const hostile = rc::gen::container<std::string>(
        rc::gen::oneOf(rc::gen::element('<', '>', '"', '\'', '&', '/', '=', ' ', '\0', '\n', '\x80', '\xff'), rc::gen::arbitrary<char>()));
    auto const attack = *hostile;
    RC_PRE(!attack.empty());
    auto const language = *rc::gen::element(Language::vi, Language::en);
    static auto const plain_vi = sample_pages(Language::vi, [](std::string) { return std::string("plain"); });
    static auto const plain_en = sample_pages(Language::en, [](std::string) { return std::string("plain"); });
    auto const& plain = language == Language::vi ? plain_vi : plain_en;
    // One page a case: the pages share their parts, and a hundred cases reach nearly all.
    auto const which = *rc::gen::inRange<std::size_t>(0, plain.size());
    auto const page = sample_pages(language, [&](std::string) { return attack; }, static_cast<int>(which));
    auto const markup = read_markup(page.at(0).bytes);
    RC_ASSERT(markup.fault == "");
    RC_ASSERT(bones(markup) == bones(read_markup(plain[which].bytes)));
}

RC_GTEST_PROP(EscapingProperty, EscapedTextHoldsNoSpecialCharacterAndIsUtf8, (std::string plain))
{
    auto const escaped = escape(plain);
    RC_ASSERT(escaped.find_first_of("<>\"'") == std::string::npos);
    RC_ASSERT(is_valid_utf8(escaped));
    for (auto at = escaped.find('&'); at != std::string::npos; at = escaped.find('&', at + 1)) {
        auto const rest = std::string_view(escaped).substr(at);
        RC_ASSERT(rest.starts_with("&amp;") || rest.starts_with("&lt;") || rest.starts_with("&gt;") || rest.starts_with("&quot;") ||
                  rest.starts_with("&#39;"));
    }
}

}  // namespace
}  // namespace cho40::pages
