#pragma once
#include "adapters/postgres/types.h"
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <vector>

struct pg_result;

namespace cho40::postgres {

namespace detail {
struct ClearResult {
    void operator()(pg_result* result) const noexcept;
};
template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};
template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};
}  // namespace detail

// One row of a result. A view: the Rows must outlive it.
//
//   row.get<Dong>(0)   row.get<std::optional<std::string>>(1)   row.get<std::vector<Uuid>>(2)
//
// Throws std::logic_error when the column does not exist, has another type, or is NULL where no optional was asked
// for: that is a mistake in our SQL, not something that came from outside. numeric is not read: cast sums to bigint.
class Row {
public:
    Row(pg_result* result, int row) : result_(result), row_(row) {}

    template <class T>
    [[nodiscard]] T get(int column) const
    {
        try {
            if constexpr (detail::is_optional<T>::value) {
                if (is_null(column)) return std::nullopt;
                return value<typename T::value_type>(column);
            } else {
                return value<T>(column);
            }
        } catch (std::logic_error const& e) {
            complain(column, e.what());
        }
    }
    [[nodiscard]] bool is_null(int column) const;

private:
    template <class T>
    T value(int column) const
    {
        auto const bytes = field(column);
        if constexpr (detail::is_vector<T>::value) {
            using E = typename T::value_type;
            Oid type = 0;
            T out;
            for (auto const& element : split_array(bytes, &type)) {
                if constexpr (detail::is_optional<E>::value) {
                    if (element) out.push_back(PgType<typename E::value_type>::read(*element, type));
                    else out.push_back(std::nullopt);
                } else {
                    if (!element) wrong_value("is an array that holds a NULL");
                    out.push_back(PgType<E>::read(*element, type));
                }
            }
            return out;
        } else {
            return PgType<T>::read(bytes, type_of(column));
        }
    }
    [[nodiscard]] std::string_view field(int column) const;
    [[nodiscard]] Oid type_of(int column) const;
    [[noreturn]] void complain(int column, char const* why) const;

    pg_result* result_;
    int row_;
};

// What one statement returned. Movable only; default-constructed it is empty.
class Rows {
public:
    Rows() = default;
    explicit Rows(pg_result* owned) : result_(owned) {}

    [[nodiscard]] int size() const;
    [[nodiscard]] bool empty() const { return size() == 0; }
    [[nodiscard]] Row operator[](int row) const;  // Pre: 0 <= row < size()
    [[nodiscard]] std::optional<Row> first() const;
    // Rows an INSERT, UPDATE, DELETE or COPY touched; for SELECT the number of rows.
    [[nodiscard]] std::int64_t affected() const;

    class iterator {
    public:
        using difference_type = std::ptrdiff_t;
        using value_type = Row;
        using reference = Row;
        using pointer = void;
        using iterator_category = std::input_iterator_tag;
        iterator(pg_result* result, int row) : result_(result), row_(row) {}
        Row operator*() const { return Row(result_, row_); }
        iterator& operator++()
        {
            ++row_;
            return *this;
        }
        void operator++(int) { ++row_; }
        bool operator==(iterator const& other) const { return row_ == other.row_; }

    private:
        pg_result* result_;
        int row_;
    };
    [[nodiscard]] iterator begin() const { return {result_.get(), 0}; }
    [[nodiscard]] iterator end() const { return {result_.get(), size()}; }

    [[nodiscard]] pg_result* raw() const { return result_.get(); }

private:
    std::unique_ptr<pg_result, detail::ClearResult> result_;
};

}  // namespace cho40::postgres
