#include "qr-pay/credit_decision.h"
#include "base/check.h"
#include <algorithm>
#include <array>

namespace cho40::qr_pay {
namespace {

constexpr std::array<std::string_view, 5> purpose_names = {"sale", "late_sale", "overpaid_refund_due", "duplicate_refund_due",
                                                           "nameless_sale"};
constexpr std::array<std::string_view, 11> reason_names = {"exact",     "topped_up", "short_paid", "over",      "late",     "late_short",
                                                           "late_over", "duplicate", "nameless",   "ambiguous", "suggested"};
static_assert(static_cast<std::size_t>(Purpose::nameless_sale) + 1 == purpose_names.size());
static_assert(static_cast<std::size_t>(CreditReason::suggested) + 1 == reason_names.size());

bool is_late(PaymentRequest const& request, Instant paid_at)
{
    if (request.state == PaymentState::underpaid) return false;
    return !is_open(request.state) || paid_at >= request.expires_at;
}

bool is_settled(PaymentRequest const& request)
{
    switch (request.state) {
    case PaymentState::paid:
    case PaymentState::overpaid: return true;
    case PaymentState::paid_late: return request.remaining().is_zero();
    default: return false;
    }
}

PaymentState state_after(bool late, Dong missing, Dong excess)
{
    if (late) return PaymentState::paid_late;
    if (missing.is_positive()) return PaymentState::underpaid;
    return excess.is_positive() ? PaymentState::overpaid : PaymentState::paid;
}

CreditReason reason_for(bool late, bool first, Dong missing, Dong excess)
{
    if (missing.is_positive()) return late ? CreditReason::late_short : CreditReason::short_paid;
    if (excess.is_positive()) return late ? CreditReason::late_over : CreditReason::over;
    if (late) return CreditReason::late;
    return first ? CreditReason::exact : CreditReason::topped_up;
}

Dong minus(Dong a, Dong b) { return Dong(a.count() - b.count()); }  // both within amount_max

}  // namespace

CreditDecision decide_credit(std::optional<PaymentRequest> const& request, BankCredit const& credit, Instant now, CreditReason why_nameless)
{
    CHO_CHECK(credit.direction == Direction::in);
    CHO_CHECK(credit.amount.is_positive() && credit.amount <= amount_max);

    if (!request) {
        CHO_CHECK(why_nameless >= CreditReason::nameless);
        return {{{Purpose::nameless_sale, credit.amount}}, why_nameless, std::nullopt, Dong()};
    }

    PaymentRequest next = *request;
    ++next.version;
    if (is_settled(next)) { return {{{Purpose::duplicate_refund_due, credit.amount}}, CreditReason::duplicate, std::move(next), Dong()}; }

    // A rail cannot book in the future: where its clock runs ahead, ours decides.
    bool const late = is_late(next, std::min(credit.booked_at, now));
    bool const first = next.received.is_zero();
    auto const applied = std::min(credit.amount, next.remaining());
    auto const excess = minus(credit.amount, applied);
    auto const received = add(next.received, credit.amount);
    CHO_CHECK(received.has_value());
    next.received = *received;
    auto const missing = next.remaining();
    next.state = state_after(late, missing, excess);

    std::vector<Allocation> allocations{{late ? Purpose::late_sale : Purpose::sale, applied}};
    if (excess.is_positive()) allocations.push_back({Purpose::overpaid_refund_due, excess});
    return {std::move(allocations), reason_for(late, first, missing, excess), std::move(next), missing};
}

std::optional<OrderCode> suggest_request(std::span<PaymentRequest const> open_requests, BankCredit const& credit)
{
    std::optional<OrderCode> found;
    for (auto const& request : open_requests) {
        bool const in_time = credit.booked_at + suggestion_skew_max >= request.created_at &&
                             credit.booked_at - request.created_at <= suggestion_window;
        if (!is_open(request.state) || !in_time || request.remaining() != credit.amount) continue;
        if (found) return std::nullopt;
        found = request.code;
    }
    return found;
}

std::string_view name_of(Purpose purpose) { return purpose_names[static_cast<std::size_t>(purpose)]; }
std::string_view name_of(CreditReason reason) { return reason_names[static_cast<std::size_t>(reason)]; }

std::optional<Purpose> purpose_named(std::string_view name)
{
    auto const it = std::ranges::find(purpose_names, name);
    if (it == purpose_names.end()) return std::nullopt;
    return static_cast<Purpose>(it - purpose_names.begin());
}

std::optional<CreditReason> credit_reason_named(std::string_view name)
{
    auto const it = std::ranges::find(reason_names, name);
    if (it == reason_names.end()) return std::nullopt;
    return static_cast<CreditReason>(it - reason_names.begin());
}

}  // namespace cho40::qr_pay
