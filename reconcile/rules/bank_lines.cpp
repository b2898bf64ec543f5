#include "reconcile/rules/bank_lines.h"
#include <algorithm>
#include <tuple>

namespace cho40::reconcile {

Result<Done> BankLines::apply(Pool& pool) const
{
    struct Key {
        std::string_view account;
        std::string_view ref;
        At at;
        auto operator<=>(Key const&) const = default;
    };
    std::vector<Key> keys;
    for (At at = 0; at < pool.entries.size(); ++at) {
        auto const& entry = *pool.entries[at].record;
        keys.push_back({entry.account, entry.entry_ref, at});
    }
    std::sort(keys.begin(), keys.end());
    auto const content = [](BankEntry const& e) { return std::tie(e.direction, e.amount, e.currency, e.booking_date, e.reversal); };
    for (std::size_t i = 0; i < keys.size();) {
        auto const first = keys[i];
        auto const& kept = pool.entries[first.at];
        for (++i; i < keys.size() && keys[i].account == first.account && keys[i].ref == first.ref; ++i) {
            auto& again = pool.entries[keys[i].at];
            again.repeated = true;
            again.place = Place::ignored;
            if (content(*kept.record) == content(*again.record)) continue;
            auto& found = pool.add_break(BreakClass::CONFLICTING_DUPLICATE,
                                         Dong(again.signed_amount().count() - kept.signed_amount().count()),
                                         "the same bank reference with other content; the first stays until the bank answers");
            found.bank = {kept.record->entry_ref, again.record->entry_ref};
        }
    }
    return Done{};
}

}  // namespace cho40::reconcile
