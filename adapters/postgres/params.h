#pragma once
#include "adapters/postgres/types.h"
#include <algorithm>
#include <concepts>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace cho40::postgres {

// The parameters of one statement, typed and in binary form: nothing is ever quoted or parsed as text.
//
//   Params(book, id, amount, note)      int64_t int32_t int16_t bool text Bytea Sha256 Json Uuid Id<> Instant Day Dong
//   Params(std::optional<Dong>())       NULL of that type
//   Params(std::vector<Uuid>{...})      uuid[] for `unnest($1::uuid[], ...)`; elements may be std::optional too
//
// The types are told to the server with the statement, so it never guesses; an int64 where the column is an int4
// is converted with a range check by the server. Texts containing a NUL byte are refused by the server (22021).
// At most 65 535 parameters.
class Params {
public:
    Params() = default;
    template <class... Ts>
        requires(sizeof...(Ts) > 0 && !(sizeof...(Ts) == 1 && (std::same_as<std::remove_cvref_t<Ts>, Params> && ...)))
    explicit Params(Ts const&... values)
    {
        (add(values), ...);
    }

    template <Writable T>
    Params& add(T const& value)
    {
        auto const from = open(PgType<T>::type);
        PgType<T>::write(bytes_, value);
        close(from);
        return *this;
    }
    template <Writable T>
    Params& add(std::optional<T> const& value)
    {
        if (value) return add(*value);
        return add_null(PgType<T>::type);
    }
    template <class T>
    Params& add(std::vector<T> const& values)
    {
        return add_array<T>(values.begin(), values.end(), values.size());
    }
    template <class T, std::size_t N>
    Params& add(std::span<T, N> values)
    {
        return add_array<std::remove_const_t<T>>(values.begin(), values.end(), values.size());
    }
    Params& add(char const* text) { return add(std::string_view(text)); }
    Params& add_null(Oid type);

    [[nodiscard]] std::size_t size() const { return fields_.size(); }

    // For the connections: what libpq wants, valid until the next change.
    struct Field {
        Oid type;
        std::int32_t offset;
        std::int32_t length;  // -1: NULL
    };
    [[nodiscard]] std::vector<Field> const& fields() const { return fields_; }
    [[nodiscard]] char const* bytes() const { return bytes_.data(); }

    // One field as it lies there, and back again: for handing a statement to another instance.
    [[nodiscard]] std::string_view field_bytes(Field const& field) const
    {
        return {bytes_.data() + field.offset, static_cast<std::size_t>(std::max(field.length, 0))};
    }
    Params& add_raw(Oid type, std::string_view value);

private:
    template <class T>
    struct Element {
        using type = T;
        static constexpr bool may_be_null = false;
    };
    template <class T>
    struct Element<std::optional<T>> {
        using type = T;
        static constexpr bool may_be_null = true;
    };

    template <class T, class Iterator>
    Params& add_array(Iterator begin, Iterator end, std::size_t count)
    {
        using E = typename Element<T>::type;
        auto const from = open(PgType<E>::array);
        append_array_header(bytes_, PgType<E>::type, count, Element<T>::may_be_null);
        for (; begin != end; ++begin) {
            auto const at = bytes_.size();
            append_be32(bytes_, 0xffffffff);
            if constexpr (Element<T>::may_be_null) {
                if (!*begin) continue;
                PgType<E>::write(bytes_, **begin);
            } else {
                PgType<E>::write(bytes_, *begin);
            }
            put_length(at);
        }
        close(from);
        return *this;
    }

    std::size_t open(Oid type);
    void close(std::size_t from);
    void put_length(std::size_t at);

    std::string bytes_;
    std::vector<Field> fields_;
};

}  // namespace cho40::postgres
