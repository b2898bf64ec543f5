#pragma once
#include "etax/ports.h"
#include "etax/returns.h"
#include "ledger/ports.h"

namespace cho40::etax {

struct ForwardPolicy {
    std::chrono::milliseconds first_pause{2000};               // after news; doubled each time nothing new is heard
    std::chrono::milliseconds longest_pause{std::chrono::minutes(15)};
};

// What a round came upon, for logs and metrics.
struct ForwardNews {
    Id<TaxReturn> ret;
    FilingState state = FilingState::draft;
    std::vector<FilingAction> actions;
};

// Carries queued returns to the gateway and their notices back. Every step is durable before the next begins, so a crash
// at any point is made good: that bytes are about to leave is written down first, and whoever finds that note later asks
// by our transaction id instead of sending again.
class ForwardReturns {
public:
    ForwardReturns(ledger::Ledger& ledger, Returns& returns, TaxGateway& gateway, Papers const& papers, WorkingDays const& calendar,
                   Clock const& clock, Random& random, ForwardPolicy policy)
        : ledger_(ledger), returns_(returns), gateway_(gateway), papers_(papers), calendar_(calendar), clock_(clock), random_(random),
          policy_(policy)
    {
    }

    // One step for a return that is due. Errors: those of the store, the ledger and the gateway's configuration; `stale`
    // means that something else moved the return and nothing was done.
    [[nodiscard]] boost::asio::awaitable<Result<ForwardNews>> step(StoredReturn ret);

private:
    boost::asio::awaitable<Result<ForwardNews>> send(StoredReturn ret);
    boost::asio::awaitable<Result<ForwardNews>> ask(StoredReturn ret);
    boost::asio::awaitable<Result<ForwardNews>> take_in(Progress progress, std::vector<std::string> notices);
    boost::asio::awaitable<Result<ForwardNews>> commit(Progress progress, std::vector<std::shared_ptr<ledger::AttachedRow const>> rows);
    void schedule(Progress& progress) const;

    ledger::Ledger& ledger_;
    Returns& returns_;
    TaxGateway& gateway_;
    Papers const& papers_;
    WorkingDays const& calendar_;
    Clock const& clock_;
    Random& random_;
    ForwardPolicy policy_;
};

}  // namespace cho40::etax
