#include "qr-pay/order_code.h"
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cho40::qr_pay {
namespace {

TEST(CheckCharacter, AgreesWithPublishedVectors)
{
    EXPECT_EQ(check_character_37_36("HL7A4K3M9X"), 'S');
    EXPECT_EQ(check_character_37_36("QN4B8T2R6W"), 'H');
    EXPECT_EQ(check_character_37_36("A12425GABC1234002"), 'M');  // the example of the Global Release Identifier
    EXPECT_EQ(check_character_37_36("CQ7K2M4X"), '7');
}

TEST(OrderCode, DrawnCodesAreReadableAndParse)
{
    std::set<OrderCode> drawn;
    for (int i = 0; i < 1000; ++i) {
        auto const code = OrderCode::draw(system_random());
        EXPECT_EQ(code.text().size(), OrderCode::length);
        EXPECT_EQ(code.text().find_first_of("ILOU01"), std::string::npos) << code.text();
        auto const again = OrderCode::parse(code.text());
        ASSERT_TRUE(again) << code.text();
        EXPECT_EQ(*again, code);
        drawn.insert(code);
    }
    EXPECT_GT(drawn.size(), 990u);
}

// Gives the bytes it was told, then zeros.
struct FixedRandom final : Random {
    std::vector<std::uint8_t> bytes;
    std::size_t at = 0;
    void fill(std::uint8_t* out, std::size_t size) override
    {
        for (std::size_t i = 0; i < size; ++i) out[i] = at < bytes.size() ? bytes[at++] : 0;
    }
};

TEST(OrderCode, DrawsAgainWhenTheCheckCharacterIsNotReadable)
{
    // Each first draw below that ends in an unreadable check character must be thrown away.
    int again = 0;
    for (std::uint8_t last = 0; last < 30; ++last) {
        FixedRandom random;
        random.bytes = {0, 0, 0, 0, 0, last, 5, 17, 0, 18, 2, 27};  // second draw: 7K2M4X
        auto const code = OrderCode::draw(random);
        ASSERT_TRUE(OrderCode::parse(code.text()));
        if (code.text() == "CQ7K2M4X7") ++again;
    }
    EXPECT_GT(again, 0);
    EXPECT_LT(again, 15);
}

TEST(OrderCode, BytesThatWouldFavourSomeCharactersAreSkipped)
{
    FixedRandom random;
    random.bytes = {255, 5, 240, 17, 0, 18, 2, 27};
    EXPECT_EQ(OrderCode::draw(random).text(), "CQ7K2M4X7");
}

TEST(OrderCode, RefusesWhatItWouldNotWrite)
{
    for (auto const* text :
         {"", "CQ7K2M4X", "cq7k2m4x7", "CQ7K2M4XK", "CQ7K2 M4X7", "AB7K2M4XJ", "CQ7K2M4X72", "CQ7O2M4XJ", "CQ7K2M4\xC4\x90"}) {
        auto const code = OrderCode::parse(text);
        ASSERT_FALSE(code) << text;
        EXPECT_EQ(code.error().code, Errc::invalid_input);
    }
}

RC_GTEST_PROP(OrderCode, NoticesEverySingleWrongCharacter, ())
{
    auto text = OrderCode::draw(system_random()).text();
    auto const at = *rc::gen::inRange<std::size_t>(2, OrderCode::length);
    auto const other = *rc::gen::elementOf(std::string(OrderCode::alphabet));
    RC_PRE(text[at] != other);
    text[at] = other;
    RC_ASSERT(!OrderCode::parse(text));
}

}  // namespace
}  // namespace cho40::qr_pay
