#include "qr-pay/refund_posting.h"
#include "base/text.h"

namespace cho40::qr_pay {

ledger::Guard refunds_guard(Id<PaymentRequest> payment, std::int64_t changes)
{
    return {make_derived_uuid({"refunds", payment.uuid.to_string()}), changes, changes + 1};
}

ledger::Guard transfer_guard(ledger::BookId book, Sha256 const& key)
{
    return {make_derived_uuid({"refund transfer", std::to_string(book.value), to_hex(key)}), 0, 1};
}

std::vector<ledger::Transfer> transfers_for(std::optional<Refund> const& before, StoredRefund const& after, Instant at)
{
    using enum ledger::AccountKind;
    std::vector<ledger::Transfer> out;
    auto const move = [&](std::string_view what, ledger::AccountKind debit, ledger::AccountKind credit, Dong amount,
                          ledger::TransferCode code) {
        if (!amount.is_positive()) return;
        auto const id = Id<ledger::Transfer>(make_derived_uuid({"refund", after.refund.id.uuid.to_string(), what}));
        out.emplace_back(id, ledger::account_number(after.ordinal, debit), ledger::account_number(after.ordinal, credit), amount, code,
                         after.refund.code.text(), at);
    };
    bool const stood = before && stands_in_books(before->state);
    bool const stands = stands_in_books(after.refund.state);
    if (!stood && stands) move("owed", sales, refund_due, after.refund.from_sale(), ledger::TransferCode::refund_owed);
    if (stood && after.refund.state == RefundState::done)
        move("paid", refund_due, bank, after.refund.amount, ledger::TransferCode::refund_paid);
    else if (stood && !stands) move("dropped", refund_due, sales, after.refund.from_sale(), ledger::TransferCode::refund_dropped);
    return out;
}

ledger::Command refund_command(std::optional<Refund> const& before, StoredRefund const& after, std::int64_t changes, Instant now,
                               Random& random)
{
    ledger::Command command(after.book);
    command.transfers = transfers_for(before, after, after.transfer ? std::min(after.transfer->booked_at, now) : now);
    command.guards.push_back(refunds_guard(after.payment, changes));
    if (after.transfer) command.guards.push_back(transfer_guard(after.book, after.transfer->key));
    if (before) command.rows.push_back(std::make_shared<ChangedRefund>(after));
    else command.rows.push_back(std::make_shared<NewRefund>(after));
    ledger::Event event;
    event.id = make_uuid7(now, random);
    event.stream = after.payee.uuid;
    event.type = "refund." + std::string(name_of(after.refund.state));
    event.resource = after.refund.id.uuid;
    event.attributes = {{"payment", after.payment.uuid.to_string()},
                        {"amount", after.refund.amount.count()},
                        {"state", std::string(name_of(after.refund.state))},
                        {"code", after.refund.code.text()},
                        {"version", after.refund.version}};
    command.events.push_back(std::move(event));
    return command;
}

}  // namespace cho40::qr_pay
