#include "base/uuid.h"
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cho40 {
namespace {

TEST(Uuid, Version7SortsByTimeAndSaysSo)
{
    auto const early = make_uuid7(Instant(std::chrono::milliseconds(1000)), system_random());
    auto const late = make_uuid7(Instant(std::chrono::milliseconds(1001)), system_random());
    EXPECT_LT(early, late);
    EXPECT_EQ(early.to_string()[14], '7');
    EXPECT_NE(early, make_uuid7(Instant(std::chrono::milliseconds(1000)), system_random()));
}

TEST(Uuid, DerivedIdsDependOnEveryPartAndItsBorders)
{
    EXPECT_EQ(make_derived_uuid({"a", "b"}), make_derived_uuid({"a", "b"}));
    EXPECT_NE(make_derived_uuid({"a", "b"}), make_derived_uuid({"ab"}));
    EXPECT_NE(make_derived_uuid({"a", "b"}), make_derived_uuid({"ab", ""}));
}

TEST(Uuid, WhatFollowsFromAnIdIsOfItsTime)
{
    auto const first = make_uuid7(Instant(std::chrono::milliseconds(1'795'000'000'000)), system_random());
    auto const next = make_following_uuid(first, "expire");
    EXPECT_EQ(next, make_following_uuid(first, "expire"));
    EXPECT_NE(next, make_following_uuid(first, "post"));
    EXPECT_EQ(next.to_string().substr(0, 15), first.to_string().substr(0, 15));  // time and version
    auto const name_based = make_derived_uuid({"a"});
    EXPECT_EQ(make_following_uuid(name_based, "expire").to_string()[14], '8');
}

RC_GTEST_PROP(Uuid, BothTextFormsKeepEveryBit, (std::array<std::uint8_t, 16> bytes))
{
    Uuid const id{bytes};
    RC_ASSERT(Uuid::from_string(id.to_string()) == id);
    RC_ASSERT(Uuid::from_base32(id.to_base32()) == id);
}

TEST(Uuid, TextThatWeDidNotWriteIsRefused)
{
    EXPECT_FALSE(Uuid::from_base32("01JD2W6X3K9Q7M5V8T4R2N0ABC"));  // upper case
    EXPECT_FALSE(Uuid::from_base32("81jd2w6x3k9q7m5v8t4r2n0abc"));  // more than 128 bits
    EXPECT_FALSE(Uuid::from_base32("01jd2w6x3k9q7m5v8t4r2n0ab"));
    EXPECT_FALSE(Uuid::from_string("01234567-89ab-cdef-0123-456789abcdeg"));
}

}  // namespace
}  // namespace cho40
