#pragma once
#include "fees/agency.h"
#include "fees/receipt.h"
#include "fees/tables.h"

namespace cho40::fees {

// One fee of a collector in a period, as far as it shares what may be kept of it.
struct CollectedFee {
    FeeKind kind{};
    std::string fee_code;
    std::string name_vi;
    std::string budget_subitem;           // four digits, or empty
    std::optional<int> retained_percent;  // nothing: not known, or decided every year
    std::int64_t receipts = 0;            // issued in the period
    Dong gross;
    Dong given_back;                      // in the period, whenever it had been collected; what banks sent back counts down

    [[nodiscard]] Dong net() const { return Dong(gross.count() - given_back.count()); }
    std::optional<Dong> kept;             // of the net, rounded half up to one đồng once
    Dong to_budget;                       // the rest; nothing of a fee whose share is not known
};

// Receipts of one series.
struct CollectedSeries {
    std::string form;
    std::string symbol;
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::int64_t count = 0;
    Dong total;
};

// A receipt that the figures rest on.
struct CollectedReceipt {
    Receipt receipt;
    bool counts = false;  // issued in the period, and not cancelled or replaced
    Dong given_back;      // in the period
};

// What an agency collected from one day to another, what it gave back, may keep and owes the budget (fees reference §8.8,
// equation 4: collected − given back = kept + to the budget + what nobody has decided yet).
struct CollectorStatement {
    std::string agency_code;
    std::string agency_name;
    Day from;
    Day to;
    std::vector<CollectedFee> fees;         // phí before lệ phí, by code
    std::vector<CollectedSeries> series;
    std::vector<CollectedReceipt> receipts; // by series and number
    std::int64_t count = 0;                 // receipts that count
    Dong gross;
    Dong given_back;
    Dong kept;
    Dong to_budget;
    Dong undecided;                         // net of fees whose share is not known
};

// `receipts` are those issued in the period and those of which something was given back in it; others do no harm.
// Error: amount_overflow.
[[nodiscard]] Result<CollectorStatement> collector_statement(Agency const& agency, Day from, Day to, std::vector<Receipt> receipts,
                                                             Agencies const& agencies, FeeTables const& tables);

// As the file people take away (base/sealed_csv.h); the total row counts receipts and sums what was collected.
[[nodiscard]] std::string collector_csv(CollectorStatement const& statement);

}  // namespace cho40::fees
