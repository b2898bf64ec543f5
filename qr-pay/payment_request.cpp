#include "qr-pay/payment_request.h"
#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>

namespace cho40::qr_pay {
namespace {

struct Row {
    PaymentState state;
    std::string_view name;
    bool open;
};

constexpr std::array rows = {
    Row{PaymentState::created, "created", true},      Row{PaymentState::waiting, "waiting", true},
    Row{PaymentState::underpaid, "underpaid", true},  Row{PaymentState::in_doubt, "in_doubt", true},
    Row{PaymentState::paid, "paid", false},           Row{PaymentState::overpaid, "overpaid", false},
    Row{PaymentState::paid_late, "paid_late", false}, Row{PaymentState::expired, "expired", false},
    Row{PaymentState::cancelled, "cancelled", false}, Row{PaymentState::failed, "failed", false},
};

Row const& row_of(PaymentState state) { return rows[static_cast<std::size_t>(state)]; }

constexpr bool rows_follow_the_enum()
{
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].state != static_cast<PaymentState>(i)) return false;
    }
    return rows.back().state == PaymentState::failed;
}
static_assert(rows_follow_the_enum());

Result<PaymentRequest> step(PaymentRequest request, std::initializer_list<PaymentState> from, PaymentState to)
{
    if (std::ranges::find(from, request.state) == from.end()) {
        return fail(Errc::invalid_state,
                    "a request that is " + std::string(name_of(request.state)) + " cannot become " + std::string(name_of(to)));
    }
    request.state = to;
    ++request.version;
    return request;
}

}  // namespace

std::string_view name_of(PaymentState state) { return row_of(state).name; }

std::optional<PaymentState> payment_state_named(std::string_view name)
{
    auto const it = std::ranges::find(rows, name, &Row::name);
    if (it == rows.end()) return std::nullopt;
    return it->state;
}

bool is_open(PaymentState state) { return row_of(state).open; }

Dong PaymentRequest::remaining() const
{
    // All three lie in 0 .. 2^62, so the difference cannot overflow.
    return Dong(std::max<std::int64_t>(0, asked.count() - waived.count() - received.count()));
}

Result<PaymentRequest> show(PaymentRequest request) { return step(std::move(request), {PaymentState::created}, PaymentState::waiting); }

Result<PaymentRequest> expire(PaymentRequest request, Instant now)
{
    if (now < request.expires_at) return fail(Errc::invalid_state, "the request has not expired yet");
    return step(std::move(request), {PaymentState::created, PaymentState::waiting}, PaymentState::expired);
}

Result<PaymentRequest> extend(PaymentRequest request, Instant until)
{
    if (until <= request.expires_at) return fail(Errc::invalid_state, "the new end must be later than the old one");
    CHO_TRY(auto next, step(std::move(request), {PaymentState::waiting}, PaymentState::waiting));
    next.expires_at = until;
    return next;
}

Result<PaymentRequest> cancel(PaymentRequest request)
{
    return step(std::move(request), {PaymentState::created, PaymentState::waiting}, PaymentState::cancelled);
}

Result<PaymentRequest> waive_shortage(PaymentRequest request)
{
    auto const missing = request.remaining();
    CHO_TRY(auto next, step(std::move(request), {PaymentState::underpaid}, PaymentState::paid));
    next.waived = missing;
    return next;
}

Result<PaymentRequest> doubt(PaymentRequest request)
{
    return step(std::move(request), {PaymentState::created, PaymentState::waiting}, PaymentState::in_doubt);
}

Result<PaymentRequest> undoubt(PaymentRequest request) { return step(std::move(request), {PaymentState::in_doubt}, PaymentState::waiting); }

Result<PaymentRequest> fail_for_good(PaymentRequest request)
{
    return step(std::move(request), {PaymentState::in_doubt}, PaymentState::failed);
}

Result<GivenBack> give_back(PaymentRequest request)
{
    auto const came = request.received;
    CHO_TRY(auto next, step(std::move(request), {PaymentState::underpaid}, PaymentState::cancelled));
    next.received = Dong();
    return GivenBack{std::move(next), came};
}

}  // namespace cho40::qr_pay
