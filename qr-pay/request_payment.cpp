#include "qr-pay/request_payment.h"
#include "base/text.h"
#include "qr-pay/bank_account.h"
#include "qr-pay/vietqr.h"

namespace cho40::qr_pay {

boost::asio::awaitable<Result<StoredRequest>> RequestPayment::operator()(PaymentOrder order, ledger::Extra<StoredRequest> extra)
{
    if (!order.amount.is_positive()) co_return fail(Errc::amount_not_positive, "ask for at least 1 đồng", "/amount/amount");
    if (order.amount > amount_max)
        co_return fail(Errc::limit_exceeded, "ask for at most " + std::to_string(amount_max.count()) + " đồng", "/amount/amount");
    auto const& virtual_account = order.virtual_account;
    if (!virtual_account.empty() && !is_account_number(virtual_account))
        co_return fail(Errc::invalid_format, "an account has up to 19 letters and digits", "/virtual_account");
    if (count_code_points(order.note) > 200) co_return fail(Errc::text_too_long, "a note has at most 200 characters", "/note");

    auto const now = clock_.now();
    // A code that was drawn before is refused; draw again. Rare for one request, certain for a busy market: among 30,000
    // requests of a book the chance that two share a code is one in two. What else may be stale (a twin under the same
    // key or client_ref) stays stale, and the caller finds the twin.
    constexpr int draws_max = 4;
    for (int draw = 1;; ++draw) {
        PaymentRequest request(make_id<PaymentRequest>(now, random_), OrderCode::draw(random_), order.amount, now, now + order.valid_for);
        CHO_CO_TRY(request, show(std::move(request)));
        request.version = 1;
        QrRequest qr(order.account.bank_bin, virtual_account.empty() ? order.account.account_number : virtual_account);
        qr.amount = order.amount;
        qr.memo = memo_for(request.code, order.memo_text);
        CHO_CO_TRY(auto payload, encode(qr));

        StoredRequest stored(std::move(request), order.book);
        stored.payee_kind = order.payee_kind;
        stored.payee = order.payee;
        stored.ordinal = order.account.ordinal;
        stored.account = order.account.id;
        stored.note = order.note;
        stored.client_ref = order.client_ref;
        stored.qr_payload = std::move(payload);
        stored.virtual_account = virtual_account;
        stored.created_by = order.created_by;
        stored.since = now;

        ledger::Command command(order.book);
        command.guards.push_back(ledger::Guard{stored.request.id.uuid, 0, stored.request.version});
        command.guards.push_back(ledger::Guard{make_derived_uuid({"code", stored.request.code.text()}), 0, 1});
        if (!virtual_account.empty()) {
            auto const seed = std::to_string(order.book.value) + "/" + virtual_account;
            command.guards.push_back(ledger::Guard{make_derived_uuid({"virtual_account", seed}), 0, 1});
        }
        command.rows.push_back(std::make_shared<NewPaymentRequest>(stored));
        ledger::Event event;
        event.id = make_uuid7(now, random_);
        event.stream = order.payee.uuid;
        event.type = "payment.created";
        event.resource = stored.request.id.uuid;
        event.attributes = {{"state", std::string(name_of(stored.request.state))},
                            {"asked", order.amount.count()},
                            {"code", stored.request.code.text()},
                            {"version", stored.request.version}};
        command.events.push_back(std::move(event));
        extra.add_to(command, stored);

        auto receipt = co_await ledger_.submit(std::move(command));
        if (receipt) co_return stored;
        if (receipt.error().code != Errc::stale || draw == draws_max) co_return tl::unexpected<Error>(std::move(receipt).error());
    }
}

}  // namespace cho40::qr_pay
