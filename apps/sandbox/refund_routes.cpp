#include "apps/sandbox/refund_routes.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include "adapters/rails/providers/vietqr.h"
#include "adapters/rails/signature.h"
#include "apps/sandbox/faults.h"
#include "base/digest.h"
#include "base/text.h"
#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cho40::sandbox {
namespace {

using http::Request;
using http::Response;
using nlohmann::json;
using Answering = boost::asio::awaitable<Result<Response>>;

constexpr auto token_life = std::chrono::seconds(59);

// What a bearer token was given out for.
struct Given {
    std::string rail_account;
    Instant until;
};

struct Desk {
    Bank& bank;
    Payments& payments;
    std::map<std::string, Given, std::less<>> tokens = {};
    std::uint64_t given = 0;
};
using SharedDesk = std::shared_ptr<Desk>;

Response said(int status, std::string_view word, std::string_view message)
{
    return Response::json_text(http::dump_json({{"status", word}, {"message", message}}), status);
}
Response refused(std::string_view why) { return said(400, "FAILED", why); }

Answering give_token(SharedDesk desk, Request request)
{
    auto const shown = rails::credentials(request.header("Authorization"), "Basic");
    for (auto const& [id, account] : desk->bank.rail_accounts()) {
        auto const& access = account.refund_access;
        if (!access || to_base64(access->user + ":" + access->password) != shown) continue;
        auto const now = desk->bank.now();
        std::erase_if(desk->tokens, [now](auto const& one) { return one.second.until <= now; });
        auto token = to_hex(sha256(fmt::format("refund-token/{}/{}/{}", id, access->key, ++desk->given)));
        json const answer{{"access_token", token}, {"token_type", "Bearer"}, {"expires_in", token_life.count()}};
        desk->tokens.emplace(std::move(token), Given{id, now + token_life});
        co_return Response::json_text(http::dump_json(answer));
    }
    co_return said(401, "FAILED", "wrong user or password");
}

struct Order {
    rails::vietqr::RefundOrder facts;
    std::string content;
    bool in_parts = false;
    std::string checksum;
};

Result<Order> read_order(std::string const& text)
{
    CHO_TRY(auto body, http::JsonBody::parse(text));
    auto in = body.root();
    Order order;
    order.facts.account_number = in.text("bankAccount", {1, 19});
    [[maybe_unused]] auto const bank_code = in.text("bankCode", {1, 20});
    order.facts.reference = in.text("referenceNumber", {1, 64});
    auto const amount = in.text("amount", {1, 13});
    order.content = in.text("content", {1, 210});
    order.in_parts = in.optional_truth("multiTimes").value_or(false);
    order.checksum = in.text("checkSum", {32, 32});
    CHO_TRY_DO(body.finish());
    auto const number = rails::digits(amount);
    if (!number || *number == 0) return fail(Errc::invalid_format, "amount is a whole number of dong");
    order.facts.amount = Dong(*number);
    return order;
}

// What is done stands whatever is then answered.
Answering pay_back(SharedDesk desk, Request request)
{
    auto const now = desk->bank.now();
    auto const token = desk->tokens.find(rails::credentials(request.header("Authorization"), "Bearer"));
    if (token == desk->tokens.end() || token->second.until <= now) co_return said(401, "FAILED", "no such token, or it is too old");
    CHO_CO_TRY(auto const account, desk->bank.rail_account(token->second.rail_account));
    auto const order = read_order(request.body);
    if (!order) co_return refused("the order cannot be read: " + order.error().detail);
    auto const& facts = order->facts;
    if (!account.refund_access || rails::vietqr::refund_checksum(facts, Secret(account.refund_access->key)) != order->checksum)
        co_return refused("wrong checkSum");
    auto const paid = desk->bank.transfer(facts.reference);
    if (!paid || paid->account_number != facts.account_number) co_return refused("there is no such transfer on this account");
    bool const once_before = std::ranges::any_of(desk->bank.transfers(),
                                                 [&](Transfer const& t) { return t.refunds == facts.reference && !t.failed; });
    if (once_before && !order->in_parts) co_return refused("it was paid back before");
    auto const done = co_await desk->payments.refund({facts.reference, facts.amount, order->content, false});
    if (!done) co_return refused(done.error().detail);
    if (scenario_of(paid->amount) == Scenario::answer_lost) co_return Response(Response::hang_up);
    co_return said(200, "SUCCESS", done->transfers.empty() ? facts.reference : done->transfers.front().reference);
}

}  // namespace

void add_refund_routes(http::Router& router, Bank& bank, Payments& payments)
{
    using enum http::Method;
    http::RouteOptions about_route;
    about_route.documented = false;
    about_route.quiet = true;
    auto const desk = std::make_shared<Desk>(Desk{bank, payments});
    router.add(post, "/vqr/api/token_generate", "vietqr.refund_token",
               with_faults([desk](Request request) { return give_token(desk, std::move(request)); }), about_route);
    router.add(post, "/vqr/api/transaction/refund", "vietqr.refund",
               with_faults([desk](Request request) { return pay_back(desk, std::move(request)); }), about_route);
}

}  // namespace cho40::sandbox
