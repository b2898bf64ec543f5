#include "qr-pay/refund.h"
#include "base/check.h"
#include "base/text.h"
#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>

namespace cho40::qr_pay {
namespace {

struct Row {
    RefundState state;
    std::string_view name;
    bool finished, holds, stands;
};

constexpr std::array rows = {
    Row{RefundState::awaiting_approval, "awaiting_approval", false, true, false},
    Row{RefundState::due, "due", false, true, true},
    Row{RefundState::in_doubt, "in_doubt", false, true, true},
    Row{RefundState::sent, "sent", false, true, true},
    Row{RefundState::done, "done", true, true, false},
    Row{RefundState::rejected, "rejected", true, false, false},
    Row{RefundState::cancelled, "cancelled", true, false, false},
    Row{RefundState::failed, "failed", true, false, false},
    Row{RefundState::returned, "returned", true, false, false},
};

constexpr bool rows_follow_the_enum()
{
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].state != static_cast<RefundState>(i)) return false;
    }
    return rows.back().state == RefundState::returned;
}
static_assert(rows_follow_the_enum());

Row const& row_of(RefundState state) { return rows[static_cast<std::size_t>(state)]; }

Result<Refund> step(Refund refund, std::initializer_list<RefundState> from, RefundState to)
{
    if (std::ranges::find(from, refund.state) == from.end()) {
        return fail(Errc::invalid_state,
                    "a refund that is " + std::string(name_of(refund.state)) + " cannot become " + std::string(name_of(to)));
    }
    refund.state = to;
    ++refund.version;
    return refund;
}

Dong sum(Dong a, Dong b)
{
    auto const total = add(a, b);
    CHO_CHECK(total.has_value());  // parts of what the ledger holds, whose balances did not overflow
    return *total;
}

}  // namespace

std::string_view name_of(RefundState state) { return row_of(state).name; }
bool is_finished(RefundState state) { return row_of(state).finished; }
bool holds_amount(RefundState state) { return row_of(state).holds; }
bool stands_in_books(RefundState state) { return row_of(state).stands; }

std::optional<RefundState> refund_state_named(std::string_view name)
{
    auto const it = std::ranges::find(rows, name, &Row::name);
    if (it == rows.end()) return std::nullopt;
    return it->state;
}

std::string_view name_of(RefundMethod method) { return method == RefundMethod::provider ? "provider" : "bank_transfer"; }

Result<Refund> approve(Refund refund) { return step(std::move(refund), {RefundState::awaiting_approval}, RefundState::due); }

Result<Refund> reject(Refund refund) { return step(std::move(refund), {RefundState::awaiting_approval}, RefundState::rejected); }

Result<Refund> begin_call(Refund refund)
{
    if (refund.method != RefundMethod::provider) return fail(Errc::invalid_state, "the payee makes this transfer, no provider is asked");
    return step(std::move(refund), {RefundState::due}, RefundState::in_doubt);
}

Result<Refund> note_sent(Refund refund) { return step(std::move(refund), {RefundState::in_doubt}, RefundState::sent); }

Result<Refund> note_refused(Refund refund) { return step(std::move(refund), {RefundState::in_doubt}, RefundState::failed); }

Result<Refund> note_paid(Refund refund)
{
    return step(std::move(refund), {RefundState::due, RefundState::in_doubt, RefundState::sent}, RefundState::done);
}

Result<Refund> note_returned(Refund refund)
{
    using enum RefundState;
    return step(std::move(refund), {due, in_doubt, sent, done}, returned);
}

Result<Refund> cancel(Refund refund, bool surely_not_sent)
{
    using enum RefundState;
    if (surely_not_sent) return step(std::move(refund), {awaiting_approval, due, in_doubt, sent}, cancelled);
    return step(std::move(refund), {awaiting_approval, due}, cancelled);
}

Dong Refundable::owed_left() const { return Dong(std::max<std::int64_t>(0, owed.count() - refunded_from_owed.count())); }

Refundable refundable_of(Dong received, Dong owed, std::span<Refund const> refunds)
{
    Refundable out{received, owed, Dong(), Dong()};
    for (auto const& refund : refunds) {
        if (!holds_amount(refund.state)) continue;
        out.refunded = sum(out.refunded, refund.amount);
        out.refunded_from_owed = sum(out.refunded_from_owed, refund.from_owed);
    }
    return out;
}

Result<Dong> check_wish(RefundWish wish, Refundable const& refundable)
{
    auto const left = refundable.left();
    if (!wish.amount.is_positive()) return fail(Errc::amount_not_positive, "refund at least 1 đồng", "/amount/amount");
    if (wish.expected != left) {
        return fail(
            Error(Errc::version_mismatch, "what can still be refunded is " + std::to_string(left.count()) + " đồng", "/expected_refundable")
                .vi("Còn được hoàn " + dong_text(left.count()) + ". Hãy xem lại rồi hoàn tiếp."));
    }
    if (wish.amount > left) {
        return fail(Error(Errc::amount_exceeds_refundable,
                          "what can still be refunded is " + std::to_string(left.count()) + " đồng, asked for " +
                              std::to_string(wish.amount.count()),
                          "/amount/amount")
                        .vi("Còn được hoàn " + dong_text(left.count()) + ", yêu cầu " + dong_text(wish.amount.count()) + "."));
    }
    return std::min(wish.amount, refundable.owed_left());
}

}  // namespace cho40::qr_pay
