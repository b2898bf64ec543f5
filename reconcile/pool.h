#pragma once
#include "reconcile/engine.h"
#include <cstdint>

namespace cho40::reconcile {

using At = std::uint32_t;  // position in one of the pool's sorted lists
inline constexpr At nowhere = 0xFFFFFFFF;

// Where a record is. Each leaves `open` exactly once, which claim() checks.
enum class Place : std::uint8_t { open, matched, waiting, in_break, ignored };

struct InternalSlot {
    InternalRecord const* record = nullptr;
    std::string_view order;  // its own code, or for a refund without one the code of the payment refunded
    std::string code;        // the order code squeezed, as it is looked for in narratives
    Place place = Place::open;
    At partner = nowhere;    // line or entry, by channel

    [[nodiscard]] bool succeeded() const { return record->status == InternalStatus::succeeded; }
};

struct LineSlot {
    ProviderLine const* record = nullptr;
    Place place = Place::open;
    At partner = nowhere;
    bool active = false;     // first of its key and successful: this one is money

    [[nodiscard]] bool succeeded() const { return record->status == LineStatus::success; }
};

struct EntrySlot {
    BankEntry const* record = nullptr;
    std::string squeezed;    // the narrative, upper case letters and digits only
    Place place = Place::open;
    std::uint8_t placed = 0; // times it was put somewhere; equation 3 wants 1
    bool repeated = false;   // another statement, or the same, already has it: counted once

    [[nodiscard]] Dong signed_amount() const { return reconcile::signed_amount(record->direction, record->amount); }
};

struct BatchSlot {
    std::string_view id;
    Dong gross;              // refunds negative
    Dong fee;
    Dong net;
    Day settlement_date;     // the latest its lines promise
    Place place = Place::open;
    std::vector<At> entries; // what settled it
    Dong delta;              // S2: entries - net
};

// The records of a run in one fixed order, and what has become of each. Rules see the pool and nothing else.
class Pool {
public:
    // Errors: invalid_input.
    [[nodiscard]] static Result<Pool> make(RunInput const& input, Settings const& settings);

    [[nodiscard]] RunInput const& input() const { return *input_; }
    [[nodiscard]] Settings const& settings() const { return *settings_; }

    // internal by (event time, id); lines by (business date, line number); entries by (time booked, reference). So a
    // smaller position is an earlier record, and the order of the input is forgotten.
    std::vector<InternalSlot> internal;
    std::vector<LineSlot> lines;
    std::vector<EntrySlot> entries;
    std::vector<BatchSlot> batches;  // by id; made by the rule that finds the active lines
    std::vector<std::pair<At, std::string_view>> known_order;  // open entries that hold one order code, and the code
    std::set<Day> awaited_files;     // business dates whose provider file is not in and whose payments wait for it
    RunResult result;

    void pair(At internal_at, At line_at, std::string_view rule);
    void pay(At internal_at, At entry_at, std::string_view rule);
    void settle(At batch_at, std::vector<At> entry_ats, std::string_view rule, std::vector<Flag> flags);
    // Takes the entry out of the pool.
    void place_entry(At entry_at, Place place);

    Break& add_break(BreakClass kind, Dong delta, std::string why);

    // Does this name belong to the intermediary? Compared squeezed: banks differ in case and accents.
    [[nodiscard]] bool is_partner(std::string_view counterparty) const;

private:
    RunInput const* input_ = nullptr;
    Settings const* settings_ = nullptr;
    std::vector<std::string> partner_names_;
};

// A key to join two sides on, and the record that has it.
struct Keyed {
    std::string_view text;
    Kind kind = Kind::payment;
    std::int64_t amount = 0;
    At at = nowhere;

    friend auto operator<=>(Keyed const&, Keyed const&) = default;
    [[nodiscard]] bool same_key(Keyed const& other) const { return text == other.text && kind == other.kind && amount == other.amount; }
};

// Sort-merge: calls each(left group, right group) for every key that both sides have, groups ascending by position.
template <class Each>
void join(std::vector<Keyed> left, std::vector<Keyed> right, Each each)
{
    std::sort(left.begin(), left.end());
    std::sort(right.begin(), right.end());
    auto const group_end = [](std::span<Keyed const> all, std::size_t begin) {
        auto end = begin;
        while (end < all.size() && all[end].same_key(all[begin])) ++end;
        return end;
    };
    std::size_t l = 0;
    std::size_t r = 0;
    while (l < left.size() && r < right.size()) {
        if (left[l].same_key(right[r])) {
            auto const l_end = group_end(left, l);
            auto const r_end = group_end(right, r);
            each(std::span<Keyed const>(left).subspan(l, l_end - l), std::span<Keyed const>(right).subspan(r, r_end - r));
            l = l_end;
            r = r_end;
            continue;
        }
        Keyed a = left[l];
        Keyed b = right[r];
        a.at = b.at = 0;
        ++(a < b ? l : r);
    }
}

}  // namespace cho40::reconcile
