#include "reconcile/rules/bank_reversal.h"
#include "base/text.h"
#include "reconcile/code_finder.h"
#include <map>
#include <tuple>
#include <unordered_set>

namespace cho40::reconcile {
namespace {

struct Likeness {
    std::string_view account;
    std::string counterparty;
    Dong amount;
    Direction direction;
    friend auto operator<=>(Likeness const&, Likeness const&) = default;
};

Direction opposite(Direction direction) { return direction == Direction::credit ? Direction::debit : Direction::credit; }

// Whether an earlier entry can be what `reversal` undoes when the bank names it.
bool can_undo(EntrySlot const& earlier, EntrySlot const& reversal)
{
    return earlier.place == Place::open && earlier.record->account == reversal.record->account &&
           earlier.record->direction != reversal.record->direction;
}

// Looks at what reversals say and wants only: of entries no reversal is about, nothing is kept.
class Undoing {
public:
    explicit Undoing(Pool& pool) : pool_(pool)
    {
        for (At at = 0; at < pool.entries.size(); ++at) {
            auto const& entry = *pool.entries[at].record;
            if (pool.entries[at].place == Place::open && entry.reversal) reversals_.push_back(at);
        }
        find_named();
        for (At at : reversals_) {
            auto const& entry = *pool.entries[at].record;
            wanted_amounts_.insert(entry.amount.count());
            seen_.try_emplace(likeness(entry, opposite(entry.direction)));
        }
    }

    void undo_all()
    {
        for (At at = 0; at < pool_.entries.size(); ++at) {
            auto const& entry = pool_.entries[at];
            if (entry.place != Place::open) continue;
            if (entry.record->reversal) {
                undo(at);
            } else if (wanted_amounts_.contains(entry.record->amount.count())) {
                auto const it = seen_.find(likeness(*entry.record, entry.record->direction));
                if (it != seen_.end()) it->second.push_back(at);
            }
        }
    }

private:
    static Likeness likeness(BankEntry const& entry, Direction direction)
    {
        return {entry.account, squeeze(entry.counterparty), entry.amount, direction};
    }

    // Entries whose reference stands in the narrative of some reversal. References are looked for as the narratives are
    // searched for codes, but from the other side: there are few reversals and many references.
    void find_named()
    {
        std::vector<bool> lengths;
        std::string ref;
        for (auto const& entry : pool_.entries) {
            append_squeezed(ref, entry.record->entry_ref);
            if (ref.size() >= lengths.size()) lengths.resize(ref.size() + 1);
            lengths[ref.size()] = true;
            ref.clear();
        }
        std::unordered_set<std::string_view> texts;  // of every reversal's narrative, all parts as long as some reference
        for (At at : reversals_) {
            auto const narrative = pool_.squeezed(at);
            for (std::size_t length = shortest_ref; length < lengths.size() && length <= narrative.size(); ++length) {
                if (!lengths[length]) continue;
                for (std::size_t begin = 0; begin + length <= narrative.size(); ++begin) texts.insert(narrative.substr(begin, length));
            }
        }
        std::vector<std::string_view> named;
        for (At at = 0; at < pool_.entries.size(); ++at) {
            append_squeezed(ref, pool_.entries[at].record->entry_ref);
            if (auto const it = texts.find(ref); it != texts.end()) {
                auto& ats = at_ref_[*it];
                if (ats.empty()) named.push_back(*it);
                ats.push_back(at);
            }
            ref.clear();
        }
        finder_.emplace(std::move(named), shortest_ref);
    }

    // The entry a reversal names: equal amount before another, a longer reference before a shorter, later before earlier.
    // `named` tells whether it names any earlier entry at all.
    At named_by(At at, bool& named) const
    {
        auto const& reversal = pool_.entries[at];
        auto best = std::make_tuple(false, std::size_t{0}, nowhere);
        for (auto ref : finder_->find_longest(pool_.squeezed(at))) {
            for (At other : at_ref_.at(ref)) {
                if (other >= at) continue;
                named = true;
                auto const& earlier = pool_.entries[other];
                if (!can_undo(earlier, reversal)) continue;
                auto const candidate = std::make_tuple(earlier.record->amount == reversal.record->amount, ref.size(), other);
                if (std::get<2>(best) == nowhere || candidate > best) best = candidate;
            }
        }
        return std::get<2>(best);
    }

    At latest_alike(At at)
    {
        auto const& reversal = *pool_.entries[at].record;
        auto& candidates = seen_.at(likeness(reversal, opposite(reversal.direction)));
        while (!candidates.empty() && pool_.entries[candidates.back()].place != Place::open) candidates.pop_back();
        return candidates.empty() ? nowhere : candidates.back();
    }

    void undo(At at)
    {
        bool named = false;
        At undone = named_by(at, named);
        if (undone == nowhere && !named) undone = latest_alike(at);
        auto const& reversal = *pool_.entries[at].record;
        pool_.place_entry(at, Place::in_break);
        if (undone == nowhere) {
            // A reversal is never a payment, so it leaves the pool even alone.
            auto& found = pool_.add_break(BreakClass::BANK_UNIDENTIFIED, pool_.entries[at].signed_amount(),
                                          "a reversal; the entry it undoes was not found");
            found.bank = {reversal.entry_ref};
            return;
        }
        pool_.place_entry(undone, Place::in_break);
        auto const delta = Dong(pool_.entries[undone].signed_amount().count() + pool_.entries[at].signed_amount().count());
        auto& found = pool_.add_break(BreakClass::BANK_REVERSED, delta,
                                      named ? "the reversal names the entry" : "the latest earlier entry of that amount and counterparty");
        found.bank = {pool_.entries[undone].record->entry_ref, reversal.entry_ref};
    }

    static constexpr std::size_t shortest_ref = 4;

    Pool& pool_;
    std::vector<At> reversals_;
    std::unordered_map<std::string_view, std::vector<At>> at_ref_;  // texts out of the pool's narratives
    std::optional<CodeFinder> finder_;
    std::unordered_set<std::int64_t> wanted_amounts_;
    std::map<Likeness, std::vector<At>> seen_;  // the likenesses some reversal wants
};

}  // namespace

Result<Done> BankReversal::apply(Pool& pool) const
{
    bool const any = std::ranges::any_of(pool.entries, [](EntrySlot const& e) { return e.record->reversal && e.place == Place::open; });
    if (any) Undoing(pool).undo_all();
    return Done{};
}

}  // namespace cho40::reconcile
