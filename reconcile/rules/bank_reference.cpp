#include "reconcile/rules/bank_reference.h"
#include "base/text.h"
#include <algorithm>

namespace cho40::reconcile {
namespace {

std::string key_of(std::string_view account, std::string_view reference) { return squeeze(account) + '/' + squeeze(reference); }

}  // namespace

Result<Done> BankReference::apply(Pool& pool) const
{
    std::vector<std::string> row_keys(pool.internal.size());
    std::vector<Keyed> rows;
    for (At at = 0; at < pool.internal.size(); ++at) {
        auto const& row = pool.internal[at];
        if (row.place != Place::open || row.record->channel != Channel::bank || row.record->bank_reference.empty()) continue;
        row_keys[at] = key_of(row.record->account, row.record->bank_reference);
        rows.push_back({row_keys[at], row.record->kind, 0, at});
    }
    if (rows.empty()) return Done{};
    std::vector<std::string> entry_keys(pool.entries.size());
    std::vector<Keyed> entries;
    for (At at = 0; at < pool.entries.size(); ++at) {
        auto const& entry = pool.entries[at];
        if (entry.place != Place::open) continue;
        entry_keys[at] = key_of(entry.record->account, entry.record->entry_ref);
        entries.push_back({entry_keys[at], entry.record->direction == Direction::credit ? Kind::payment : Kind::refund, 0, at});
    }
    join(std::move(rows), std::move(entries), [&](auto const& left, auto const& right) {
        if (left.size() == 1 && right.size() == 1) pool.pay(left.front().at, right.front().at, name());
    });
    return Done{};
}

}  // namespace cho40::reconcile
