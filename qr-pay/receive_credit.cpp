#include "qr-pay/receive_credit.h"
#include "base/text.h"
#include "qr-pay/credit_event.h"
#include "qr-pay/find_refund.h"
#include "qr-pay/find_request.h"
#include "qr-pay/refund_posting.h"
#include "qr-pay/return_refund.h"
#include "qr-pay/settle_refund.h"
#include "qr-pay/twin_guards.h"
#include <algorithm>
#include <utility>

namespace cho40::qr_pay {
namespace {

// Credits for one request may be decided at the same moment; all but one read again. More rounds than this means something is
// wrong, and it is tried again later.
constexpr int rounds_max = 12;

CreditQuery query_of(Notification const& notification)
{
    auto const& credit = notification.credit;
    CreditQuery query;
    query.book = notification.book;
    query.inbox = notification.id;
    query.account_number = credit.account_number;
    query.virtual_account = credit.virtual_account;
    query.dedupe = sha256(dedupe_key(credit));
    query.direction = credit.direction;
    for (auto const& code : codes_to_look_up(credit.memo)) query.codes.push_back(code.text());
    if (!credit.order_code.empty()) query.codes.push_back(credit.order_code);
    query.memo = credit.memo;
    query.amount = credit.amount;
    query.squeezed_memo = squeeze(credit.memo);
    query.booked_at = credit.booked_at;
    return query;
}

std::shared_ptr<ToldRefundTransfer const> told_of(Notification const& notification, RefundSettlement const& settlement, Instant now)
{
    return std::make_shared<ToldRefundTransfer>(notification.book, notification.id, settlement.refund->refund.id, settlement.outcome,
                                                settlement.match, now);
}

std::string seed_of(ledger::BookId book, BankCredit const& credit) { return std::to_string(book.value) + "/" + dedupe_key(credit); }

}  // namespace

Id<CreditTag> credit_id_of(ledger::BookId book, BankCredit const& credit)
{
    return Id<CreditTag>(make_derived_uuid({"credit", seed_of(book, credit)}));
}

boost::asio::awaitable<std::vector<Result<Received>>> ReceiveCredit::operator()(std::vector<Notification> notifications)
{
    std::vector<Result<Received>> answers(notifications.size(), fail(Errc::stale, "decided by others at the same moment again and again"));
    std::vector<std::size_t> open(notifications.size());
    for (std::size_t i = 0; i < open.size(); ++i) open[i] = i;

    for (int round = 0; round < rounds_max && !open.empty(); ++round) {
        std::vector<CreditQuery> queries;
        for (auto const i : open) queries.push_back(query_of(notifications[i]));
        auto facts = co_await finder_.find(std::move(queries));
        if (!facts) {
            for (auto const i : open) answers[i] = fail(facts.error());
            co_return answers;
        }
        std::vector<ledger::Command> commands;
        std::vector<std::size_t> submitted, again;
        TwinGuards twins;
        for (std::size_t k = 0; k < open.size(); ++k) {
            if (auto& behind = (*facts)[k].account_behind) {
                // Whoever else tells of this money may name the account itself: it is looked for as what it is.
                auto& credit = notifications[open[k]].credit;
                credit.virtual_account = std::exchange(credit.account_number, *std::move(behind));
                again.push_back(open[k]);
                continue;
            }
            auto planned = co_await plan(notifications[open[k]], std::move((*facts)[k]), twins);
            if (!planned) {
                answers[open[k]] = fail(std::move(planned).error());
                continue;
            }
            if (planned->must_wait) {
                again.push_back(open[k]);
                continue;
            }
            answers[open[k]] = planned->received;
            if (!planned->command) continue;
            commands.push_back(*std::move(planned->command));
            submitted.push_back(open[k]);
        }
        auto const receipts = co_await ledger_.submit_all(std::move(commands));
        for (std::size_t c = 0; c < receipts.size(); ++c) {
            auto const& receipt = receipts[c];
            if (receipt && !receipt->replayed) continue;
            answers[submitted[c]] = receipt ? fail(Errc::stale, "told twice at the same moment") : fail(receipt.error());
            // Replayed: the twin that was in flight has won, and the next look will show it.
            bool const decided = !receipt && receipt.error().code != Errc::stale && receipt.error().code != Errc::transfer_differs;
            if (!decided) again.push_back(submitted[c]);
        }
        std::ranges::sort(again);  // in the order of arrival
        open = std::move(again);
    }
    co_return answers;
}

boost::asio::awaitable<Result<ReceiveCredit::Plan>> ReceiveCredit::plan(Notification const& notification, CreditFacts facts,
                                                                        TwinGuards& twins)
{
    auto const& credit = notification.credit;
    if (facts.known && facts.known->inbox == notification.id) {
        co_return Plan{{InboxOutcome::booked, facts.known->id, facts.known->reason}, {}, false};
    }
    if (facts.matched) co_return Plan{*facts.matched, {}, false};
    if (credit.direction == Direction::out)
        co_return co_await plan_refund(notification, settle_refund(notification, facts.refunds, clock_.now(), random_));
    if (!facts.account) co_return note(notification, InboxOutcome::unknown_account, std::nullopt);
    if (facts.known) {
        bool const same = facts.known->amount == credit.amount;
        co_return note(notification, same ? InboxOutcome::repeated : InboxOutcome::differs, facts.known->id);
    }
    // Money that names a refund and does not simply send it back is money like any other, and noted with the refund.
    auto beside = settle_return(notification, facts.refunds, clock_.now(), random_);
    if (beside) {
        bool const is_told_again = beside->outcome == InboxOutcome::repeated || beside->outcome == InboxOutcome::linked;
        bool const names_request = !facts.requests.empty();
        bool const is_sent_back = beside->outcome == InboxOutcome::refund_returned && !names_request;
        if (is_told_again || is_sent_back) co_return co_await plan_refund(notification, *std::move(beside));
        if (names_request) beside.reset();
    }
    for (auto const& other : facts.alike) {
        // A rail tells a transfer once: what it has told already is not what it tells now.
        bool const told = std::ranges::find(other.retold_by, credit.rail) != other.retold_by.end();
        if (told || !may_be_same_transfer(other.credit, credit)) continue;
        auto linked = note(notification, InboxOutcome::linked, other.id);
        linked.must_wait = !twins.add(*linked.command, facts, credit, &other);
        co_return linked;
    }

    auto const found = find_request(credit, facts);
    auto const before = found.request ? std::optional(found.request->request) : std::nullopt;
    auto decision = decide_credit(before, credit, clock_.now(), found.why_none);
    auto const credit_id = credit_id_of(notification.book, credit);

    Booking booking(notification, decision, *facts.account);
    booking.before = found.request;
    booking.transfer_seed = seed_of(notification.book, credit);
    booking.credit_id = credit_id;
    auto& rules = facts.account->owner_kind == OwnerKind::stall ? stalls_ : agencies_;
    auto consequences = co_await rules.consequences(booking);
    if (!consequences) {
        // Money that cannot be booked yet is not forgotten: it is asked again until it can.
        if (consequences.error().code == Errc::series_exhausted) co_return note(notification, InboxOutcome::series_exhausted, std::nullopt);
        co_return tl::unexpected<Error>(std::move(consequences).error());
    }

    ledger::Command command(notification.book);
    command.transfers = std::move(consequences->transfers);
    command.guards = std::move(consequences->guards);
    command.rows = std::move(consequences->rows);
    command.guards.push_back(ledger::Guard{credit_id.uuid, 0, 1});
    if (!twins.add(command, facts, credit, nullptr)) co_return Plan{{}, {}, true};

    auto row = std::make_shared<NewBankCredit>(notification.book, credit_id, credit);
    row->dedupe = sha256(dedupe_key(credit));
    row->account = facts.account->id;
    row->owner = facts.account->owner;
    row->rail_account = notification.rail_account;
    row->inbox = notification.id;
    row->received_at = notification.received_at;
    row->reason = decision.reason;
    row->suggested = found.suggested;
    row->match = found.match;
    for (auto const& part : decision.allocations) {
        bool const owed = part.purpose == Purpose::overpaid_refund_due || part.purpose == Purpose::duplicate_refund_due;
        if (!owed) continue;
        CHO_CO_TRY(row->refund_due, add(row->refund_due, part.amount));
    }
    if (decision.request) {
        row->request = decision.request->id;
        command.guards.push_back(ledger::Guard{decision.request->id.uuid, before->version, decision.request->version});
        command.rows.push_back(std::make_shared<ChangedPaymentRequest>(notification.book, *decision.request,
                                                                       std::string(name_of(decision.reason)), clock_.now()));
    }
    command.rows.push_back(std::move(row));
    if (beside) command.rows.push_back(told_of(notification, *beside, clock_.now()));
    command.rows.push_back(
        std::make_shared<MatchedNotification>(notification.book, notification.id, InboxOutcome::booked, credit_id, clock_.now()));
    auto const stream = found.request ? found.request->payee.uuid : facts.account->owner.uuid;
    command.events.push_back(credit_event(make_uuid7(clock_.now(), random_), stream, credit_id, credit, decision));
    command.events.insert(command.events.end(), consequences->events.begin(), consequences->events.end());
    co_return Plan{{InboxOutcome::booked, credit_id, decision.reason}, std::move(command), false};
}

boost::asio::awaitable<Result<ReceiveCredit::Plan>> ReceiveCredit::plan_refund(Notification const& notification,
                                                                               RefundSettlement settlement)
{
    auto plan = note(notification, settlement.outcome, std::nullopt);
    if (!settlement.refund) co_return plan;
    plan.command->rows.push_back(told_of(notification, settlement, clock_.now()));
    if (settlement.outcome == InboxOutcome::refund_differs)
        plan.command->events.push_back(refund_event(*settlement.refund, "differs", clock_.now(), random_));
    if (!settlement.command) co_return plan;
    auto& rules = settlement.refund->subject_kind == RefundSubject::notice ? agencies_ : stalls_;
    CHO_CO_TRY(auto more, co_await rules.consequences_of({*settlement.refund, *settlement.after}));
    auto& rows = settlement.command->rows;
    rows.insert(rows.end(), plan.command->rows.begin(), plan.command->rows.end());
    add_consequences(*settlement.command, std::move(more));
    plan.command = std::move(settlement.command);
    co_return plan;
}

void add_consequences(ledger::Command& command, Consequences more)
{
    auto const append = [](auto& to, auto& from) {
        to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    };
    append(command.transfers, more.transfers);
    append(command.guards, more.guards);
    append(command.rows, more.rows);
    append(command.events, more.events);
}

ReceiveCredit::Plan ReceiveCredit::note(Notification const& notification, InboxOutcome outcome, std::optional<Id<CreditTag>> credit)
{
    ledger::Command command(notification.book);
    command.rows.push_back(std::make_shared<MatchedNotification>(notification.book, notification.id, outcome, credit, clock_.now()));
    if (credit && outcome == InboxOutcome::repeated)
        command.rows.push_back(std::make_shared<RepeatedBankCredit>(notification.book, *credit));
    Received received;
    received.outcome = outcome;
    if (credit) received.credit = *credit;
    return {received, std::move(command), false};
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
    case InboxOutcome::differs: return "differs";
    case InboxOutcome::refund_paid: return "refund_paid";
    case InboxOutcome::refund_differs: return "refund_differs";
    case InboxOutcome::refund_returned: return "refund_returned";
    }
    return "unknown";
}

std::optional<InboxOutcome> inbox_outcome_named(std::string_view name)
{
    for (auto value = static_cast<int>(InboxOutcome::booked); value <= static_cast<int>(InboxOutcome::refund_returned); ++value) {
        if (name_of(static_cast<InboxOutcome>(value)) == name) return static_cast<InboxOutcome>(value);
    }
    return std::nullopt;
}

bool is_asked_again(InboxOutcome outcome) { return outcome == InboxOutcome::unknown_account || outcome == InboxOutcome::series_exhausted; }

}  // namespace cho40::qr_pay
