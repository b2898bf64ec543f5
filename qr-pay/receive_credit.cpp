#include "qr-pay/receive_credit.h"
#include "base/check.h"
#include "qr-pay/memo.h"
#include <algorithm>

namespace cho40::qr_pay {
namespace {

// Two credits for one request may be decided at the same moment; the second reads again. More rounds than this means
// something is wrong, and the provider will tell it again.
constexpr int attempts_max = 8;

// What the memo's codes lead to. Codes that belong to nobody here are not known.
struct Found {
    std::optional<StoredRequest> request;
    CreditReason why_none = CreditReason::nameless;
};

Found request_of(BankCredit const& credit, CreditFacts const& facts)
{
    auto const by_code = [&](std::string_view code) {
        return std::ranges::find_if(facts.requests, [&](StoredRequest const& r) { return r.request.code.text() == code; });
    };
    if (!credit.order_code.empty()) {
        if (auto const it = by_code(credit.order_code); it != facts.requests.end()) return {*it, {}};
    }
    auto const known = [&](std::string_view code) { return by_code(code) != facts.requests.end(); };
    auto const reading = extract_codes(credit.memo, known);
    if (reading.result == MemoResult::match) return {*by_code(reading.codes.front()), {}};
    if (reading.result == MemoResult::ambiguous) return {std::nullopt, CreditReason::ambiguous};
    return {};
}

std::string_view event_of(CreditDecision const& decision)
{
    switch (decision.reason) {
    case CreditReason::exact:
    case CreditReason::topped_up: return "payment.paid";
    case CreditReason::short_paid: return "payment.underpaid";
    case CreditReason::over: return "payment.overpaid";
    case CreditReason::late:
    case CreditReason::late_short:
    case CreditReason::late_over: return "payment.paid_late";
    case CreditReason::duplicate: return "payment.duplicate";
    case CreditReason::nameless:
    case CreditReason::ambiguous:
    case CreditReason::suggested: return "credit.nameless";
    }
    return "credit.nameless";
}

}  // namespace

boost::asio::awaitable<Result<Received>> ReceiveCredit::operator()(Notification notification)
{
    for (int attempt_no = 1;; ++attempt_no) {
        auto received = co_await attempt(notification);
        bool const again = !received && (received.error().code == Errc::stale || received.error().code == Errc::transfer_differs);
        if (!again || attempt_no == attempts_max) co_return received;
    }
}

boost::asio::awaitable<Result<Received>> ReceiveCredit::attempt(Notification notification)
{
    auto const& credit = notification.credit;
    if (credit.direction == Direction::out) co_return co_await keep(std::move(notification), InboxOutcome::money_out, std::nullopt);

    auto const key = dedupe_key(credit);
    CreditQuery query;
    query.book = notification.book;
    query.account_number = credit.account_number;
    query.virtual_account = credit.virtual_account;
    query.dedupe = sha256(key);
    for (auto const& code : codes_to_look_up(credit.memo)) query.codes.push_back(code.text());
    if (!credit.order_code.empty()) query.codes.push_back(credit.order_code);
    query.amount = credit.amount;
    query.booked_at = credit.booked_at;
    CHO_CO_TRY(auto facts, co_await finder_.find(std::move(query)));

    if (!facts.account) {
        CHO_CO_TRY_DO(co_await keep(std::move(notification), InboxOutcome::unknown_account, std::nullopt));
        co_return fail(Errc::unknown_receiving_account, "no stall and no agency is paid on this account");
    }
    if (facts.known) co_return co_await keep(std::move(notification), InboxOutcome::repeated, facts.known);
    for (auto const& other : facts.alike) {
        if (may_be_same_transfer(other.credit, credit)) co_return co_await keep(std::move(notification), InboxOutcome::linked, other.id);
    }

    auto found = request_of(credit, facts);
    auto suggested = found.request || found.why_none == CreditReason::ambiguous ? std::nullopt : suggest_request(facts.open, credit);
    if (suggested) found.why_none = CreditReason::suggested;

    auto const before = found.request ? std::optional(found.request->request) : std::nullopt;
    auto decision = decide_credit(before, credit, clock_.now(), found.why_none);
    auto const reason = decision.reason;

    Booking booking(notification, decision, *facts.account);
    booking.before = found.request;
    booking.transfer_seed = std::to_string(notification.book.value) + "/" + key;
    booking.credit_id = Id<CreditTag>(make_derived_uuid({"credit", booking.transfer_seed}));
    auto const credit_id = booking.credit_id;
    auto& rules = facts.account->owner_kind == OwnerKind::stall ? stalls_ : agencies_;
    auto const stream = found.request ? found.request->payee.uuid : facts.account->owner.uuid;
    auto consequences = co_await rules.consequences(booking);
    if (!consequences) {
        // Money that cannot be booked yet is not forgotten: its message stays as it came.
        if (consequences.error().code == Errc::series_exhausted) {
            CHO_CO_TRY_DO(co_await keep(std::move(notification), InboxOutcome::series_exhausted, std::nullopt));
        }
        co_return tl::unexpected<Error>(std::move(consequences).error());
    }

    ledger::Command command(notification.book);
    command.transfers = std::move(consequences->transfers);
    command.guards = std::move(consequences->guards);
    command.rows = std::move(consequences->rows);
    command.guards.push_back(ledger::Guard{credit_id.uuid, 0, 1});

    auto row = std::make_shared<NewBankCredit>(notification.book, credit_id, credit);
    row->dedupe = sha256(key);
    row->account = facts.account->id;
    row->owner = facts.account->owner;
    row->rail_account = notification.rail_account;
    row->received_at = notification.received_at;
    row->reason = reason;
    for (auto const& part : decision.allocations) {
        bool const owed = part.purpose == Purpose::overpaid_refund_due || part.purpose == Purpose::duplicate_refund_due;
        if (!owed) continue;
        CHO_CO_TRY(row->refund_due, add(row->refund_due, part.amount));
    }
    if (suggested) {
        auto const it = std::ranges::find(facts.open, *suggested, &PaymentRequest::code);
        if (it != facts.open.end()) row->suggested = it->id;
    }
    if (decision.request) {
        row->request = decision.request->id;
        command.guards.push_back(ledger::Guard{decision.request->id.uuid, before->version, decision.request->version});
        command.rows.push_back(
            std::make_shared<ChangedPaymentRequest>(notification.book, *decision.request, std::string(name_of(reason)), clock_.now()));
    }
    command.rows.push_back(std::move(row));
    command.rows.push_back(inbox_entry(notification, InboxOutcome::booked, credit_id));

    ledger::Event event;
    event.id = make_uuid7(clock_.now(), random_);
    event.stream = stream;
    event.type = event_of(decision);
    event.resource = decision.request ? decision.request->id.uuid : credit_id.uuid;
    event.attributes = {
        {"credit_amount", credit.amount.count()}, {"reason", std::string(name_of(reason))}, {"payer_bank", credit.payer_bank}};
    if (decision.request) {
        event.attributes.emplace_back("state", std::string(name_of(decision.request->state)));
        event.attributes.emplace_back("asked", decision.request->asked.count());
        event.attributes.emplace_back("received", decision.request->received.count());
        event.attributes.emplace_back("remaining", decision.remaining.count());
        event.attributes.emplace_back("code", decision.request->code.text());
        event.attributes.emplace_back("version", decision.request->version);
    }
    command.events.push_back(std::move(event));
    command.events.insert(command.events.end(), consequences->events.begin(), consequences->events.end());

    CHO_CO_TRY(auto receipt, co_await ledger_.submit(std::move(command)));
    // The writer knew the transfer although the database did not show it yet: the twin that was in flight has won.
    if (receipt.replayed) co_return co_await keep(std::move(notification), InboxOutcome::repeated, credit_id);
    Received received;
    received.credit = credit_id;
    received.reason = reason;
    co_return received;
}

std::shared_ptr<NewInboxEntry> ReceiveCredit::inbox_entry(Notification const& notification, InboxOutcome outcome,
                                                          std::optional<Id<CreditTag>> credit)
{
    auto entry = std::make_shared<NewInboxEntry>();
    entry->book = notification.book;
    entry->id = make_id<InboxTag>(notification.received_at, random_);
    entry->rail_account = notification.rail_account;
    entry->received_at = notification.received_at;
    entry->headers = notification.headers;
    entry->body = notification.body;
    entry->outcome = outcome;
    entry->credit = credit;
    return entry;
}

boost::asio::awaitable<Result<Received>> ReceiveCredit::keep(Notification notification, InboxOutcome outcome,
                                                             std::optional<Id<CreditTag>> credit)
{
    ledger::Command command(notification.book);
    command.rows.push_back(inbox_entry(notification, outcome, credit));
    if (credit && outcome == InboxOutcome::repeated)
        command.rows.push_back(std::make_shared<RepeatedBankCredit>(notification.book, *credit));
    CHO_CO_TRY_DO(co_await ledger_.submit(std::move(command)));
    Received received;
    received.outcome = outcome;
    if (credit) received.credit = *credit;
    co_return received;
}

std::string_view name_of(InboxOutcome outcome)
{
    switch (outcome) {
    case InboxOutcome::booked: return "booked";
    case InboxOutcome::repeated: return "repeated";
    case InboxOutcome::linked: return "linked";
    case InboxOutcome::money_out: return "money_out";
    case InboxOutcome::unknown_account: return "unknown_account";
    case InboxOutcome::series_exhausted: return "series_exhausted";
    }
    return "unknown";
}

}  // namespace cho40::qr_pay
