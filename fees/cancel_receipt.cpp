#include "fees/cancel_receipt.h"
#include "base/text.h"
#include "fees/receipt_room.h"
#include <algorithm>
#include <array>

namespace cho40::fees {
namespace {

using boost::asio::awaitable;

// Every act on a receipt's cancellations moves the sum of their versions by one, so that of two at once one is stale.
ledger::Guard acts_guard(Id<Receipt> receipt, std::span<ReceiptCancellation const> cancellations)
{
    std::int64_t changes = 0;
    for (auto const& one : cancellations) changes += one.version;
    return {make_derived_uuid({"receipt cancellations", receipt.uuid.to_string()}), changes, changes + 1};
}

// Money of the notice that moves meanwhile is another state of things.
void guard_notice(ledger::Command& command, StoredNotice const& notice)
{
    auto after = notice;
    after.version = notice.version + 1;
    command.guards.push_back({notice.notice.id.uuid, notice.version, after.version});
    command.rows.push_back(std::make_shared<ChangedNotice>(std::move(after)));
}

tl::unexpected<Error> wrong_state(std::string detail, std::string vi)
{
    return fail(Error(Errc::invalid_state, std::move(detail)).vi(std::move(vi)));
}

bool is_held_by(Receipt const& receipt, qr_pay::StoredRefund const& refund)
{
    return qr_pay::holds_amount(refund.refund.state) &&
           std::ranges::any_of(refund.refund.parts, [&](auto const& part) { return part.paper == receipt.id.uuid; });
}

ledger::Event event_of(StoredReceipt const& stored, CancellationKind kind, Instant now, Random& random)
{
    ledger::Event event;
    event.id = make_uuid7(now, random);
    event.stream = stored.notice.uuid;
    event.type = "receipt." + std::string(cancellation_kind_name(kind));
    event.resource = stored.receipt.id.uuid;
    return event;
}

}  // namespace

std::string_view cancellation_kind_name(CancellationKind kind) { return kind == CancellationKind::cancelled ? "cancelled" : "replaced"; }

std::string_view cancellation_state_name(CancellationState state)
{
    constexpr std::array<std::string_view, 4> names = {"", "awaiting_approval", "approved", "rejected"};
    return names[static_cast<std::size_t>(state)];
}

Result<Done> check_cancellation(CancellationKind kind, Receipt const& receipt, std::span<qr_pay::StoredRefund const> refunds)
{
    auto const left = Dong(receipt.total.count() - receipt.given_back().count());
    bool const came_back = receipt.state == ReceiptState::cancelled && left == receipt.total && !receipt.replaced_by;
    bool const is_live = receipt.state == ReceiptState::issued || receipt.state == ReceiptState::adjusted;
    if (!is_live && !(kind == CancellationKind::replaced && came_back)) {
        return wrong_state("the receipt is " + std::string(receipt_state_name(receipt.state)) + " already",
                           "Biên lai này đã hết hiệu lực.");
    }
    if (kind == CancellationKind::cancelled && !left.is_zero()) {
        return wrong_state(
            std::to_string(left.count()) +
                " đồng of this receipt are still with the agency and need a receipt: give them back first, or replace the receipt",
            "Cơ quan thu còn giữ " + dong_text(left.count()) +
                " của biên lai này. Hãy hoàn tiền trước rồi hủy, hoặc lập biên lai thay thế.");
    }
    bool const is_held = std::ranges::any_of(refunds, [&](auto const& refund) { return is_held_by(receipt, refund); });
    if (kind == CancellationKind::replaced && (left != receipt.total || (is_live && is_held))) {
        return wrong_state("money of this receipt is or was given back; only a receipt whose money is right can be replaced",
                           "Biên lai này có khoản đã hoàn hoặc đang hoàn. Chỉ thay thế biên lai khi số tiền đúng.");
    }
    return Done{};
}

Result<Receipt> replacement_of(StoredReceipt const& old, CancellationWish const& wish, Agency const& agency, Id<Receipt> id,
                               LookupCode code, Instant now)
{
    auto r = old.receipt;
    r.id = id;
    auto const& letters = r.kind == FeeKind::phi ? agency.letters_phi : agency.letters_le_phi;
    CHO_TRY(auto symbol, receipt_symbol(Day::of(now).year(), letters));
    r.number = {ReceiptForm::no_printed_value, std::move(symbol), 0};
    r.issued_at = now;
    r.collector_name = agency.name_vi;
    r.collector_tax_code = agency.tax_code;
    r.collector_address = agency.address;
    if (!wish.payer_name.empty()) r.payer_name = wish.payer_name;
    if (!wish.dossier_code.empty()) r.dossier_code = wish.dossier_code;
    r.lookup_code = code.text();
    r.state = ReceiptState::issued;
    r.state_reason.clear();
    r.replaces = old.receipt.number;
    r.replaced_by.reset();
    r.entries.clear();
    auto const said = [](Receipt const& x) {
        return std::tie(x.collector_name, x.collector_tax_code, x.collector_address, x.payer_name, x.dossier_code);
    };
    // One whose money came back is replaced because it counts no more, whatever it says.
    if (said(r) == said(old.receipt) && old.receipt.state != ReceiptState::cancelled) {
        return fail(Error(Errc::validation_failed, "the new receipt would say the same as the old one", "/replacement")
                        .vi("Biên lai mới sẽ giống hệt biên lai cũ. Ghi rõ nội dung cần sửa."));
    }
    r.digest = receipt_digest(r);
    return r;
}

awaitable<Result<CancelReceipts::Facts>> CancelReceipts::read(Id<Receipt> receipt)
{
    Facts facts;
    CHO_CO_TRY(auto stored, co_await acts_.find_receipt(receipt));
    if (!stored) co_return fail(Errc::not_found, "no such receipt");
    facts.stored = *std::move(stored);
    CHO_CO_TRY(auto notice, co_await notices_.find_notice(facts.stored.notice));
    if (!notice) co_return fail(Errc::not_found, "no such notice");
    facts.notice = *std::move(notice);
    CHO_CO_TRY(facts.cancellations, co_await acts_.cancellations_of(facts.stored.book, receipt));
    CHO_CO_TRY(facts.refunds, co_await acts_.refunds_of(facts.stored.book, facts.stored.notice));
    co_return facts;
}

awaitable<Result<ReceiptCancellation>> CancelReceipts::propose(Id<Receipt> receipt, CancellationWish wish, ReceiptActor by, Extra extra)
{
    CHO_CO_TRY(auto const facts, co_await read(receipt));
    auto const is_open = [](ReceiptCancellation const& one) { return one.state == CancellationState::proposed; };
    if (std::ranges::any_of(facts.cancellations, is_open))
        co_return wrong_state("a cancellation of this receipt waits for a decision", "Biên lai này đang có đề nghị chờ duyệt.");
    CHO_CO_TRY_DO(check_cancellation(wish.kind, facts.stored.receipt, facts.refunds));
    auto const now = clock_.now();
    if (wish.kind == CancellationKind::replaced) {
        CHO_CO_TRY_DO(replacement_of(facts.stored, wish, facts.notice.agency.facts, receipt, LookupCode::draw(random_), now));
    }
    ReceiptCancellation made;
    made.id = make_id<ReceiptCancellation>(now, random_);
    made.book = facts.stored.book;
    made.receipt = receipt;
    made.wish = std::move(wish);
    made.proposed_by = by.id;
    made.proposed_by_owner = by.owner;
    made.proposed_at = now;
    ledger::Command command(made.book);
    command.guards.push_back(acts_guard(receipt, facts.cancellations));
    command.rows.push_back(std::make_shared<NewReceiptCancellation>(made));
    co_return co_await submit(std::move(made), std::move(command), std::move(extra));
}

Result<ReceiptCancellation> CancelReceipts::open_for(Facts const& facts, ReceiptActor by) const
{
    auto const found = std::ranges::find(facts.cancellations, CancellationState::proposed, &ReceiptCancellation::state);
    if (found == facts.cancellations.end())
        return wrong_state("nothing about this receipt waits for a decision", "Biên lai này không có đề nghị nào chờ duyệt.");
    if (by.id == found->proposed_by || by.owner == found->proposed_by_owner) {
        return fail(Error(Errc::maker_cannot_check, "whoever asked for it cannot decide about it")
                        .vi("Đề nghị này do bạn lập, cần người khác duyệt."));
    }
    auto decided = *found;
    decided.decided_by = by.id;
    decided.decided_at = clock_.now();
    ++decided.version;
    return decided;
}

awaitable<Result<ReceiptCancellation>> CancelReceipts::approve(Id<Receipt> receipt, ReceiptActor by, Extra extra)
{
    CHO_CO_TRY(auto facts, co_await read(receipt));
    CHO_CO_TRY(auto decided, open_for(facts, by));
    auto& stored = facts.stored;
    auto const& agency = facts.notice.agency;
    CHO_CO_TRY_DO(check_cancellation(decided.wish.kind, stored.receipt, facts.refunds));
    auto const now = *decided.decided_at;
    decided.state = CancellationState::approved;
    ledger::Command command(decided.book);
    command.guards.push_back(acts_guard(receipt, facts.cancellations));
    guard_notice(command, facts.notice.stored);
    if (decided.wish.kind == CancellationKind::cancelled) {
        CHO_CO_TRY_DO(cancel_receipt(stored.receipt, decided.wish.reason));
    } else {
        CHO_CO_TRY_DO(co_await require_room(numbers_, agency, facts.notice.stored.notice, now));
        auto const id = make_id<Receipt>(now, random_);
        CHO_CO_TRY(auto replacement, replacement_of(stored, decided.wish, agency.facts, id, LookupCode::draw(random_), now));
        decided.replacement = stored.replaced_by = id;
        // One that is cancelled stays cancelled: it only names what stands for its money now.
        if (stored.receipt.state != ReceiptState::cancelled) {
            CHO_CO_TRY_DO(replace_receipt(stored.receipt, replacement.number, decided.wish.reason));
        }
        command.rows.push_back(
            std::make_shared<NewReceipt>(stored.book, stored.agency, stored.notice, stored.payment, std::move(replacement)));
    }
    command.rows.push_back(std::make_shared<ChangedReceipt>(stored));
    command.rows.push_back(std::make_shared<DecidedReceiptCancellation>(decided));
    command.events.push_back(event_of(stored, decided.wish.kind, now, random_));
    co_return co_await submit(std::move(decided), std::move(command), std::move(extra));
}

awaitable<Result<ReceiptCancellation>> CancelReceipts::refuse(Id<Receipt> receipt, ReceiptActor by, std::string why, Extra extra)
{
    CHO_CO_TRY(auto const facts, co_await read(receipt));
    CHO_CO_TRY(auto decided, open_for(facts, by));
    decided.state = CancellationState::refused;
    decided.refusal = std::move(why);
    ledger::Command command(decided.book);
    command.guards.push_back(acts_guard(receipt, facts.cancellations));
    command.rows.push_back(std::make_shared<DecidedReceiptCancellation>(decided));
    co_return co_await submit(std::move(decided), std::move(command), std::move(extra));
}

awaitable<Result<ReceiptCancellation>> CancelReceipts::submit(ReceiptCancellation made, ledger::Command command, Extra extra)
{
    extra.add_to(command, made);
    CHO_CO_TRY_DO(co_await ledger_.submit(std::move(command)));
    co_return made;
}

}  // namespace cho40::fees
