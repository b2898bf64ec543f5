#include "adapters/pages/assets.h"
#include <cstdio>
#include <gtest/gtest.h>
#include <memory>

namespace cho40::pages {
namespace {

TEST(Assets, AddressesCarryTheHashOfTheContent)
{
    ASSERT_EQ(assets().size(), 3u);
    for (auto const& asset : assets()) {
        EXPECT_TRUE(asset.url.bytes().starts_with("/assets/"));
        EXPECT_FALSE(asset.bytes.empty());
    }
    EXPECT_EQ(assets()[0].url.bytes(), asset_urls().style.bytes());
    EXPECT_TRUE(asset_urls().script.bytes().ends_with(".js"));
}

// screens.md §6.6: 12 kB of style and 20 kB of script, compressed. Uncompressed they are smaller than twice that.
TEST(Assets, StayWithinTheirBudget)
{
    EXPECT_LT(assets()[0].bytes.size(), 24u * 1024);
    EXPECT_LT(assets()[1].bytes.size(), 8u * 1024);
}

TEST(Assets, NothingComesFromElsewhere)
{
    for (auto const& asset : assets()) {
        if (asset.content_type == "image/svg+xml") continue;  // its name space is an address nobody fetches
        EXPECT_EQ(asset.bytes.find("http:"), std::string_view::npos) << asset.url.bytes();
        EXPECT_EQ(asset.bytes.find("https:"), std::string_view::npos) << asset.url.bytes();
        EXPECT_EQ(asset.bytes.find("@import"), std::string_view::npos);
        EXPECT_EQ(asset.bytes.find("innerHTML"), std::string_view::npos) << "trusted types forbid it";
    }
}

}  // namespace
}  // namespace cho40::pages
