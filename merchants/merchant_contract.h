#pragma once
#include "ledger/extra.h"
#include "ledger/ports.h"
#include "merchants/stall.h"
#include "qr-pay/sign_check.h"
#include "qr-pay/stall_codes.h"
#include <span>

namespace cho40::merchants {

// A stall's contract with an acquirer to be paid as a merchant, as it was registered. Registrations are added, never changed.
struct MerchantContract {
    ledger::BookId book;
    Id<MerchantContract> id;
    Id<Stall> stall;
    qr_pay::MerchantTerms terms;
    Day valid_from;
    std::optional<Day> valid_to;  // its last day
    Id<qr_pay::UserTag> registered_by;
    Instant registered_at;

    [[nodiscard]] qr_pay::PaymentAddress address() const;
};

// The contract a stall has on a day. Each registration replaces what was known from its first day on, and of two from the same
// day the later one counts: so a contract is ended early by registering it once more with its last day.
[[nodiscard]] MerchantContract const* contract_on(std::span<MerchantContract const> of_stall, Day day);

struct NewMerchantContract final : ledger::AttachedRow {
    explicit NewMerchantContract(MerchantContract c) : contract(std::move(c)) {}
    MerchantContract contract;
};

struct MerchantContracts {
    virtual ~MerchantContracts() = default;
    // All registrations of every stall that has ever registered one of the addresses, in any market.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<MerchantContract>>> of_stalls_with(
        std::vector<qr_pay::PaymentAddress> addresses) = 0;
};

// Errors: validation_failed (with `fields`), invalid_state (the merchant id is another stall's on one of the days: nobody could
// tell whose money it is), stale (somebody registered the same id at the same moment), and what the ledger answers.
class RegisterMerchantContract {
public:
    RegisterMerchantContract(ledger::Ledger& ledger, MerchantContracts& contracts, Clock const& clock, Random& random)
        : ledger_(ledger), contracts_(contracts), clock_(clock), random_(random)
    {
    }

    [[nodiscard]] boost::asio::awaitable<Result<MerchantContract>> operator()(MerchantContract facts,
                                                                              ledger::Extra<MerchantContract> extra);

private:
    ledger::Ledger& ledger_;
    MerchantContracts& contracts_;
    Clock const& clock_;
    Random& random_;
};

// A stall other than the contract's that is paid on the same address on one of its days. Pure.
[[nodiscard]] std::optional<Id<Stall>> other_holder(MerchantContract const& contract, std::span<MerchantContract const> registered);

}  // namespace cho40::merchants
