#include "fees/refund_notice.h"
#include "base/text.h"
#include <algorithm>
#include <map>

namespace cho40::fees {
namespace {

using qr_pay::RefundState;
using qr_pay::StoredRefund;

Error at_line(Errc code, std::size_t index, std::string_view member, std::string detail)
{
    return Error(code, std::move(detail), "/lines/" + std::to_string(index) + "/" + std::string(member));
}

Result<Receipt const*> receipt_named(NoticeRefundWish::Line const& line, std::size_t index, std::span<Receipt const> receipts)
{
    auto const found = std::ranges::find(receipts, line.receipt, &Receipt::id);
    if (found == receipts.end()) {
        return fail(
            at_line(Errc::not_found, index, "receipt", "this notice has no such receipt").vi("Thông báo này không có biên lai đó."));
    }
    if (found->state == ReceiptState::cancelled || found->state == ReceiptState::replaced) {
        return fail(at_line(Errc::invalid_state, index, "receipt", "the receipt is " + std::string(receipt_state_name(found->state)))
                        .vi("Biên lai này không còn hiệu lực."));
    }
    if (line.line < 1 || static_cast<std::size_t>(line.line) > found->lines.size()) {
        return fail(at_line(Errc::not_found, index, "line", "the receipt has " + std::to_string(found->lines.size()) + " lines")
                        .vi("Biên lai có " + std::to_string(found->lines.size()) + " dòng."));
    }
    return &*found;
}

std::vector<ReceiptEntry::Line> lines_on(Uuid const& paper, StoredRefund const& stored)
{
    std::vector<ReceiptEntry::Line> lines;
    for (auto const& part : stored.refund.parts) {
        if (part.paper == paper) lines.push_back({part.line, part.amount});
    }
    return lines;
}

}  // namespace

qr_pay::RefundBasis refund_basis(NoticeWithAgency const& notice, std::span<StoredRefund const> refunds)
{
    auto const& life = notice.stored.life;
    qr_pay::RefundBasis basis;
    basis.book = notice.stored.book;
    basis.kind = qr_pay::RefundSubject::notice;
    basis.subject = notice.stored.notice.id.uuid;
    basis.owner = Id<qr_pay::Owner>(notice.agency.id.uuid);
    basis.ordinal = notice.agency.ordinal;
    basis.account = notice.agency.account.id;
    basis.account_number = notice.agency.account.account_number;
    basis.received = life.received;
    basis.owed = life.owed_back;
    for (auto const& stored : refunds) {
        basis.refunds.push_back(stored.refund);
        // The notice counts what is still owed; what it owed from the start is that and what was paid of it.
        if (stored.refund.state == RefundState::done) basis.owed = Dong(basis.owed.count() + stored.refund.from_owed.count());
    }
    return basis;
}

Dong refundable_of_line(Receipt const& receipt, std::int32_t line, std::span<StoredRefund const> refunds)
{
    auto left = receipt.lines[static_cast<std::size_t>(line - 1)].amount.count();
    for (auto const& stored : refunds) {
        if (!qr_pay::holds_amount(stored.refund.state)) continue;
        for (auto const& part : stored.refund.parts) {
            if (part.paper == receipt.id.uuid && part.line == line) left -= part.amount.count();
        }
    }
    return Dong(left);
}

Result<qr_pay::RefundOrder> order_of(NoticeRefundWish const& wish, NoticeWithAgency const& notice, std::span<Receipt const> receipts,
                                     std::span<StoredRefund const> refunds)
{
    if (wish.lines.empty() && wish.surplus.is_zero()) {
        return fail(Error(Errc::validation_failed, "say of which lines, or of the surplus, how much is given back", "/lines")
                        .vi("Ghi rõ hoàn bao nhiêu của dòng nào, hoặc của phần nộp dư."));
    }
    auto const state = notice.stored.life.state;
    if (!wish.lines.empty() && state != NoticeState::paid) {
        return fail(Error(Errc::invalid_state, "the notice is " + std::string(notice_state_name(state)) + ", not paid")
                        .vi("Thông báo chưa nộp đủ hoặc đã hoàn hết: không có gì trên biên lai để hoàn."));
    }
    std::vector<qr_pay::RefundPart> parts;
    Dong amount = wish.surplus;
    for (std::size_t i = 0; i < wish.lines.size(); ++i) {
        auto const& line = wish.lines[i];
        CHO_TRY(auto const* receipt, receipt_named(line, i, receipts));
        bool const is_twice = std::ranges::any_of(parts,
                                                  [&](auto const& p) { return p.paper == line.receipt.uuid && p.line == line.line; });
        if (is_twice) return fail(at_line(Errc::validation_failed, i, "line", "named twice").vi("Dòng này ghi hai lần."));
        auto const left = refundable_of_line(*receipt, line.line, refunds);
        if (line.amount > left) {
            return fail(at_line(Errc::amount_exceeds_refundable, i, "amount/amount",
                                "what can still be refunded of this line is " + std::to_string(left.count()) + " đồng")
                            .vi("Dòng này còn được hoàn " + dong_text(left.count()) + "."));
        }
        auto const from = receipt->kind == FeeKind::phi ? ledger::AccountKind::fees : ledger::AccountKind::charges;
        parts.push_back({from, line.amount, line.receipt.uuid, line.line});
        CHO_TRY(amount, add(amount, line.amount));
    }
    qr_pay::RefundOrder order;
    order.wish = {amount, wish.expected};
    order.parts = std::move(parts);
    return order;
}

Result<qr_pay::Consequences> consequences_for(qr_pay::RefundStep const& step, StoredNotice const& notice, Instant now, Random& random)
{
    auto const& refund = step.after.refund;
    bool const is_paid = refund.state == RefundState::done;
    bool const is_sent_back = refund.state == RefundState::returned && step.before.refund.state == RefundState::done;
    qr_pay::Consequences out;
    if (!is_paid && !is_sent_back) return out;

    NoticeLife life(notice.notice.total, notice.notice.valid_until, notice.life);
    auto const id = refund.id.uuid;
    NoticeLife::Event event = NoticeLife::Refunded{id, refund.amount, refund.from_owed, now};
    if (is_sent_back) event = NoticeLife::RefundSentBack{id, refund.amount, refund.from_owed};
    CHO_TRY(auto const actions, life.on(event));
    auto after = notice;
    after.life = life.record();
    if (after.life.state != notice.life.state) after.since = now;
    after.version = notice.version + 1;
    out.guards.push_back({notice.notice.id.uuid, notice.version, after.version});
    out.rows.push_back(std::make_shared<ChangedNotice>(std::move(after)));

    bool const is_receipted = std::ranges::any_of(actions,
                                                  [](auto const& a) { return std::holds_alternative<NoticeLife::NoteOnReceipts>(a); });
    std::map<Uuid, Dong> papers;
    for (auto const& part : refund.parts) papers[part.paper] = Dong(papers[part.paper].count() + part.amount.count());
    if (is_receipted) {
        for (auto const& [paper, amount] : papers) {
            ReceiptEntry entry;
            entry.kind = is_paid ? ReceiptEntryKind::given_back : ReceiptEntryKind::sent_back;
            entry.refund = id;
            entry.amount = amount;
            entry.lines = lines_on(paper, step.after);
            entry.at = now;
            out.rows.push_back(std::make_shared<NewReceiptEntry>(notice.book, Id<Receipt>(paper), std::move(entry)));
        }
    }
    ledger::Event told;
    told.id = make_uuid7(now, random);
    told.stream = notice.notice.id.uuid;
    told.type = is_paid ? "notice.refunded" : "notice.refund_returned";
    told.resource = notice.notice.id.uuid;
    told.attributes = {{"amount", refund.amount.count()}, {"version", notice.version + 1}};
    out.events.push_back(std::move(told));
    return out;
}

}  // namespace cho40::fees
