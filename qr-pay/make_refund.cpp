#include "qr-pay/make_refund.h"
#include "base/text.h"
#include "qr-pay/assign_credit.h"
#include "qr-pay/refund_posting.h"
#include <algorithm>

namespace cho40::qr_pay {
namespace {

bool is_same_person(StoredRefund const& stored, RefundActor const& by)
{
    return by.id == stored.made_by || by.owner == stored.made_by_owner;
}

struct Taken {
    Dong from_owed;
    std::vector<RefundPart> parts;
};

// Of which money the wish is fulfilled.
Result<Taken> take(RefundBasis const& basis, RefundOrder const& order)
{
    auto const refundable = basis.refundable();
    Taken taken;
    CHO_TRY(taken.from_owed, check_wish(order.wish, refundable));
    if (!order.parts) {
        auto const rest = Dong(order.wish.amount.count() - taken.from_owed.count());
        if (rest.is_positive()) taken.parts.push_back({basis.booked_as, rest, {}, 0});
        return taken;
    }
    Dong parts;
    for (auto const& part : *order.parts) { CHO_TRY(parts, add(parts, part.amount)); }
    CHO_TRY(taken.from_owed, subtract(order.wish.amount, parts));
    if (taken.from_owed > refundable.owed_left()) {
        auto const left = refundable.owed_left().count();
        return fail(
            Error(Errc::amount_exceeds_refundable, "too much was paid by " + std::to_string(left) + " đồng, no more", "/surplus/amount")
                .vi("Phần nộp dư còn " + dong_text(left) + "."));
    }
    taken.parts = *order.parts;
    return taken;
}

// Of money that is given back in pieces the limit counts all of them: each leaves the next one less of it.
Dong left_of(Dong limit, Dong refunded) { return Dong(std::max<std::int64_t>(1, limit.count() - refunded.count())); }

tl::unexpected<Error> maker_cannot_check()
{
    return fail(Error(Errc::maker_cannot_check, "whoever asked for a refund cannot decide about it")
                    .vi("Khoản hoàn này do bạn lập, cần người khác duyệt."));
}

}  // namespace

std::int64_t RefundBasis::changes() const
{
    std::int64_t changes = 0;
    for (auto const& refund : refunds) changes += refund.version;
    return changes;
}

boost::asio::awaitable<Result<StoredRefund>> MakeRefund::request(RefundBasis basis, RefundOrder order, ledger::Extra<StoredRefund> extra)
{
    CHO_CO_TRY(auto const taken, take(basis, order));
    auto const approval_from = left_of(approval_from_, basis.refundable().refunded);
    bool const above = order.wish.amount >= approval_from;
    if (above && order.by.is_helper) {
        co_return fail(Error(Errc::forbidden, "from " + std::to_string(approval_from_.count()) +
                                                  " đồng on, all refunds of the payment together, the stall's owner refunds")
                           .vi("Từ " + dong_text(approval_from_.count()) +
                               " trở lên, tính cả các lần hoàn trước của khoản này, chỉ chủ sạp được hoàn."));
    }
    std::optional<GivenBack> given_back;
    if (basis.request && is_open(basis.request->state)) {
        if (order.wish.amount != basis.refundable().left()) {
            co_return fail(Error(Errc::invalid_state,
                                 "the payment still waits for its rest: give back all that came, or let the rest go first",
                                 "/amount/amount")
                               .vi("Khoản này còn chờ phần thiếu: hoàn lại toàn bộ số đã nhận, hoặc bớt phần thiếu trước."));
        }
        CHO_CO_TRY(given_back, give_back(*basis.request));
    }

    auto const now = clock_.now();
    // A code that was drawn before is refused; see RequestPayment. What else may be stale stays stale after the last draw.
    constexpr int draws_max = 4;
    for (int draw = 1;; ++draw) {
        Refund refund(make_id<Refund>(now, random_), OrderCode::draw(random_), order.wish.amount, now);
        refund.from_owed = taken.from_owed;
        refund.parts = taken.parts;
        refund.method = order.method;
        refund.state = above ? RefundState::awaiting_approval : RefundState::due;
        StoredRefund stored(std::move(refund), basis.book);
        stored.subject_kind = basis.kind;
        stored.subject = basis.subject;
        stored.owner = basis.owner;
        stored.ordinal = basis.ordinal;
        stored.account = basis.account;
        stored.account_number = basis.account_number;
        stored.place = static_cast<std::int32_t>(basis.refunds.size()) + 1;
        stored.reason_code = order.reason_code;
        stored.reason_text = order.reason_text;
        stored.approval_from = approval_from;
        stored.made_by = order.by.id;
        stored.made_by_owner = order.by.owner;
        stored.since = now;

        auto command = refund_command(std::nullopt, stored, basis.changes(), now, random_);
        command.guards.push_back({make_derived_uuid({"code", stored.refund.code.text()}), 0, 1});
        if (given_back) {
            command.guards.push_back({basis.subject, basis.request->version, given_back->request.version});
            command.rows.push_back(std::make_shared<ChangedPaymentRequest>(stored.book, given_back->request, "given_back", now));
        }
        // Nameless money that a person assigns meanwhile is a payment's, and given back as one.
        if (basis.kind == RefundSubject::credit) command.guards.push_back(unassigned_guard(Id<CreditTag>(basis.subject)));
        extra.add_to(command, stored);
        auto receipt = co_await ledger_.submit(std::move(command));
        if (receipt) co_return stored;
        if (receipt.error().code != Errc::stale || draw == draws_max) co_return tl::unexpected<Error>(std::move(receipt).error());
    }
}

boost::asio::awaitable<Result<StoredRefund>> MakeRefund::approve_one(RefundFacts before, RefundActor by, ledger::Extra<StoredRefund> extra)
{
    if (is_same_person(before.stored, by)) co_return maker_cannot_check();
    auto after = approve(before.stored.refund);
    co_return co_await write(std::move(before), std::move(after), "approved", by, std::move(extra));
}

boost::asio::awaitable<Result<StoredRefund>> MakeRefund::reject_one(RefundFacts before, RefundActor by, std::string why,
                                                                    ledger::Extra<StoredRefund> extra)
{
    if (is_same_person(before.stored, by)) co_return maker_cannot_check();
    auto after = reject(before.stored.refund);
    co_return co_await write(std::move(before), std::move(after), std::move(why), by, std::move(extra));
}

boost::asio::awaitable<Result<StoredRefund>> MakeRefund::cancel_one(RefundFacts before, bool surely_not_sent,
                                                                    ledger::Extra<StoredRefund> extra)
{
    auto after = cancel(before.stored.refund, surely_not_sent);
    std::string reason = surely_not_sent ? "not_sent" : "cancelled_by_payee";
    co_return co_await write(std::move(before), std::move(after), std::move(reason), {}, std::move(extra));
}

boost::asio::awaitable<Result<StoredRefund>> MakeRefund::complete(RefundFacts before, SeenTransfer seen, RefundActor by,
                                                                  ledger::Extra<StoredRefund> extra)
{
    auto const now = clock_.now();
    RefundTransfer transfer;
    transfer.bank_reference = seen.bank_reference;
    transfer.evidence = seen.evidence;
    transfer.entered_by = by.id;
    transfer.booked_at = seen.booked_at.value_or(now);
    transfer.key = transfer_key_of(before.stored.account_number, seen.bank_reference);
    before.stored.transfer = std::move(transfer);
    auto after = note_paid(before.stored.refund);
    co_return co_await write(std::move(before), std::move(after), "entered_by_hand", {}, std::move(extra));
}

boost::asio::awaitable<Result<StoredRefund>> MakeRefund::write(RefundFacts before, Result<Refund> after, std::string reason,
                                                               RefundActor decided_by, ledger::Extra<StoredRefund> extra)
{
    if (!after) co_return tl::unexpected<Error>(std::move(after).error());
    auto const now = clock_.now();
    auto stored = before.stored;
    stored.refund = *std::move(after);
    stored.state_reason = std::move(reason);
    stored.since = now;
    if (!decided_by.id.is_nil()) {
        stored.decided_by = decided_by.id;
        stored.decided_at = now;
    }
    auto command = refund_command(before.stored.refund, stored, before.changes, now, random_);
    if (stored.subject_kind == RefundSubject::notice) {
        RefundStep step{before.stored, stored};
        CHO_CO_TRY(auto more, co_await agencies_.consequences_of(std::move(step)));
        add_consequences(command, std::move(more));
    }
    extra.add_to(command, stored);
    auto const receipt = co_await ledger_.submit(std::move(command));
    if (!receipt) {
        // The same step was posted at the same moment by somebody else, with words of its own.
        bool const raced = receipt.error().code == Errc::transfer_differs;
        co_return raced ? fail(Errc::stale, "the refund changed meanwhile; read again") : fail(receipt.error());
    }
    if (receipt->replayed) co_return fail(Errc::stale, "the refund changed meanwhile; read again");
    co_return stored;
}

}  // namespace cho40::qr_pay
