#pragma once
#include "fees/create_notice.h"
#include <span>

namespace cho40::fees {

// What a person has to say before an amount is known.
struct Asks {
    bool quantity = false;  // how many things, or copies
    bool pages = false;
    bool value = false;     // of the contract or matter
    bool exchange_rate = false;
};
[[nodiscard]] Asks asks_of(Unit const& unit);

// Fees and charges apart: they are on separate receipts. A sum with an unknown line in it is not known.
struct QuoteTotals {
    std::optional<Dong> phi = Dong(), le_phi = Dong(), all = Dong();
    bool payable_online = true;
};
// Errors: amount_overflow.
[[nodiscard]] Result<QuoteTotals> totals_of(std::span<AssessedLine const> lines);

// The fees that may be asked for on a day and are found by what somebody typed, without regard to accents and case, by name. One
// row for each fee code; prices are no fees and are left out. Where no row holds on the day, the fee is not there.
[[nodiscard]] std::vector<Rate const*> find_fees(FeeTables const& tables, std::string_view typed, Day day);

// The groups of payers for whom something is less on that day in one of these fees, in the order of their keys. Those that the way
// of filing decides, and those that only a circular describes, nobody can say of himself.
[[nodiscard]] std::vector<Audience const*> groups_that_matter(FeeTables const& tables, std::span<std::string const> fee_codes, Day day);

}  // namespace cho40::fees
