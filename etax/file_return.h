#pragma once
#include "etax/returns.h"
#include "etax/turnover.h"
#include "ledger/extra.h"
#include "ledger/ports.h"

namespace cho40::etax {

struct FilingTools {
    ledger::Ledger& ledger;
    Returns& returns;
    Turnovers& turnovers;
    Papers const& papers;
    RateBook const& rates;
    FormTables const& forms;
    WorkingDays const& calendar;
    Clock const& clock;
    Random& random;
};

// A draft of the return of a period, with every figure out of the ledger. Errors: those of prepare_return
// (period_not_open, nothing_to_file, form_version_missing, …), already_filed; nothing is stored then.
class DraftReturn {
public:
    explicit DraftReturn(FilingTools tools) : tools_(tools) {}
    [[nodiscard]] boost::asio::awaitable<Result<StoredReturn>> operator()(merchants::Household household, Period period,
                                                                          Id<qr_pay::UserTag> by, ledger::Extra<StoredReturn> extra);

private:
    FilingTools tools_;
};

// Builds the document of a draft, signs it, and queues it for the gateway; signing and queueing are one step. Without a
// gateway the return stays signed, and asking again once there is one queues the same bytes.
// Errors: invalid_state, already_filed (another return of the period is on its way or was accepted), signing_failed,
// certificate_mismatch, and those of prepare_return when the law has changed since the draft.
class SubmitReturn {
public:
    SubmitReturn(FilingTools tools, bool has_gateway) : tools_(tools), has_gateway_(has_gateway) {}
    [[nodiscard]] boost::asio::awaitable<Result<StoredReturn>> operator()(StoredReturn draft, ledger::Extra<StoredReturn> extra);

private:
    FilingTools tools_;
    bool has_gateway_;
};

// The document of a draft as it would be signed today.
[[nodiscard]] Result<ReturnDocument> document_of(ReturnInput input, FilingTools const& tools);

}  // namespace cho40::etax
