#include "base/short_text.h"
#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace cho40 {
namespace {

TEST(ShortText, IsTheTextItWasGivenWhateverItsLength)
{
    for (std::size_t size : {0U, 1U, 15U, 16U, 17U, 40U, 5000U}) {
        std::string text;
        for (std::size_t i = 0; i < size; ++i) text += static_cast<char>(i);  // zero bytes too
        ShortText const made(text);
        EXPECT_EQ(made.view(), text);
        EXPECT_EQ(made.size(), size);
        EXPECT_EQ(made.empty(), size == 0);
    }
}

TEST(ShortText, CopiesMovesAndComparesAsTheTextDoes)
{
    EXPECT_TRUE(rc::check([](std::string const& a, std::string const& b) {
        ShortText x(a);
        ShortText y = x;
        RC_ASSERT(y == a);
        RC_ASSERT((ShortText(a) <=> ShortText(b)) == (a <=> b));
        RC_ASSERT((ShortText(a) == b) == (a == b));
        y = ShortText(b);
        RC_ASSERT(x == a);
        RC_ASSERT(y == b);
        ShortText z = std::move(x);
        RC_ASSERT(z == a);
        auto const& same = z;
        z = same;
        RC_ASSERT(z == a);
        RC_ASSERT("<" + z + ">" == "<" + a + ">");
    }));
}

}  // namespace
}  // namespace cho40
