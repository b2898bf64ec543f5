#include "reconcile/rules/bank_reference.h"
#include "base/text.h"

namespace cho40::reconcile {
namespace {

std::string key_of(std::string_view account, std::string_view reference) { return squeeze(account) + '/' + squeeze(reference); }

}  // namespace

Result<Done> BankReference::apply(Pool& pool) const
{
    struct Side {
        std::vector<std::string> texts;
        std::vector<At> ats;
        SortedKeys keys;  // their positions are those in the two lists above

        void add(std::string text, Kind kind, At at)
        {
            keys.emplace_back(text, number_of(kind), static_cast<At>(texts.size()));
            texts.push_back(std::move(text));
            ats.push_back(at);
        }
        void sort()
        {
            sort_keys(keys, [this](At at) { return std::string_view(texts[at]); });
        }
    };
    Side rows;
    for (At at = 0; at < pool.internal.size(); ++at) {
        auto const& row = pool.internal[at];
        if (row.place != Place::open || row.channel != Channel::bank || row.record->bank_reference.empty()) continue;
        rows.add(key_of(row.record->account, row.record->bank_reference), row.record->kind, at);
    }
    if (rows.keys.empty()) return Done{};
    Side entries;
    for (At at = 0; at < pool.entries.size(); ++at) {
        auto const& entry = pool.entries[at];
        if (entry.place != Place::open) continue;
        entries.add(key_of(entry.record->account, entry.record->entry_ref),
                    entry.record->direction == Direction::credit ? Kind::payment : Kind::refund, at);
    }
    rows.sort();
    entries.sort();
    auto const row_text = [&](At at) { return std::string_view(rows.texts[at]); };
    auto const entry_text = [&](At at) { return std::string_view(entries.texts[at]); };
    join(rows.keys, row_text, entries.keys, entry_text, [&](auto const& left, auto const& right) {
        if (left.size() == 1 && right.size() == 1) pool.pay(rows.ats[left.front().at], entries.ats[right.front().at], MatchRule::b0);
    });
    return Done{};
}

}  // namespace cho40::reconcile
