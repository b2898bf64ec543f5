#include "adapters/postgres/statement_cache.h"
#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>

namespace cho40::postgres {

StatementCache::Entry& StatementCache::find(Statement const& statement, Params const& params)
{
    auto& variants = by_name_[statement.name];
    if (variants.entries.empty()) variants.sql = statement.sql;
    if (variants.sql.data() != statement.sql && variants.sql != statement.sql)
        throw std::logic_error(fmt::format("two statements are called {}", statement.name));

    auto const& fields = params.fields();
    for (auto const& entry : variants.entries) {
        if (std::ranges::equal(entry->types, fields, {}, {}, &Params::Field::type)) return *entry;
    }
    auto entry = std::make_unique<Entry>();
    entry->server_name = statement.name;
    if (!variants.entries.empty()) entry->server_name += fmt::format("#{}", variants.entries.size() + 1);
    for (auto const& field : fields) entry->types.push_back(field.type);
    variants.entries.push_back(std::move(entry));
    return *variants.entries.back();
}

void ParamArrays::fill(Params const& params)
{
    auto const& fields = params.fields();
    count = static_cast<int>(fields.size());
    values.clear();
    lengths.clear();
    formats.assign(fields.size(), 1);
    for (auto const& field : fields) {
        // An empty value is not NULL: libpq tells them apart by the pointer.
        values.push_back(field.length < 0 ? nullptr : params.bytes() + field.offset);
        lengths.push_back(std::max(field.length, 0));
    }
}

}  // namespace cho40::postgres
