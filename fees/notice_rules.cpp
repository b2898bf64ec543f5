#include "fees/notice_rules.h"
#include "base/check.h"
#include "fees/receipt_room.h"
#include "fees/refund_notice.h"
#include "qr-pay/posting.h"
#include <algorithm>

namespace cho40::fees {
namespace {

Dong owed_back(std::vector<NoticeLife::Action> const& actions)
{
    Dong sum;
    for (auto const& action : actions) {
        if (auto const* owe = std::get_if<NoticeLife::OweBack>(&action)) sum = Dong(sum.count() + owe->amount.count());
    }
    return sum;
}

bool issues_receipts(std::vector<NoticeLife::Action> const& actions)
{
    return std::ranges::any_of(actions, [](auto const& a) { return std::holds_alternative<NoticeLife::IssueReceipts>(a); });
}

// Of the transfers of one credit the one that moves the money of this kind to the agency; settle() makes it before the
// receipt. The transfer from the bank holds both kinds, and what came with an earlier part is not in it.
BookedAs booking_of(FeeKind kind, ledger::BookId book, std::vector<ledger::Transfer> const& transfers)
{
    auto const code = kind == FeeKind::phi ? ledger::TransferCode::fee_received : ledger::TransferCode::charge_received;
    auto const found = std::ranges::find(transfers, code, &ledger::Transfer::code);
    CHO_CHECK(found != transfers.end());
    return {book, found->id};
}

Result<Done> add_receipts(qr_pay::Consequences& out, NoticeWithAgency const& before, Id<qr_pay::PaymentRequest> payment, Instant now,
                          Random& random)
{
    auto const& notice = before.stored.notice;
    for (auto& plan : plan_receipts(notice, before.agency.facts)) {
        ReceiptDraw draw{make_id<Receipt>(now, random), {}, LookupCode::draw(random), now, {payment.uuid}, std::nullopt};
        CHO_TRY(draw.number.symbol, receipt_symbol(Day::of(now).year(), plan.letters));
        auto const kind = plan.kind;
        auto receipt = issue_receipt(std::move(plan), notice, before.agency.facts, std::move(draw));
        receipt.digest.clear();  // its number is part of it
        receipt.booked_as = booking_of(kind, before.stored.book, out.transfers);

        ledger::Event event;
        event.id = make_uuid7(now, random);
        event.stream = notice.id.uuid;
        event.type = "receipt.issued";
        event.resource = receipt.id.uuid;
        event.attributes = {{"kind", std::string(fee_kind_name(kind))}, {"amount", receipt.total.count()}};
        out.events.push_back(std::move(event));
        out.rows.push_back(std::make_shared<NewReceipt>(before.stored.book, before.stored.agency, notice.id, payment, std::move(receipt)));
    }
    return Done{};
}

}  // namespace

Result<qr_pay::Consequences> settle(NoticeWithAgency const& before, qr_pay::Booking const& booking, Instant now, Random& random,
                                    bool somebody_is_told)
{
    using enum ledger::AccountKind;
    using ledger::TransferCode;
    auto const& stored = before.stored;
    if (std::ranges::find(stored.life.seen, booking.credit_id.uuid) != stored.life.seen.end()) {
        return fail(Errc::stale, "this credit was counted for the notice before");
    }
    NoticeLife life(stored.notice.total, stored.notice.valid_until, stored.life);
    bool const was_payable = life.payable();
    CHO_TRY(auto actions, life.on(NoticeLife::MoneyReceived{booking.credit_id.uuid, booking.credit.amount, now}));

    qr_pay::Consequences out;
    auto const move = [&](ledger::AccountKind debit, ledger::AccountKind credit, TransferCode code, Dong amount) {
        if (amount.is_positive()) out.transfers.push_back(qr_pay::transfer_for(booking, out.transfers.size(), debit, credit, code, amount));
    };
    auto const surplus = owed_back(actions);
    move(bank, unassigned, TransferCode::fee_unassigned, Dong(booking.credit.amount.count() - surplus.count()));
    if (issues_receipts(actions)) {
        move(unassigned, fees, TransferCode::fee_received, stored.notice.total_of(FeeKind::phi));
        move(unassigned, charges, TransferCode::charge_received, stored.notice.total_of(FeeKind::le_phi));
        CHO_TRY_DO(add_receipts(out, before, booking.before->request.id, now, random));
    }
    move(bank, refund_due, was_payable ? TransferCode::overpaid : TransferCode::duplicate, surplus);

    auto after = stored;
    after.life = life.record();
    if (after.life.state != stored.life.state) after.since = now;
    if (issues_receipts(actions)) {
        if (somebody_is_told) after.dossier_next_at = now;
        else after.life.dossier = DossierTick::not_yet;
    }
    after.version = stored.version + 1;
    out.guards.push_back(ledger::Guard{stored.notice.id.uuid, stored.version, after.version});
    out.rows.insert(out.rows.begin(), std::make_shared<ChangedNotice>(std::move(after)));
    return out;
}

boost::asio::awaitable<Result<qr_pay::Consequences>> NoticeRules::consequences(qr_pay::Booking booking)
{
    if (!booking.before || booking.before->payee_kind != qr_pay::PayeeKind::notice) {
        co_return co_await unassigned_.consequences(std::move(booking));
    }
    CHO_CO_TRY(auto found, co_await notices_.find_notice(Id<FeeNotice>(booking.before->payee.uuid)));
    if (!found) co_return fail(Errc::internal_error, "a payment request names a notice that does not exist");
    auto const now = clock_.now();
    CHO_CO_TRY(auto out, settle(*found, booking, now, random_, somebody_is_told_));
    bool const has_receipts = std::ranges::any_of(out.rows,
                                                  [](auto const& row) { return dynamic_cast<NewReceipt const*>(row.get()) != nullptr; });
    if (has_receipts) { CHO_CO_TRY_DO(co_await require_room_for_money(numbers_, found->agency, found->stored.notice, now)); }
    co_return out;
}

boost::asio::awaitable<Result<qr_pay::Consequences>> NoticeRules::consequences_of(qr_pay::RefundStep step)
{
    CHO_CO_TRY(auto found, co_await notices_.find_notice(Id<FeeNotice>(step.after.subject)));
    if (!found) co_return fail(Errc::internal_error, "a refund names a notice that does not exist");
    co_return consequences_for(step, found->stored, clock_.now(), random_);
}

}  // namespace cho40::fees
