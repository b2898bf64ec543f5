#pragma once
#include "fees/ports.h"
#include "fees/tables_in_force.h"
#include "ledger/extra.h"
#include "ledger/ports.h"

namespace cho40::fees {

// Lines to assess together: one payer, one day.
struct LinesOrder {
    Day day;
    Channel channel = Channel::counter;
    std::vector<std::string> personas;  // keys of audiences.csv; parse_persona()
    std::optional<Dong> vnd_per_usd;    // fees in USD: the bank's rate of the day; a notice has none, an officer looks at it
    bool conditions_confirmed = false;  // an officer has seen that written conditions are met
    std::vector<LineOrder> lines;       // 1 to 20
};

// Errors: those of assess(), with the line in the pointer (/lines/2/fee_code).
[[nodiscard]] Result<std::vector<AssessedLine>> assess_lines(FeeTables const& tables, LinesOrder const& order);

struct NoticeOrder {
    RegisteredAgency agency;
    std::string dossier_code, procedure_code, payer_name;
    LinesOrder lines;
    Day due_day;  // the amount holds until its end; later it is assessed again
    Id<qr_pay::UserTag> created_by;
};

// Writes a notice for a dossier. Errors: those of assess_lines() and FeeNotice::make(): fee_amount_unknown blocks a
// notice with a line whose amount nobody knows; series_exhausted, when no receipt could be issued for it. And what the
// ledger answers.
class CreateNotice {
public:
    CreateNotice(TablesInForce const& tables, ReceiptNumbers& numbers, ledger::Ledger& ledger, Clock const& clock, Random& random)
        : tables_(tables), numbers_(numbers), ledger_(ledger), clock_(clock), random_(random)
    {
    }

    [[nodiscard]] boost::asio::awaitable<Result<StoredNotice>> operator()(NoticeOrder order, ledger::Extra<StoredNotice> extra);

private:
    TablesInForce const& tables_;
    ReceiptNumbers& numbers_;
    ledger::Ledger& ledger_;
    Clock const& clock_;
    Random& random_;
};

}  // namespace cho40::fees
