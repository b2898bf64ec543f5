#include "qr-pay/assign_credit.h"
#include "qr-pay/credit_event.h"

namespace cho40::qr_pay {

ledger::Guard unassigned_guard(Id<CreditTag> credit) { return {credit.uuid, 1, 1}; }

boost::asio::awaitable<Result<CreditDecision>> AssignCredit::operator()(Assignment assignment, ledger::Extra<CreditDecision> extra)
{
    auto const now = clock_.now();
    auto const& before = assignment.request.request;
    auto const decision = decide_credit(before, assignment.credit, now);

    Notification told(assignment.book, Id<InboxTag>(), Id<RailAccountTag>(), assignment.credit);
    told.received_at = now;
    Booking booking(told, decision, assignment.account);
    booking.before = assignment.request;
    booking.credit_id = assignment.id;
    booking.from = ledger::AccountKind::nameless_sales;
    booking.transfer_seed = "assigned/" + assignment.id.uuid.to_string();
    CHO_CO_TRY(auto consequences, co_await stalls_.consequences(booking));

    ledger::Command command(assignment.book);
    command.transfers = std::move(consequences.transfers);
    // A credit stands at version 1 from its booking; it is assigned once.
    command.guards = {ledger::Guard{assignment.id.uuid, 1, 2}, ledger::Guard{before.id.uuid, before.version, decision.request->version}};
    auto no_refund = refunds_guard(assignment.id.uuid, assignment.refund_changes);
    no_refund.next = no_refund.expected;
    command.guards.push_back(no_refund);
    auto row = std::make_shared<AssignedBankCredit>(assignment.book, assignment.id, before.id);
    row->reason = decision.reason;
    for (auto const& part : decision.allocations) {
        bool const owed = part.purpose == Purpose::overpaid_refund_due || part.purpose == Purpose::duplicate_refund_due;
        if (!owed) continue;
        CHO_CO_TRY(row->refund_due, add(row->refund_due, part.amount));
    }
    command.rows.push_back(std::move(row));
    command.rows.push_back(
        std::make_shared<ChangedPaymentRequest>(assignment.book, *decision.request, std::string(name_of(decision.reason)), now));
    auto const stream = assignment.request.payee.uuid;
    command.events.push_back(credit_event(make_uuid7(now, random_), stream, assignment.id, assignment.credit, decision));
    extra.add_to(command, decision);
    CHO_CO_TRY_DO(co_await ledger_.submit(std::move(command)));
    co_return decision;
}

}  // namespace cho40::qr_pay
