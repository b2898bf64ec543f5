#pragma once
#include "ledger/extra.h"
#include "ledger/ports.h"
#include "qr-pay/records.h"

namespace cho40::qr_pay {

struct PaymentOrder {
    ledger::BookId book;
    PayeeKind payee_kind = PayeeKind::stall;
    Id<Payee> payee;
    ReceivingAccount account;
    Dong amount;                 // 1 .. amount_max
    std::string note;            // shown to the payee only; up to 200 characters
    std::string memo_text;       // behind the code in the memo; ASCII is made of it and it is cut to fit
    std::string virtual_account; // given out by a provider for this request alone; "" for none. The code asks for money there
    std::string client_ref;      // the caller's own id, unique per payee for ever; "" for none
    std::chrono::seconds valid_for = std::chrono::minutes(15);
    Id<UserTag> created_by;
};

// Makes a request for money: draws an order code, builds the VietQR payload, writes it. Errors: amount_not_positive,
// limit_exceeded, text_too_long, invalid_format (of a virtual account), duplicate_client_ref, and what the ledger answers.
class RequestPayment {
public:
    RequestPayment(ledger::Ledger& ledger, Clock const& clock, Random& random) : ledger_(ledger), clock_(clock), random_(random) {}

    [[nodiscard]] boost::asio::awaitable<Result<StoredRequest>> operator()(PaymentOrder order, ledger::Extra<StoredRequest> extra);

private:
    ledger::Ledger& ledger_;
    Clock const& clock_;
    Random& random_;
};

}  // namespace cho40::qr_pay
