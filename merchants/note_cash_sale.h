#pragma once
#include "ledger/extra.h"
#include "ledger/ports.h"
#include "merchants/records.h"

namespace cho40::merchants {

// Takings in cash that the stall notes for a day. They are turnover like any other: tax is computed on them. Errors:
// amount_not_positive, limit_exceeded, invalid_date (in the future, or more than two years back), text_too_long.
class NoteCashSale {
public:
    NoteCashSale(ledger::Ledger& ledger, Clock const& clock, Random& random) : ledger_(ledger), clock_(clock), random_(random) {}

    [[nodiscard]] boost::asio::awaitable<Result<CashSale>> operator()(StallWithAccount stall, CashSale facts,
                                                                      ledger::Extra<CashSale> extra);

private:
    ledger::Ledger& ledger_;
    Clock const& clock_;
    Random& random_;
};

}  // namespace cho40::merchants
