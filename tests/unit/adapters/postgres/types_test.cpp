#include "adapters/postgres/params.h"
#include "base/digest.h"
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cho40::postgres {
namespace {

std::string array_of(std::vector<std::optional<std::string>> const& values)
{
    Params params(values);
    auto const& field = params.fields()[0];
    return {params.bytes() + field.offset, static_cast<std::size_t>(field.length)};
}

RC_GTEST_PROP(Arrays, WhatIsWrittenIsRead, (std::vector<std::string> const& texts, std::vector<bool> const& nulls))
{
    std::vector<std::optional<std::string>> values;
    for (std::size_t i = 0; i < texts.size(); ++i) values.push_back(i < nulls.size() && nulls[i] ? std::nullopt : std::optional(texts[i]));
    auto const bytes = array_of(values);
    Oid type = 0;
    auto const read = split_array(bytes, &type);
    RC_ASSERT(type == oid::text);
    RC_ASSERT(read.size() == values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        RC_ASSERT(read[i].has_value() == values[i].has_value());
        if (values[i]) RC_ASSERT(*read[i] == *values[i]);
    }
}

// No bytes make it read outside of them (AddressSanitizer watches): it answers or throws.
RC_GTEST_PROP(Arrays, BrokenBytesAreRefused,
              (std::vector<std::string> const& texts, std::uint16_t at, std::uint8_t with, std::uint16_t cut))
{
    auto bytes = array_of({texts.begin(), texts.end()});
    bytes[at % bytes.size()] = static_cast<char>(with);
    bytes.resize(bytes.size() - cut % (bytes.size() + 1));
    bytes.shrink_to_fit();
    Oid type = 0;
    try {
        for (auto const& element : split_array(bytes, &type)) {
            if (element) RC_ASSERT(element->data() >= bytes.data() && element->data() + element->size() <= bytes.data() + bytes.size());
        }
    } catch (std::logic_error const&) {
    }
}

TEST(Params, KeepTypesLengthsAndNulls)
{
    Params const params(std::int64_t{1}, "ab", std::optional<Uuid>(), std::string(), true);
    std::vector<std::pair<Oid, int>> seen;
    for (auto const& f : params.fields()) seen.emplace_back(f.type, f.length);
    EXPECT_EQ(seen, (std::vector<std::pair<Oid, int>>{{oid::int8, 8}, {oid::text, 2}, {oid::uuid, -1}, {oid::text, 0}, {oid::boolean, 1}}));
}

TEST(Values, TimesCountFromTheYearTwoThousand)
{
    std::string out;
    PgType<Instant>::write(out, *parse_rfc3339("2000-01-01T00:00:01Z"));
    PgType<Day>::write(out, Day::from(1999, 12, 31));
    EXPECT_EQ(to_hex(out), "00000000000f4240ffffffff");
}

TEST(Values, ARowOfAnotherTypeIsRefused)
{
    EXPECT_THROW((void)read_integer("12345678", oid::text), std::logic_error);
    EXPECT_THROW((void)read_integer("1234", oid::int8), std::logic_error);
    EXPECT_THROW((void)PgType<Uuid>::read("short", oid::uuid), std::logic_error);
    EXPECT_THROW((void)PgType<Json>::read("\2{}", oid::jsonb), std::logic_error);
    EXPECT_THROW((void)PgType<Instant>::read(std::string(1, '\x7f') + std::string(7, '\xff'), oid::timestamptz), std::logic_error);
}

}  // namespace
}  // namespace cho40::postgres
