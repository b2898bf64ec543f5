#include "adapters/postgres/rows.h"
#include "base/check.h"
#include <charconv>
#include <cstring>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <stdexcept>

namespace cho40::postgres {

void detail::ClearResult::operator()(pg_result* result) const noexcept { PQclear(result); }

bool Row::is_null(int column) const
{
    if (column < 0 || column >= PQnfields(result_)) complain(column, "does not exist");
    return PQgetisnull(result_, row_, column) != 0;
}

std::string_view Row::field(int column) const
{
    if (is_null(column)) wrong_value("is NULL");
    if (PQfformat(result_, column) != 1) wrong_value("is in text form");
    return {PQgetvalue(result_, row_, column), static_cast<std::size_t>(PQgetlength(result_, row_, column))};
}

Oid Row::type_of(int column) const { return PQftype(result_, column); }

void Row::complain(int column, char const* why) const
{
    auto const* name = PQfname(result_, column);
    throw std::logic_error(fmt::format("column {} ({}, type {}) {}", column, name ? name : "?", PQftype(result_, column), why));
}

int Rows::size() const { return result_ ? PQntuples(result_.get()) : 0; }

Row Rows::operator[](int row) const
{
    CHO_CHECK(row >= 0);
    CHO_CHECK(row < size());
    return Row(result_.get(), row);
}

std::optional<Row> Rows::first() const
{
    if (empty()) return std::nullopt;
    return Row(result_.get(), 0);
}

std::int64_t Rows::affected() const
{
    if (!result_) return 0;
    auto const* text = PQcmdTuples(result_.get());
    std::int64_t count = 0;
    std::from_chars(text, text + std::strlen(text), count);
    return count;
}

}  // namespace cho40::postgres
