#pragma once
#include "fees/ports.h"
#include "ledger/extra.h"
#include "ledger/ports.h"

namespace cho40::fees {

// Opens an agency's book with its accounts. Errors: invalid_input (bank account, letters of the receipt series),
// invalid_state (an agency with this code stands already), and what the ledger answers.
class RegisterAgency {
public:
    RegisterAgency(ledger::Ledger& ledger, RegisteredAgencies& agencies, Clock const& clock, Random& random)
        : ledger_(ledger), agencies_(agencies), clock_(clock), random_(random)
    {
    }

    // `facts.book` is a number nobody has; `facts.id` is drawn here.
    [[nodiscard]] boost::asio::awaitable<Result<RegisteredAgency>> operator()(RegisteredAgency facts,
                                                                              ledger::Extra<RegisteredAgency> extra);

private:
    ledger::Ledger& ledger_;
    RegisteredAgencies& agencies_;
    Clock const& clock_;
    Random& random_;
};

}  // namespace cho40::fees
