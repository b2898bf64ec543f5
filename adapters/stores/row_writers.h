#pragma once
#include "adapters/postgres/statement.h"
#include "ledger/command.h"
#include <functional>
#include <span>
#include <typeindex>
#include <unordered_map>

namespace cho40::stores {

using AttachedRows = std::vector<ledger::AttachedRow const*>;

// Writes all rows of one kind in a batch with one statement.
struct RowWriter {
    postgres::Statement const* statement = nullptr;
    std::function<postgres::Params(AttachedRows const&)> bind;
    int order = 0;  // writers with lower numbers run first (a receipt after the notice it belongs to)
};

// A row that came from another instance, bound to its statement there.
struct ForwardedRow final : ledger::AttachedRow {
    postgres::Statement const* statement = nullptr;
    postgres::Params params;
    int order = 0;
};

class RowWriters {
public:
    // `columns` turns rows of type Row into the statement's parameters.
    template <class Row, class Columns>
    void add(postgres::Statement const& statement, Columns columns, int order = 10)
    {
        RowWriter writer;
        writer.statement = &statement;
        writer.order = order;
        writer.bind = [columns = std::move(columns)](AttachedRows const& rows) {
            std::vector<Row const*> typed;
            typed.reserve(rows.size());
            for (auto const* row : rows) typed.push_back(static_cast<Row const*>(row));
            return columns(std::span<Row const* const>(typed));
        };
        writers_.emplace(std::type_index(typeid(Row)), std::move(writer));
    }

    // Null when nobody knows how to write it: a mistake in our wiring.
    [[nodiscard]] RowWriter const* find(std::type_index type) const
    {
        auto const it = writers_.find(type);
        return it == writers_.end() ? nullptr : &it->second;
    }
    // The writer whose statement has this name, or null.
    [[nodiscard]] RowWriter const* find(std::string_view statement) const
    {
        for (auto const& [type, writer] : writers_) {
            if (statement == writer.statement->name) return &writer;
        }
        return nullptr;
    }

private:
    std::unordered_map<std::type_index, RowWriter> writers_;
};

// One column of all rows, as an array parameter: column<Dong>(rows, [](auto const& r) { return r.amount; }).
template <class T, class Row, class Get>
[[nodiscard]] std::vector<T> column(std::span<Row const* const> rows, Get get)
{
    std::vector<T> values;
    values.reserve(rows.size());
    for (auto const* row : rows) values.push_back(get(*row));
    return values;
}

}  // namespace cho40::stores
