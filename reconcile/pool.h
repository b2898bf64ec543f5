#pragma once
#include "reconcile/engine.h"
#include "reconcile/keys.h"
#include <cstdint>

namespace cho40::reconcile {

// Where a record is. Each leaves `open` exactly once, which claim() checks.
enum class Place : std::uint8_t { open, matched, waiting, in_break, ignored };

// Slots are small, for a run holds one for each record, twice; and they hold what every rule looks at, for to look into a
// million records in another order than theirs takes longer than all else.
struct InternalSlot {
    InternalRecord const* record = nullptr;
    At order_at = nowhere;   // where the pool keeps its order; nowhere: it is the record's, and squeezed as it stands
    At partner = nowhere;    // line or entry, by channel
    Place place = Place::open;
    MatchRule rule{};        // of a matched row
    Kind kind = Kind::payment;
    Channel channel = Channel::provider;
    InternalStatus status = InternalStatus::succeeded;

    [[nodiscard]] bool succeeded() const { return status == InternalStatus::succeeded; }
};

struct LineSlot {
    ProviderLine const* record = nullptr;
    Dong amount;
    At partner = nowhere;
    Place place = Place::open;
    bool active = false;     // first of its key and successful: this one is money
    LineStatus status = LineStatus::success;

    [[nodiscard]] bool succeeded() const { return status == LineStatus::success; }
};

struct EntrySlot {
    BankEntry const* record = nullptr;
    std::size_t squeezed_at = 0;  // where the pool keeps the squeezed narrative
    std::uint32_t squeezed_size = 0;
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
    // Pre: payment ids are unique.
    [[nodiscard]] static Pool make(RunInput const& input, Settings const& settings);

    [[nodiscard]] RunInput const& input() const { return *input_; }
    [[nodiscard]] Settings const& settings() const { return *settings_; }

    // internal by (event time, id); lines by (business date, line number); entries by (time booked, reference). So a
    // smaller position is an earlier record, and the order of the input is forgotten.
    std::vector<InternalSlot> internal;
    std::vector<LineSlot> lines;
    std::vector<EntrySlot> entries;
    std::vector<BatchSlot> batches;  // by id; made by the rule that finds the active lines
    SortedKeys lines_by_txn;         // made there too, for the rule that pairs by it
    std::vector<std::pair<At, std::string_view>> known_order;  // open entries that hold one order code, and the code
    std::set<Day> awaited_files;     // business dates whose provider file is not in and whose payments wait for it
    RunResult result;                // without the matches of the ledger's records, which tell_matches() adds

    // The order code a row goes by, or empty.
    [[nodiscard]] std::string_view order(At internal_at) const { return order(internal[internal_at]); }
    [[nodiscard]] std::string_view order(InternalSlot const& row) const
    {
        return row.order_at == nowhere ? row.record->order_ref.view() : orders_[row.order_at].text;
    }
    // The same, squeezed, as it is looked for in narratives.
    [[nodiscard]] std::string_view code(At internal_at) const
    {
        auto const& row = internal[internal_at];
        return row.order_at == nowhere ? row.record->order_ref.view() : std::string_view(orders_[row.order_at].code);
    }
    // The narrative of an entry: upper case letters and digits only, '\n' between separate fields.
    [[nodiscard]] std::string_view squeezed(At entry_at) const
    {
        auto const& entry = entries[entry_at];
        return std::string_view(narratives_).substr(entry.squeezed_at, entry.squeezed_size);
    }

    void pair(At internal_at, At line_at, MatchRule rule);
    void pay(At internal_at, At entry_at, MatchRule rule);
    void settle(At batch_at, std::vector<At> entry_ats, MatchRule rule, Flags flags);
    // Takes the entry out of the pool.
    void place_entry(At entry_at, Place place);

    Break& add_break(BreakClass kind, Dong delta, std::string why);

    // Does this name belong to the intermediary? Compared squeezed: banks differ in case and accents.
    [[nodiscard]] bool is_partner(std::string_view counterparty) const;

    // Puts the matches of the ledger's records into the result.
    void tell_matches();
    // Whether every record, batch and finding came to the same in another run over the same records.
    [[nodiscard]] bool same_outcome(Pool const& other) const;

private:
    void find_orders();

    RunInput const* input_ = nullptr;
    Settings const* settings_ = nullptr;
    std::vector<std::string> partner_names_;
    struct Order {
        std::string_view text;  // its own, or for a refund without one its payment's
        std::string code;
    };
    std::vector<Order> orders_;
    std::string narratives_;
};

}  // namespace cho40::reconcile
