#pragma once
#include "etax/compute.h"
#include "merchants/stall.h"
#include <boost/asio/awaitable.hpp>

namespace cho40::etax {

enum class SalesChannel { qr, cash };

// What one stall took in one month over one channel: credits to its sales accounts less debits to them, by the day the
// sale happened in Vietnam's time.
struct TurnoverCell {
    std::size_t stall = 0;  // position in HouseholdTurnover::stalls
    unsigned month = 1;     // 1-12
    SalesChannel channel = SalesChannel::qr;
    std::int64_t count = 0;  // sales; returned ones are not taken off
    Dong sum;                // may be negative: more came back than was sold
    std::int64_t last_seq = 0;  // of the newest row of the stall's book that is in it
};

struct TurnoverStall {
    merchants::Stall stall;
    std::string market_name, market_address, ward_code, ward_name;
};

// The takings of one household in one calendar year, out of the ledger.
struct HouseholdTurnover {
    int year = 0;
    std::vector<TurnoverStall> stalls;
    std::vector<TurnoverCell> cells;

    [[nodiscard]] Dong between(unsigned first_month, unsigned last_month) const;  // both included
    [[nodiscard]] Dong of(Period period) const { return between(period.first_day().month(), period.last_day().month()); }
    // The newest row of a book that the sums of January to this month are made of; nothing when none of them is of this book.
    [[nodiscard]] std::optional<std::int64_t> last_row(ledger::BookId book, unsigned last_month) const;
    [[nodiscard]] Dong before(Period period) const { return between(1, period.first_day().month() - 1); }
};

struct Turnovers {
    virtual ~Turnovers() = default;
    // Also for a household without stalls or sales: then everything is zero.
    [[nodiscard]] virtual boost::asio::awaitable<Result<HouseholdTurnover>> of(Id<merchants::Household> household, int year) = 0;
};

// The lines of a return: one for each location, activity and VAT scheme. A line whose returns exceed its sales is zero -
// the form has no negative revenue. Lines of zero are left out, unless nothing was sold at all.
[[nodiscard]] std::vector<ActivityRevenue> revenue_lines(HouseholdTurnover const& turnover, unsigned first_month, unsigned last_month);

}  // namespace cho40::etax
