#pragma once
#include "base/digest.h"
#include "base/dong.h"
#include "base/time.h"
#include "base/uuid.h"
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// How our values look on the wire: PostgreSQL's binary format, one PgType for each C++ type. Params, CopyRows and
// Row all go through it, so a value is written and read by the same few lines.
namespace cho40::postgres {

using Oid = std::uint32_t;

// Bytes that are not text (column type bytea).
struct Bytea {
    Bytea() = default;
    explicit Bytea(std::string b) : bytes(std::move(b)) {}
    std::string bytes;
    friend bool operator==(Bytea const&, Bytea const&) = default;
};

// A JSON document as text (column type jsonb). Whoever writes it has checked it.
struct Json {
    Json() = default;
    explicit Json(std::string t) : text(std::move(t)) {}
    std::string text;
    friend bool operator==(Json const&, Json const&) = default;
};

// Type numbers of pg_type.dat; they never change.
namespace oid {
inline constexpr Oid boolean = 16, bytea = 17, name = 19, int8 = 20, int2 = 21, int4 = 23, text = 25, oid = 26, json = 114, bpchar = 1042,
                     varchar = 1043, date = 1082, timestamptz = 1184, uuid = 2950, jsonb = 3802, unspecified = 0, void_ = 2278,
                     unknown = 705;
inline constexpr Oid boolean_array = 1000, bytea_array = 1001, int2_array = 1005, int4_array = 1007, text_array = 1009, int8_array = 1016,
                     date_array = 1182, timestamptz_array = 1185, uuid_array = 2951, jsonb_array = 3807;
}  // namespace oid

// Big-endian, as everything on the wire.
void append_be16(std::string& out, std::uint16_t value);
void append_be32(std::string& out, std::uint32_t value);
void append_be64(std::string& out, std::uint64_t value);

// Whole numbers are read from int2, int4 and int8 columns alike; a value that does not fit, a length that is wrong
// or a column of another type is a mistake in our own SQL and throws std::logic_error, as does a NULL that nobody
// expected (Row::get says which column of which statement).
[[nodiscard]] std::int64_t read_integer(std::string_view bytes, Oid type);
[[nodiscard]] std::string_view read_text(std::string_view bytes, Oid type);
[[nodiscard]] std::string_view expect_type(std::string_view bytes, Oid type, Oid wanted, std::size_t size);
[[noreturn]] void wrong_value(char const* why);

template <class T>
struct PgType;  // a type without a row here cannot be sent or read

template <>
struct PgType<std::int64_t> {
    static constexpr Oid type = oid::int8, array = oid::int8_array;
    static void write(std::string& out, std::int64_t v) { append_be64(out, static_cast<std::uint64_t>(v)); }
    static std::int64_t read(std::string_view b, Oid t) { return read_integer(b, t); }
};
template <>
struct PgType<std::int32_t> {
    static constexpr Oid type = oid::int4, array = oid::int4_array;
    static void write(std::string& out, std::int32_t v) { append_be32(out, static_cast<std::uint32_t>(v)); }
    static std::int32_t read(std::string_view b, Oid t)
    {
        auto const v = read_integer(b, t);
        if (v < INT32_MIN || v > INT32_MAX) wrong_value("does not fit 32 bits");
        return static_cast<std::int32_t>(v);
    }
};
template <>
struct PgType<std::int16_t> {
    static constexpr Oid type = oid::int2, array = oid::int2_array;
    static void write(std::string& out, std::int16_t v) { append_be16(out, static_cast<std::uint16_t>(v)); }
    static std::int16_t read(std::string_view b, Oid t)
    {
        auto const v = read_integer(b, t);
        if (v < INT16_MIN || v > INT16_MAX) wrong_value("does not fit 16 bits");
        return static_cast<std::int16_t>(v);
    }
};
template <>
struct PgType<bool> {
    static constexpr Oid type = oid::boolean, array = oid::boolean_array;
    static void write(std::string& out, bool v) { out.push_back(v ? '\1' : '\0'); }
    static bool read(std::string_view b, Oid t) { return expect_type(b, t, oid::boolean, 1)[0] != '\0'; }
};
template <>
struct PgType<std::string_view> {
    static constexpr Oid type = oid::text, array = oid::text_array;
    static void write(std::string& out, std::string_view v) { out.append(v); }
    static std::string_view read(std::string_view b, Oid t) { return read_text(b, t); }  // lives as long as the Rows
};
template <>
struct PgType<std::string> {
    static constexpr Oid type = oid::text, array = oid::text_array;
    static void write(std::string& out, std::string_view v) { out.append(v); }
    static std::string read(std::string_view b, Oid t) { return std::string(read_text(b, t)); }
};
template <>
struct PgType<Bytea> {
    static constexpr Oid type = oid::bytea, array = oid::bytea_array;
    static void write(std::string& out, Bytea const& v) { out.append(v.bytes); }
    static Bytea read(std::string_view b, Oid t) { return Bytea(std::string(expect_type(b, t, oid::bytea, b.size()))); }
};
template <>
struct PgType<Sha256> {
    static constexpr Oid type = oid::bytea, array = oid::bytea_array;
    static void write(std::string& out, Sha256 const& v) { out.append(reinterpret_cast<char const*>(v.data()), v.size()); }
    static Sha256 read(std::string_view b, Oid t);
};
template <>
struct PgType<Json> {
    static constexpr Oid type = oid::jsonb, array = oid::jsonb_array;
    static void write(std::string& out, Json const& v) { (out += '\1') += v.text; }  // version of the binary form
    static Json read(std::string_view b, Oid t);
};
template <>
struct PgType<Uuid> {
    static constexpr Oid type = oid::uuid, array = oid::uuid_array;
    static void write(std::string& out, Uuid const& v) { out.append(reinterpret_cast<char const*>(v.bytes.data()), 16); }
    static Uuid read(std::string_view b, Oid t);
};
template <class Of>
struct PgType<Id<Of>> {
    static constexpr Oid type = oid::uuid, array = oid::uuid_array;
    static void write(std::string& out, Id<Of> const& v) { PgType<Uuid>::write(out, v.uuid); }
    static Id<Of> read(std::string_view b, Oid t) { return Id<Of>(PgType<Uuid>::read(b, t)); }
};
template <>
struct PgType<Dong> {  // bigint: whole đồng
    static constexpr Oid type = oid::int8, array = oid::int8_array;
    static void write(std::string& out, Dong v) { append_be64(out, static_cast<std::uint64_t>(v.count())); }
    static Dong read(std::string_view b, Oid t) { return Dong(read_integer(b, t)); }
};
template <>
struct PgType<Instant> {
    static constexpr Oid type = oid::timestamptz, array = oid::timestamptz_array;
    static void write(std::string& out, Instant v);
    static Instant read(std::string_view b, Oid t);  // infinity is refused: no column of ours may hold it
};
template <>
struct PgType<Day> {
    static constexpr Oid type = oid::date, array = oid::date_array;
    static void write(std::string& out, Day v);
    static Day read(std::string_view b, Oid t);
};

template <class T>
concept Writable = requires(std::string& out, T const& v) { PgType<T>::write(out, v); };

// One dimension, lower bound 1.
void append_array_header(std::string& out, Oid element_type, std::size_t count, bool has_null);

// The elements of a binary array; nullopt where NULL. Throws std::logic_error unless it has at most one dimension.
[[nodiscard]] std::vector<std::optional<std::string_view>> split_array(std::string_view bytes, Oid* element_type);

}  // namespace cho40::postgres
