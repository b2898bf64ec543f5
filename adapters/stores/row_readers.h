#pragma once
#include "adapters/postgres/rows.h"
#include <optional>
#include <type_traits>
#include <vector>

namespace cho40::stores {

// All rows, each as what `read` makes of it.
template <class Read>
[[nodiscard]] auto read_all(postgres::Rows const& rows, Read read)
{
    std::vector<std::invoke_result_t<Read, postgres::Row const&>> all;
    all.reserve(static_cast<std::size_t>(rows.size()));
    for (auto const row : rows) all.push_back(read(row));
    return all;
}

// The row of a statement that finds one or none.
template <class Read>
[[nodiscard]] auto read_first(postgres::Rows const& rows, Read read)
{
    std::optional<std::invoke_result_t<Read, postgres::Row const&>> found;
    if (auto const row = rows.first()) found = read(*row);
    return found;
}

}  // namespace cho40::stores
