#include "qr-pay/change_payment.h"

namespace cho40::qr_pay {

boost::asio::awaitable<Result<StoredRequest>> ChangePayment::cancel_request(StoredRequest stored, ledger::Extra<StoredRequest> extra)
{
    CHO_CO_TRY(auto after, cancel(stored.request));
    co_return co_await write(std::move(stored), std::move(after), "payment.cancelled", "cancelled_by_payee", std::move(extra));
}

boost::asio::awaitable<Result<StoredRequest>> ChangePayment::waive(StoredRequest stored, ledger::Extra<StoredRequest> extra)
{
    CHO_CO_TRY(auto after, waive_shortage(stored.request));
    co_return co_await write(std::move(stored), std::move(after), "payment.paid", "shortage_waived", std::move(extra));
}

boost::asio::awaitable<Result<StoredRequest>> ChangePayment::expire_request(StoredRequest stored)
{
    CHO_CO_TRY(auto after, expire(stored.request, clock_.now()));
    co_return co_await write(std::move(stored), std::move(after), "payment.expired", "time_over", {});
}

boost::asio::awaitable<Result<StoredRequest>> ChangePayment::extend_request(StoredRequest stored, Instant until)
{
    CHO_CO_TRY(auto after, extend(stored.request, until));
    auto reason = stored.reason;
    co_return co_await write(std::move(stored), std::move(after), "payment.extended", std::move(reason), {});
}

boost::asio::awaitable<Result<StoredRequest>> ChangePayment::write(StoredRequest before, PaymentRequest after, std::string type,
                                                                   std::string reason, ledger::Extra<StoredRequest> extra)
{
    auto const now = clock_.now();
    auto stored = before;
    stored.request = after;
    stored.reason = reason;
    stored.since = now;
    ledger::Command command(before.book);
    command.guards.push_back(ledger::Guard{after.id.uuid, before.request.version, after.version});
    command.rows.push_back(std::make_shared<ChangedPaymentRequest>(before.book, after, reason, now));
    ledger::Event event;
    event.id = make_uuid7(now, random_);
    event.stream = before.payee.uuid;
    event.type = std::move(type);
    event.resource = after.id.uuid;
    event.attributes = {{"state", std::string(name_of(after.state))},
                        {"asked", after.asked.count()},
                        {"received", after.received.count()},
                        {"remaining", after.remaining().count()},
                        {"code", after.code.text()},
                        {"version", after.version},
                        {"reason", reason}};
    command.events.push_back(std::move(event));
    extra.add_to(command, stored);
    CHO_CO_TRY_DO(co_await ledger_.submit(std::move(command)));
    co_return stored;
}

}  // namespace cho40::qr_pay
