#pragma once
#include "base/time.h"
#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace cho40 {

// 128 bits in network order. Equality and order are those of the bytes, so UUIDv7 sort by time.
struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    [[nodiscard]] bool is_nil() const { return *this == Uuid{}; }
    // 8-4-4-4-12 lower-case hex, as PostgreSQL prints it.
    [[nodiscard]] std::string to_string() const;
    // 26 characters of lower-case Crockford base32, the form ids have at the edge.
    [[nodiscard]] std::string to_base32() const;
    [[nodiscard]] static std::optional<Uuid> from_string(std::string_view text);
    // Accepts exactly what to_base32() writes: lower case, 26 characters, no aliases.
    [[nodiscard]] static std::optional<Uuid> from_base32(std::string_view text);

    friend constexpr auto operator<=>(Uuid const&, Uuid const&) = default;
};

// An Uuid that knows what it names: Id<Payment> does not convert to Id<Stall>, so two ids in one parameter list
// cannot be swapped. The text form with its prefix lives at the edge (adapters/http/ids.h).
template <class Of>
struct Id {
    Uuid uuid;

    Id() = default;
    explicit constexpr Id(Uuid u) : uuid(u) {}
    [[nodiscard]] bool is_nil() const { return uuid.is_nil(); }
    friend constexpr auto operator<=>(Id const&, Id const&) = default;
};

// Where new ids and other unguessable values come from. Use cases take it, so that tests can fix the draw.
struct Random {
    virtual ~Random() = default;
    virtual void fill(std::uint8_t* out, std::size_t size) = 0;
};

// The kernel's generator, drawn 4 KiB at a time.
[[nodiscard]] Random& system_random();

// RFC 9562 version 7: milliseconds since 1970 in the first 48 bits, then 74 random bits.
[[nodiscard]] Uuid make_uuid7(Instant now, Random& random);

// A name-based id (RFC 9562 version 8 over SHA-256): the same parts give the same id on every machine. Used where a
// retry must find the id of the first try, for example the transfer of a bank credit. Parts are length-prefixed.
[[nodiscard]] Uuid make_derived_uuid(std::initializer_list<std::string_view> parts);

// The same of an id that follows from another one: of the same millisecond when that one is version 7, so that it stands
// beside it in time-ordered indexes and is as easily known to be new; else as above.
[[nodiscard]] Uuid make_following_uuid(Uuid const& from, std::string_view what);

template <class Of>
[[nodiscard]] Id<Of> make_id(Instant now, Random& random)
{
    return Id<Of>(make_uuid7(now, random));
}

}  // namespace cho40

template <>
struct std::hash<cho40::Uuid> {
    std::size_t operator()(cho40::Uuid const& id) const noexcept
    {
        std::size_t h = 0;
        for (auto b : id.bytes) h = (h ^ b) * 1099511628211ULL;
        return h;
    }
};
template <class Of>
struct std::hash<cho40::Id<Of>> {
    std::size_t operator()(cho40::Id<Of> const& id) const noexcept { return std::hash<cho40::Uuid>{}(id.uuid); }
};
