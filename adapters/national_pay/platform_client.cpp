#include "adapters/national_pay/platform_client.h"
#include "adapters/national_pay/messages.h"

namespace cho40::national_pay {
namespace {

// A payer waits for the first of these.
constexpr std::chrono::seconds deadline{12};

std::string code_of(Error const& error) { return std::string(errc_name(error.code)); }

}  // namespace

boost::asio::awaitable<http::CallResult> PlatformClient::post(Account const& account, std::string body)
{
    http::Outgoing call(http::Method::post, account.url, std::move(body));
    call.headers.set("Content-Type", "application/json");
    call.headers.set("Authorization", "Bearer " + account.access_token.expose());
    call.deadline = deadline;
    co_return co_await client_.call(std::move(call));
}

boost::asio::awaitable<fees::NationalOpening> PlatformClient::open(fees::NationalPayment payment, fees::StoredNotice notice,
                                                                   fees::RegisteredAgency agency)
{
    using Kind = fees::NationalOpening::Kind;
    auto const account = co_await accounts_.account(payment.rail_account);
    if (!account) co_return fees::NationalOpening{Kind::refused, "", code_of(account.error())};
    auto const called = co_await post(*account, init_body(payment, notice.notice, agency, *account));
    if (called.response) co_return read_opening(called.response->status, called.response->body_text());
    auto const kind = called.sent == http::Sent::no ? Kind::refused : Kind::no_answer;
    co_return fees::NationalOpening{kind, "", code_of(called.response.error())};
}

boost::asio::awaitable<fees::NationalResult> PlatformClient::ask(fees::NationalPayment payment)
{
    fees::NationalResult unknown;
    auto const account = co_await accounts_.account(payment.rail_account);
    if (!account) {
        unknown.code = code_of(account.error());
        co_return unknown;
    }
    auto const called = co_await post(*account, query_body(payment, *account));
    if (called.response) co_return read_query(called.response->status, called.response->body_text(), payment, *account);
    unknown.code = code_of(called.response.error());
    co_return unknown;
}

boost::asio::awaitable<fees::NationalBillAnswer> PlatformClient::bill(fees::NationalPayment payment)
{
    auto const account = co_await accounts_.account(payment.rail_account);
    if (!account) co_return fees::NationalBillAnswer{"", code_of(account.error())};
    auto const called = co_await post(*account, bill_body(payment, *account));
    if (called.response) co_return read_bill(called.response->status, called.response->body_text());
    co_return fees::NationalBillAnswer{"", code_of(called.response.error())};
}

}  // namespace cho40::national_pay
