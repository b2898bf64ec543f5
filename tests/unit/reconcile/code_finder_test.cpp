#include "reconcile/code_finder.h"
#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace cho40::reconcile {
namespace {

using Codes = std::vector<std::string_view>;

TEST(CodeFinder, FindsWholeCodesOnly)
{
    CodeFinder const finder({"CQAAAA111", "CQBBBB222", "SHORT"}, 6);
    EXPECT_EQ(finder.find("MBVCB3278907687CQAAAA111FT2426"), Codes({"CQAAAA111"}));
    EXPECT_EQ(finder.find("CQBBBB222CQAAAA111CQBBBB222"), Codes({"CQAAAA111", "CQBBBB222"}));
    EXPECT_EQ(finder.find("CQAAAA11"), Codes());
    EXPECT_EQ(finder.find("SHORT"), Codes()) << "too short to be looked for";
    EXPECT_EQ(finder.find(""), Codes());
}

TEST(CodeFinder, LongestLeavesOutWhatIsInsideALongerOne)
{
    CodeFinder const finder({"BATCHA", "BATCHA2", "ATCH"}, 4);
    EXPECT_EQ(finder.find("XBATCHA2"), Codes({"ATCH", "BATCHA", "BATCHA2"}));
    EXPECT_EQ(finder.find_longest("XBATCHA2"), Codes({"BATCHA2"}));
    EXPECT_EQ(finder.find_longest("BATCHA2BATCHA"), Codes({"BATCHA", "BATCHA2"}));
}

TEST(CodeFinder, AgreesWithSearchingForEachCode)
{
    auto const ok = rc::check([] {
        auto const letter = rc::gen::element('A', 'B', '1');
        auto const words = *rc::gen::container<std::vector<std::string>>(rc::gen::container<std::string>(letter));
        auto const text = *rc::gen::container<std::string>(letter);
        std::vector<std::string_view> expected;
        for (std::string_view word : words) {
            if (word.size() >= 3 && text.find(word) != text.npos) expected.push_back(word);
        }
        std::sort(expected.begin(), expected.end());
        expected.erase(std::unique(expected.begin(), expected.end()), expected.end());
        RC_ASSERT(CodeFinder({words.begin(), words.end()}, 3).find(text) == expected);
    });
    EXPECT_TRUE(ok);
}

}  // namespace
}  // namespace cho40::reconcile
