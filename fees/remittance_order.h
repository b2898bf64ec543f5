#pragma once
#include "base/result.h"
#include "base/uuid.h"
#include "fees/remittance.h"
#include "fees/remittance_code.h"
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cho40::fees {

// The life of one order to pay into the budget (fees.md §6.4). The collector's bank moves the money and the treasury takes it; the
// order is what was to happen and what was seen of it.
//
//   due ─── ordered ─┬─ debited ─┬─ credited ─── confirmed
//    │         ▲     │           │
//    │         │     └───────────┴─ returned   the bank or the treasury sent it back
//    │         └────────────────────────┘      ordered again, with the same reference
//    └─ dropped   the second person did not agree
//
// Files come late and in any order: an order is credited though nobody told of the debit, and confirmed from ordered on by a person
// who has the treasury's paper.
enum class OrderState : std::int16_t { due = 1, ordered = 2, debited = 3, credited = 4, confirmed = 5, returned = 6, dropped = 7 };
[[nodiscard]] std::string_view order_state_name(OrderState state);  // "due"

// A line of somebody's statement that says so.
struct SeenEntry {
    std::string reference;  // of the bank or the treasury; "" where it gives none
    Day day;
};

// What a person read on the treasury's paper.
struct TreasuryPaper {
    std::string number, evidence;
    Day day;
};

struct RemittanceOrder {
    RemittanceOrder(RemittanceCode own, PlannedOrder what) : code(std::move(own)), plan(std::move(what)) {}

    RemittanceCode code;
    PlannedOrder plan;
    OrderState state = OrderState::due;
    int attempt = 0;                    // how often it was ordered
    std::optional<Instant> ordered_at;  // the last time
    std::optional<SeenEntry> debited, credited;  // of this attempt
    std::optional<TreasuryPaper> confirmed;
    std::string returned_why;                    // of the last return
    Uuid returned_by, returned_by_owner;         // who noted it; the person behind it

    // The money has left the collector's account, as far as anybody has said.
    [[nodiscard]] bool has_left() const
    {
        return state == OrderState::debited || state == OrderState::credited || state == OrderState::confirmed;
    }
};

// Each returns the order as it is afterwards. Error: invalid_state.
[[nodiscard]] Result<RemittanceOrder> give_order(RemittanceOrder order, Instant at);  // due, returned -> ordered
[[nodiscard]] Result<RemittanceOrder> drop_order(RemittanceOrder order);  // due -> dropped
[[nodiscard]] Result<RemittanceOrder> note_debited(RemittanceOrder order, SeenEntry entry);  // ordered -> debited
[[nodiscard]] Result<RemittanceOrder> note_credited(RemittanceOrder order, SeenEntry entry);  // ordered, debited -> credited
[[nodiscard]] Result<RemittanceOrder> note_confirmed(RemittanceOrder order,
                                                     TreasuryPaper paper);  // ordered, debited, credited -> confirmed
[[nodiscard]] Result<RemittanceOrder> note_order_returned(RemittanceOrder order,
                                                          std::string why);  // ordered, debited, credited -> returned

// Of whose statement a line is.
enum class StatementOf { collector, treasury };

// A line of a statement, as far as it can be about an order.
struct StatementLine {
    StatementOf whose = StatementOf::collector;
    bool is_money_out = false;
    Dong amount;  // > 0
    Day day;
    std::string reference, narrative;
};

enum class LineMeaning {
    none,  // carries no reference of ours, or is money in a direction that says nothing
    debited,  // the collector's account paid exactly the order
    credited,  // the treasury received exactly the order
    repeated,  // says what is known already
    differs,  // names the order with another amount: a break, a person has to look
    ambiguous,  // names two orders: never guessed
    not_awaited,  // names an order that was not given, was dropped, or was sent back
};
[[nodiscard]] std::string_view meaning_name(LineMeaning meaning);

struct LineReading {
    LineMeaning meaning = LineMeaning::none;
    std::optional<std::size_t> order;  // of the orders given; nothing for none and ambiguous
};

// By the reference and the exact amount, never by the amount alone. Pre: orders have distinct references.
[[nodiscard]] LineReading read_statement_line(StatementLine const& line, std::span<RemittanceOrder const> orders);

}  // namespace cho40::fees
