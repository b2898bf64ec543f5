#include "adapters/postgres/types.h"
#include <cstring>
#include <endian.h>
#include <limits>
#include <stdexcept>

namespace cho40::postgres {
namespace {

constexpr std::chrono::sys_days postgres_epoch = std::chrono::year(2000) / 1 / 1;

std::uint64_t be_value(std::string_view bytes)
{
    std::uint64_t value = 0;
    for (char c : bytes) value = (value << 8) | static_cast<unsigned char>(c);
    return value;
}

}  // namespace

void append_be16(std::string& out, std::uint16_t value)
{
    value = htobe16(value);
    out.append(reinterpret_cast<char const*>(&value), sizeof value);
}

void append_be32(std::string& out, std::uint32_t value)
{
    value = htobe32(value);
    out.append(reinterpret_cast<char const*>(&value), sizeof value);
}

void append_be64(std::string& out, std::uint64_t value)
{
    value = htobe64(value);
    out.append(reinterpret_cast<char const*>(&value), sizeof value);
}

void wrong_value(char const* why) { throw std::logic_error(why); }

std::int64_t read_integer(std::string_view bytes, Oid type)
{
    if (type == oid::int8 && bytes.size() == 8) return static_cast<std::int64_t>(be_value(bytes));
    if (type == oid::int4 && bytes.size() == 4) return static_cast<std::int32_t>(be_value(bytes));
    if (type == oid::int2 && bytes.size() == 2) return static_cast<std::int16_t>(be_value(bytes));
    wrong_value("is not an int2, int4 or int8");
}

std::string_view read_text(std::string_view bytes, Oid type)
{
    switch (type) {
    case oid::text:
    case oid::varchar:
    case oid::bpchar:
    case oid::name:
    case oid::json:
    case oid::unknown: return bytes;
    default: wrong_value("is not text");
    }
}

std::string_view expect_type(std::string_view bytes, Oid type, Oid wanted, std::size_t size)
{
    if (type != wanted) wrong_value("has another type");
    if (bytes.size() != size) wrong_value("has a wrong length");
    return bytes;
}

Sha256 PgType<Sha256>::read(std::string_view b, Oid t)
{
    Sha256 digest;
    std::memcpy(digest.data(), expect_type(b, t, oid::bytea, digest.size()).data(), digest.size());
    return digest;
}

Json PgType<Json>::read(std::string_view b, Oid t)
{
    if (t == oid::json) return Json(std::string(b));
    if (t != oid::jsonb) wrong_value("is not json");
    if (b.empty() || b[0] != '\1') wrong_value("is jsonb of an unknown version");
    return Json(std::string(b.substr(1)));
}

Uuid PgType<Uuid>::read(std::string_view b, Oid t)
{
    Uuid id;
    std::memcpy(id.bytes.data(), expect_type(b, t, oid::uuid, id.bytes.size()).data(), id.bytes.size());
    return id;
}

void PgType<Instant>::write(std::string& out, Instant v)
{
    append_be64(out, static_cast<std::uint64_t>((v - Instant(postgres_epoch)).count()));
}

Instant PgType<Instant>::read(std::string_view b, Oid t)
{
    auto const since = static_cast<std::int64_t>(be_value(expect_type(b, t, oid::timestamptz, 8)));
    if (since == std::numeric_limits<std::int64_t>::max() || since == std::numeric_limits<std::int64_t>::min()) wrong_value("is infinity");
    return Instant(postgres_epoch) + std::chrono::microseconds(since);
}

void PgType<Day>::write(std::string& out, Day v) { append_be32(out, static_cast<std::uint32_t>(v.days_since(Day::from(2000, 1, 1)))); }

Day PgType<Day>::read(std::string_view b, Oid t)
{
    auto const since = static_cast<std::int32_t>(be_value(expect_type(b, t, oid::date, 4)));
    if (since == std::numeric_limits<std::int32_t>::max() || since == std::numeric_limits<std::int32_t>::min()) wrong_value("is infinity");
    return Day::from(2000, 1, 1).plus_days(since);
}

void append_array_header(std::string& out, Oid element_type, std::size_t count, bool has_null)
{
    if (count > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) wrong_value("is too long an array");
    append_be32(out, count == 0 ? 0 : 1);  // dimensions
    append_be32(out, has_null ? 1 : 0);
    append_be32(out, element_type);
    if (count == 0) return;
    append_be32(out, static_cast<std::uint32_t>(count));
    append_be32(out, 1);  // lower bound
}

std::vector<std::optional<std::string_view>> split_array(std::string_view bytes, Oid* element_type)
{
    auto take = [&](std::size_t size) {
        if (bytes.size() < size) wrong_value("is not an array");
        auto const part = bytes.substr(0, size);
        bytes.remove_prefix(size);
        return part;
    };
    auto take32 = [&] { return static_cast<std::uint32_t>(be_value(take(4))); };

    std::vector<std::optional<std::string_view>> elements;
    auto const dimensions = take32();
    if (dimensions > 1) wrong_value("is not an array of one dimension");
    if (take32() > 1) wrong_value("is not an array");
    *element_type = take32();
    if (dimensions == 0) {
        if (!bytes.empty()) wrong_value("is not an array");
        return elements;
    }
    auto const count = take32();
    take32();                                                          // lower bound
    if (count > bytes.size() / 4) wrong_value("is not an array");      // each element has a length of four bytes
    elements.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        auto const length = take32();
        if (length == 0xffffffff) elements.emplace_back(std::nullopt);
        else elements.emplace_back(take(length));
    }
    if (!bytes.empty()) wrong_value("is not an array");
    return elements;
}

}  // namespace cho40::postgres
