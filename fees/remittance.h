#pragma once
#include "fees/agency.h"
#include <compare>
#include <span>
#include <string>
#include <vector>

// What a collector owes the State budget for a period (fees.md §1.3, §6). Pure: the same movements in any order give the
// same plan.
//
//   item    what one fee brought under one retained share: came in, was given back, and how the rest is divided
//   line    what is due under one chapter, sub-item and area: the items' shares of the budget, and what was carried over
//   order   the lines that go to one account of one collecting office at one treasury, with their sum
namespace cho40::fees {

// Both days included, in Vietnam's calendar.
struct RemittancePeriod {
    Day from, to;
    [[nodiscard]] bool contains(Day day) const { return from <= day && day <= to; }
    friend auto operator<=>(RemittancePeriod const&, RemittancePeriod const&) = default;
};

// Money of receipt lines, as it came and went. Several of the same kind may be added up into one.
struct BudgetMovement {
    enum class Kind {
        collected,   // the receipt was issued
        given_back,  // a refund of it was paid
        came_back,   // the payer's bank sent the refund back: the collector has it again
    };
    Kind kind = Kind::collected;
    std::string fee_code;
    FeeKind fee_kind = FeeKind::phi;
    std::string subitem;
    Day receipt_day;  // the share in force on this day divides it, also when it is given back later
    Day day;          // counts in the period that holds this day
    Dong amount;      // > 0
};

struct RemittanceItem {
    std::string fee_code;
    FeeKind fee_kind = FeeKind::phi;
    std::string subitem;
    int retained_percent = 0;  // 0 for every charge
    Dong gross;                // collected
    Dong given_back;           // less what came back; below zero when more came back than went
    Dong net;                  // gross - given_back; below zero when receipts of earlier periods were given back
    Dong kept;                 // retained_percent of net, rounded towards zero: a refund takes back exactly what its receipt gave
    Dong due;                  // net - kept: every đồng is one or the other
    friend bool operator==(RemittanceItem const&, RemittanceItem const&) = default;
};

// Below zero: more was given back than came in. The budget does not pay out by a collector's order, so it is set off
// against what the next period owes under the same keys.
struct CarriedOver {
    FeeKind fee_kind = FeeKind::phi;
    std::string chapter, subitem, area;
    Dong amount;  // < 0
    friend auto operator<=>(CarriedOver const&, CarriedOver const&) = default;
};

struct RemittanceLine {
    FeeKind fee_kind = FeeKind::phi;
    std::string chapter, subitem, area;
    Dong due;         // of the period's items
    Dong carried_in;  // <= 0, from the period before
    Dong amount;      // due + carried_in, > 0: what is ordered
    friend bool operator==(RemittanceLine const&, RemittanceLine const&) = default;
};

struct PlannedOrder {
    std::string treasury_code, collecting_office, treasury_account;
    std::vector<RemittanceLine> lines;  // by chapter, sub-item, area
    Dong total;                         // of the lines, exactly
    std::string words;                  // the total in Vietnamese
    friend bool operator==(PlannedOrder const&, PlannedOrder const&) = default;
};

struct RemittancePlan {
    RemittancePeriod period;
    std::vector<RemittanceItem> items;   // by kind, fee, sub-item, share
    std::vector<PlannedOrder> orders;    // none when nothing is due
    std::vector<CarriedOver> carried_in, carried_out;
    Dong gross, given_back, net, kept, due;  // of the items
    Dong ordered;                            // of the orders: due + carried_in - carried_out
    friend bool operator==(RemittancePlan const&, RemittancePlan const&) = default;
};

// Movements outside the period are left out. A charge goes to the budget whole; of a fee the collector keeps the share that was in
// force on the receipt's day. Dividing a period at any day changes what is kept by at most one đồng for each item.
// Errors: rate_missing (every fee without a known share is named: it is never guessed), invalid_state (the agency has
// no chapter, office, treasury or account, or a fee has no sub-item), invalid_period, amount_overflow.
[[nodiscard]] Result<RemittancePlan> plan_remittance(Agency const& agency, Agencies const& shares, RemittancePeriod period,
                                                     std::span<BudgetMovement const> movements, std::span<CarriedOver const> carried_in);

// Of a fee's money what the collector keeps: rounded towards zero. Pre: 0 <= percent <= 100.
[[nodiscard]] Dong retained_of(Dong net, int percent);

// Whether the plan is of one piece: items divide their money without rest, orders are the sum of their lines, and all of what is due is
// ordered or carried. Error: equation_failed naming what does not agree. What was stored is checked by it before money is ordered.
[[nodiscard]] Result<Done> check_sums(RemittancePlan const& plan);

}  // namespace cho40::fees
