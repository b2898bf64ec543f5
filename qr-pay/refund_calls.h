#pragma once
#include "qr-pay/make_refund.h"

namespace cho40::qr_pay {

// What is asked of a provider. The code makes the order its own: the outgoing transfer carries it in its memo.
struct RefundCall {
    ledger::BookId book;
    Id<RailAccountTag> rail_account;
    std::string bank_reference;  // of the credit that is given back
    std::string bank_bin;        // and account_number: it came to
    std::string account_number;
    Dong amount;
    bool is_part = false;        // of the credit
    std::string code;
};

enum class RefundCallOutcome {
    taken,    // the provider makes the transfer
    refused,  // it surely does not
    unknown,  // no answer, or none that says: perhaps it does
};

// A provider's refund call, whichever it is. Called at most once for a refund: a second call could pay twice.
struct RefundProvider {
    virtual ~RefundProvider() = default;
    // Whether refunds of what this rail account told of can be asked for. Errors: unavailable.
    [[nodiscard]] virtual boost::asio::awaitable<Result<bool>> can_call(ledger::BookId book, Id<RailAccountTag> rail_account) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<RefundCallOutcome> call(RefundCall call) = 0;
};

// The credit that a provider is asked to give back.
struct RefundSource {
    Id<RailAccountTag> rail_account;
    std::string bank_reference;  // "" where the rail did not tell
    std::string bank_bin;
    std::string account_number;
    Dong amount;
};

struct RefundSources {
    virtual ~RefundSources() = default;
    // The credits of what is refunded. Errors: unavailable.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<RefundSource>>> sources_of(ledger::BookId book, Uuid subject) = 0;
    // Refunds that are due by their provider and were not called yet, oldest first.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<RefundFacts>>> to_call(int limit) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<RefundFacts>>> find(Id<Refund> id) = 0;
};

// Asks providers to make the transfers that were left to them. That a call begins is durable before it goes out, so that whatever
// happens then - a time-out, the end of the process, another instance at the same work - there is never a second one: what is not
// known stays in doubt until the bank tells of the outgoing transfer, or a person looks.
class RefundCalls {
public:
    RefundCalls(RefundSources& sources, RefundProvider& provider, ledger::Ledger& ledger, Clock const& clock, Random& random)
        : sources_(sources), provider_(provider), ledger_(ledger), clock_(clock), random_(random)
    {
    }

    // A provider can be asked when one credit alone makes up what is refunded, and its rail account has a refund call.
    [[nodiscard]] boost::asio::awaitable<Result<bool>> can_call(ledger::BookId book, Uuid subject);

    // Calls what waits for it. True: there is more.
    [[nodiscard]] boost::asio::awaitable<Result<bool>> call_due();

private:
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<RefundSource>>> source_of(ledger::BookId book, Uuid subject);
    [[nodiscard]] boost::asio::awaitable<Result<Done>> call_one(RefundFacts refund);
    [[nodiscard]] boost::asio::awaitable<Result<Done>> write(RefundFacts before, Result<Refund> after, std::string reason);

    RefundSources& sources_;
    RefundProvider& provider_;
    ledger::Ledger& ledger_;
    Clock const& clock_;
    Random& random_;
};

}  // namespace cho40::qr_pay
