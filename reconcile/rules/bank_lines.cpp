#include "reconcile/rules/bank_lines.h"
#include <tuple>

namespace cho40::reconcile {

Result<Done> BankLines::apply(Pool& pool) const
{
    // Accounts are few: each has a number of its own.
    std::unordered_map<std::string_view, std::int64_t> accounts;
    SortedKeys keys;
    keys.reserve(pool.entries.size());
    for (At at = 0; at < pool.entries.size(); ++at) {
        auto const& entry = *pool.entries[at].record;
        auto const account = accounts.emplace(entry.account, static_cast<std::int64_t>(accounts.size())).first->second;
        keys.emplace_back(entry.entry_ref, account, at);
    }
    auto const ref_of = [&](At at) { return pool.entries[at].record->entry_ref.view(); };
    sort_keys(keys, ref_of);
    auto const content = [](BankEntry const& e) { return std::tie(e.direction, e.amount, e.currency, e.booking_date, e.reversal); };
    for_each_group(keys, ref_of, [&](std::span<Key const> same) {
        auto const& kept = pool.entries[same.front().at];
        for (auto const& key : same.subspan(1)) {
            auto& again = pool.entries[key.at];
            again.repeated = true;
            again.place = Place::ignored;
            if (content(*kept.record) == content(*again.record)) continue;
            auto& found = pool.add_break(BreakClass::CONFLICTING_DUPLICATE,
                                         Dong(again.signed_amount().count() - kept.signed_amount().count()),
                                         "the same bank reference with other content; the first stays until the bank answers");
            found.bank = {kept.record->entry_ref, again.record->entry_ref};
        }
    });
    return Done{};
}

}  // namespace cho40::reconcile
