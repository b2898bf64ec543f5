#include "qr-pay/refund_posting.h"
#include "base/text.h"
#include <map>

namespace cho40::qr_pay {

namespace {

// A refund takes from one account once, however many lines of a receipt it gives back.
std::map<ledger::AccountKind, Dong> by_account(Refund const& refund)
{
    std::map<ledger::AccountKind, Dong> sums;
    for (auto const& part : refund.parts) {
        auto& sum = sums[part.from];
        sum = Dong(sum.count() + part.amount.count());  // parts of the amount
    }
    return sums;
}

}  // namespace

std::string_view name_of(RefundSubject subject)
{
    switch (subject) {
    case RefundSubject::payment: return "payment";
    case RefundSubject::credit: return "credit";
    case RefundSubject::notice: return "notice";
    }
    return "unknown";
}

ledger::Guard refunds_guard(Uuid const& subject, std::int64_t changes)
{
    return {make_derived_uuid({"refunds", subject.to_string()}), changes, changes + 1};
}

ledger::Guard transfer_guard(ledger::BookId book, Sha256 const& key)
{
    return {make_derived_uuid({"refund transfer", std::to_string(book.value), to_hex(key)}), 0, 1};
}

std::vector<ledger::Transfer> transfers_for(std::optional<Refund> const& before, StoredRefund const& after, Instant at)
{
    using enum ledger::AccountKind;
    using ledger::TransferCode;
    std::vector<ledger::Transfer> out;
    auto const& refund = after.refund;
    auto const move = [&](std::string const& what, ledger::AccountKind debit, ledger::AccountKind credit, Dong amount, TransferCode code) {
        auto const id = Id<ledger::Transfer>(make_derived_uuid({"refund", refund.id.uuid.to_string(), what}));
        out.emplace_back(id, ledger::account_number(after.ordinal, debit), ledger::account_number(after.ordinal, credit), amount, code,
                         refund.code.text(), at);
    };
    bool const stood = before && stands_in_books(before->state);
    bool const stands = stands_in_books(refund.state);
    bool const was_paid = before && before->state == RefundState::done;
    if (!stood && stands) {
        for (auto const& [account, amount] : by_account(refund))
            move("owed/" + std::string(account_kind_name(account)), account, refund_due, amount, TransferCode::refund_owed);
    }
    if (stood && refund.state == RefundState::done) move("paid", refund_due, bank, refund.amount, TransferCode::refund_paid);
    if (was_paid && refund.state == RefundState::returned) move("returned", bank, refund_due, refund.amount, TransferCode::reversal);
    bool const left_unpaid = stood && !stands && refund.state != RefundState::done;
    if (left_unpaid || refund.state == RefundState::returned) {
        for (auto const& [account, amount] : by_account(refund))
            move("dropped/" + std::string(account_kind_name(account)), refund_due, account, amount, TransferCode::refund_dropped);
    }
    return out;
}

namespace {

// When the bank moved the money, as far as the step is about that.
Instant moved_at(StoredRefund const& after, Instant now)
{
    auto const& transfer = after.returned_by ? after.returned_by : after.transfer;
    return transfer ? std::min(transfer->booked_at, now) : now;
}

}  // namespace

ledger::Event refund_event(StoredRefund const& stored, std::string_view what, Instant now, Random& random)
{
    auto const& refund = stored.refund;
    ledger::Event event;
    event.id = make_uuid7(now, random);
    event.stream = stored.owner.uuid;
    event.type = "refund." + std::string(what);
    event.resource = refund.id.uuid;
    event.attributes = {{std::string(name_of(stored.subject_kind)), stored.subject.to_string()},
                        {"amount", refund.amount.count()},
                        {"state", std::string(name_of(refund.state))},
                        {"code", refund.code.text()},
                        {"version", refund.version}};
    return event;
}

ledger::Command refund_command(std::optional<Refund> const& before, StoredRefund const& after, std::int64_t changes, Instant now,
                               Random& random)
{
    ledger::Command command(after.book);
    command.transfers = transfers_for(before, after, moved_at(after, now));
    command.guards.push_back(refunds_guard(after.subject, changes));
    if (after.refund.state == RefundState::done) command.guards.push_back(transfer_guard(after.book, after.transfer->key));
    if (before) command.rows.push_back(std::make_shared<ChangedRefund>(after));
    else command.rows.push_back(std::make_shared<NewRefund>(after));
    command.events.push_back(refund_event(after, name_of(after.refund.state), now, random));
    return command;
}

}  // namespace cho40::qr_pay
