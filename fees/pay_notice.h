#pragma once
#include "fees/ports.h"
#include "qr-pay/change_payment.h"
#include "qr-pay/request_payment.h"

namespace cho40::fees {

// The payer wants to pay: a payment request for what is still due. The same key, or a request that is still open, gives
// the same request again; after its time a new one is made, with a new code for the same dues. Errors:
// notice_not_payable (paid, cancelled, out of date), series_exhausted (no receipt could be issued), not_found, and what the
// ledger answers.
class StartPaying {
public:
    static constexpr std::chrono::minutes valid_for{15};

    StartPaying(Notices& notices, ReceiptNumbers& numbers, PaymentRequests& requests, qr_pay::RequestPayment& request_payment,
                Clock const& clock)
        : notices_(notices), numbers_(numbers), requests_(requests), request_payment_(request_payment), clock_(clock)
    {
    }

    // `key` names the intention: 8 to 64 letters, digits, '-', '_'; anything else is as good as none.
    [[nodiscard]] boost::asio::awaitable<Result<qr_pay::StoredRequest>> operator()(Id<FeeNotice> notice, std::string key);

private:
    boost::asio::awaitable<Result<qr_pay::StoredRequest>> attempt(Id<FeeNotice> notice, std::string key);

    Notices& notices_;
    ReceiptNumbers& numbers_;
    PaymentRequests& requests_;
    qr_pay::RequestPayment& request_payment_;
    Clock const& clock_;
};

// Ten more minutes for the request that is shown. Errors: invalid_state (it is not waiting any more, or an hour has
// passed since it was made), not_found.
class ExtendPaying {
public:
    static constexpr std::chrono::minutes step{10};
    static constexpr std::chrono::minutes longest{60};  // from the making of the request

    ExtendPaying(PaymentRequests& requests, qr_pay::ChangePayment& change_payment, Clock const& clock)
        : requests_(requests), change_payment_(change_payment), clock_(clock)
    {
    }

    [[nodiscard]] static bool may_extend(qr_pay::PaymentRequest const& request);
    [[nodiscard]] boost::asio::awaitable<Result<qr_pay::StoredRequest>> operator()(StoredNotice notice);

private:
    PaymentRequests& requests_;
    qr_pay::ChangePayment& change_payment_;
    Clock const& clock_;
};

}  // namespace cho40::fees
