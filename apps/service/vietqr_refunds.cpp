#include "apps/service/vietqr_refunds.h"
#include "adapters/api/refund_access.h"
#include "adapters/rails/vietqr_refund.h"

namespace cho40::service {

using qr_pay::RefundCallOutcome;

namespace {

constexpr auto deadline = std::chrono::seconds(15);

http::Outgoing json_call(std::string url, std::string authorization, std::string body)
{
    http::Outgoing call(http::Method::post, std::move(url), std::move(body));
    call.headers.set("Content-Type", "application/json");
    call.headers.set("Authorization", std::move(authorization));
    call.deadline = deadline;
    return call;
}

}  // namespace

boost::asio::awaitable<Result<bool>> VietqrRefunds::can_call(ledger::BookId book, Id<qr_pay::RailAccountTag> rail_account)
{
    if (base_.empty()) co_return false;
    CHO_CO_TRY(auto const access, co_await store_.access_of(book, rail_account));
    co_return access.has_value();
}

boost::asio::awaitable<RefundCallOutcome> VietqrRefunds::call(qr_pay::RefundCall call)
{
    // Until the order itself goes out nothing can have been sent.
    auto const access = co_await store_.access_of(call.book, call.rail_account);
    if (!access || !*access) co_return RefundCallOutcome::refused;
    auto const opened = identity::open_sealed(key_, api::refund_access_seal, **access);
    if (!opened) co_return RefundCallOutcome::refused;
    auto const credentials = rails::vietqr::refund_credentials_from(*opened);
    if (!credentials) co_return RefundCallOutcome::refused;
    auto asking = json_call(base_ + "/api/token_generate", rails::vietqr::basic_authorization(*credentials), "{}");
    auto asked = co_await client_.call(std::move(asking));
    auto const token = asked.response ? rails::vietqr::token_in(asked.response->status, asked.response->body_text()) : std::nullopt;
    if (!token) {
        log_.warning("refunds.no_token", {{"status", asked.response ? asked.response->status : 0}});
        co_return RefundCallOutcome::refused;
    }
    auto ordering = json_call(base_ + "/api/transaction/refund", "Bearer " + token->expose(),
                              rails::vietqr::refund_body(call, *credentials));
    auto answered = co_await client_.call(std::move(ordering));
    if (answered.sent == http::Sent::no) co_return RefundCallOutcome::refused;
    auto outcome = RefundCallOutcome::unknown;
    if (answered.response) outcome = rails::vietqr::refund_outcome(answered.response->status, answered.response->body_text());
    log_.info("refunds.called", {{"status", answered.response ? answered.response->status : 0},
                                 {"outcome", outcome == RefundCallOutcome::taken     ? "taken"
                                             : outcome == RefundCallOutcome::refused ? "refused"
                                                                                     : "unknown"}});
    co_return outcome;
}

}  // namespace cho40::service
