#pragma once
#include "fees/ports.h"
#include "ledger/ports.h"

namespace cho40::fees {

// When the case is told again after `tries` unsuccessful times (1 or more). Without an answer a few quick ones first;
// then, and after a refusal at once, 1, 5, 15, 30 minutes and every hour, without an end.
[[nodiscard]] std::chrono::seconds pause_before_next(CaseAnswer::Kind kind, int tries);

// The second tick: tells the system that keeps the case that its notice is paid, until it has heard. The outcome is
// written through the ledger, so that nothing is lost: a crash between telling and writing tells it once more.
class TellDossiers {
public:
    static constexpr int at_once = 20;

    TellDossiers(Notices& notices, CasePortal& portal, ledger::Ledger& ledger, Clock const& clock, Random& random)
        : notices_(notices), portal_(portal), ledger_(ledger), clock_(clock), random_(random)
    {
    }

    // One round over the notices that are due. True when there may be more.
    [[nodiscard]] boost::asio::awaitable<Result<bool>> round();

private:
    boost::asio::awaitable<Result<Done>> tell(NoticeWithAgency found);
    boost::asio::awaitable<Result<Done>> write(StoredNotice stored, CaseAnswer answer);

    Notices& notices_;
    CasePortal& portal_;
    ledger::Ledger& ledger_;
    Clock const& clock_;
    Random& random_;
};

}  // namespace cho40::fees
