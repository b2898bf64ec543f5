#include "apps/sandbox/national_routes.h"
#include "adapters/http/cookies.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include "apps/sandbox/faults.h"
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

namespace cho40::sandbox {
namespace {

using http::JsonBody;
using http::Request;
using http::Response;
using nlohmann::json;
using Answering = boost::asio::awaitable<Result<Response>>;
using Side = std::shared_ptr<NationalSide>;

constexpr int silence = 30;  // seconds; longer than anybody waits for an answer

boost::asio::awaitable<void> pass(NationalSide const& side, int seconds)
{
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, seconds * side.second);
    co_await timer.async_wait(boost::asio::use_awaitable);
}

CallEntry entry_of(NationalSide const& side, std::string direction, std::string about, std::string where, std::string request)
{
    CallEntry entry;
    entry.at = side.clock.now();
    entry.direction = std::move(direction);
    entry.kind = "dvcqg";
    entry.about = std::move(about);
    entry.where = std::move(where);
    entry.request = std::move(request);
    return entry;
}

std::string word(json const& message, char const* name) { return message.is_object() ? message.value(name, "") : std::string(); }

// What it did stands whatever it then answers: that is what faults after the work are about.
Answering take(Side side, Request request)
{
    auto const message = json::parse(request.body, nullptr, false);
    auto const kind = word(message, "LoaiBanTin");
    auto const reference = word(message, "MaThamChieu");
    auto const* const partner = side->platform.partner(word(message, "MaDoiTac"));
    std::set<std::string> const faults = partner ? partner->faults : std::set<std::string>();
    if (kind == "INIT" && faults.contains("init_refused")) co_return Response::json({{"error_code", "12"}, {"message", "he thong ban"}});
    auto const taken = side->platform.take(request.body, request.header("Authorization"));
    auto const prefix = kind == "INIT" ? std::string("init_") : kind == "QUERY" ? "query_" : "bill_";
    auto entry = entry_of(*side, "received", reference, request.path, request.body);
    entry.answer = taken ? *taken : std::string(errc_name(taken.error().code));
    side->calls.add(std::move(entry));
    if (faults.contains(prefix + "slow")) co_await pass(*side, 3);
    if (faults.contains(prefix + "silent")) {
        co_await pass(*side, silence);
        co_return Response(Response::hang_up);
    }
    if (faults.contains(prefix + "hang_up")) co_return Response(Response::hang_up);
    if (faults.contains(prefix + "garbage")) co_return Response::html("<html><body>502 Bad Gateway</body></html>");
    if (faults.contains(prefix + "none")) co_return Response::text("no", 404);
    if (!taken) {
        if (taken.error().code == Errc::unauthenticated) co_return Response::text("unauthorized", 401);
        co_return Response::json({{"error_code", "96"}, {"message", std::string(errc_name(taken.error().code))}});
    }
    if (kind == "GET_BILL") co_return Response::bytes(*taken, "application/pdf");
    if (kind == "QUERY") co_return Response::json_text(*taken);
    auto const here = "http://" + std::string(request.header("Host"));
    json const where = {{"UrlThanhToan", here + *taken}};
    co_return Response::json({{"error_code", "0"}, {"message", where.dump()}});
}

struct Told {
    int status = 0;
    std::string body;
};

boost::asio::awaitable<Told> send(Side side, std::string reference, std::string body)
{
    auto const* const attempt = side->platform.attempt(reference);
    auto const* const partner = attempt ? side->platform.partner(attempt->partner) : nullptr;
    if (!partner) co_return Told{};
    http::Outgoing call(http::Method::post, side->service_url + partner->address, body);
    call.headers.set("Content-Type", "application/json");
    auto entry = entry_of(*side, "sent", reference, partner->address, std::move(body));
    auto const called = co_await side->client.call(std::move(call));
    Told told;
    if (called.response) {
        told.status = called.response->status;
        told.body = called.response->body_text();
    }
    entry.status = told.status;
    entry.answer = told.body;
    side->calls.add(std::move(entry));
    co_return told;
}

Answering end(Side side, Request request)
{
    auto const reference = request.path_value("reference");
    CHO_CO_TRY(auto body, JsonBody::parse(request.body));
    bool const paid = body.root().truth("paid");
    CHO_CO_TRY_DO(body.finish());
    CHO_CO_TRY_DO(side->platform.end(reference, paid, side->clock.now()));
    co_return Response::json({{"transaction", side->platform.attempt(reference)->transaction}});
}

// One result call for each of `calls`, in their order; the answers in the same.
Answering tell(Side side, Request request)
{
    auto const reference = request.path_value("reference");
    CHO_CO_TRY(auto body, JsonBody::parse(request.body));
    std::vector<NationalTelling> tellings;
    body.root().each("calls", {1, 20}, [&](http::ObjectReader in) {
        NationalTelling telling;
        telling.code = in.optional_text("code", {1, 10}).value_or("00");
        telling.amount = in.optional_text("amount", {1, 40});
        telling.currency = in.optional_text("currency", {1, 10});
        telling.partner = in.optional_text("partner", {1, 64});
        telling.reference = in.optional_text("reference", {1, 100});
        telling.transaction = in.optional_text("transaction", {0, 100});
        telling.wrong_checksum = in.optional_truth("wrong_checksum").value_or(false);
        telling.twelve_hours = in.optional_truth("twelve_hours").value_or(false);
        tellings.push_back(std::move(telling));
    });
    CHO_CO_TRY_DO(body.finish());
    auto answers = json::array();
    for (auto const& telling : tellings) {
        CHO_CO_TRY(auto call, side->platform.result_call(reference, telling, side->clock.now()));
        auto const told = co_await send(side, reference, std::move(call));
        answers.push_back({{"status", told.status}, {"body", told.body}});
    }
    co_return Response::json({{"answers", std::move(answers)}});
}

Answering list(Side side, Request)
{
    auto out = json::array();
    for (auto const& attempt : side->platform.attempts()) {
        out.push_back({{"reference", attempt.reference},
                       {"partner", attempt.partner},
                       {"amount", attempt.amount},
                       {"sent_time", attempt.sent_time},
                       {"state", state_name(attempt.state)},
                       {"transaction", attempt.transaction},
                       {"told", attempt.told},
                       {"receipt", json::parse(attempt.receipt)}});
    }
    co_return Response::json({{"payments", std::move(out)}});
}

Answering set(NationalPlatform& platform, Request request)
{
    CHO_CO_TRY(auto body, JsonBody::parse(request.body));
    auto in = body.root();
    NationalPartner partner;
    partner.name = in.text("partner", {1, 64});
    partner.secret = in.text("secret", {1, 256});
    partner.token = in.text("access_token", {1, 4000});
    partner.address = in.text("address", {1, 200});
    partner.back = in.optional_text("back", {1, 200}).value_or("");
    for (auto& fault : in.optional_texts("faults", {0, 20}, {1, 40})) partner.faults.insert(std::move(fault));
    CHO_CO_TRY_DO(body.finish());
    json const answer = {{"partner", partner.name}};
    platform.put(std::move(partner));
    co_return Response::json(answer);
}

// References and amounts are letters and digits; what is shown needs no escaping.
std::string page(std::string const& reference, std::string const& inside)
{
    return "<!doctype html><html lang=\"vi\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
           "<title>Cổng thanh toán (bản thử)</title></head><body><h1>Cổng thanh toán quốc gia — bản thử</h1><p>Mã: <code>" +
           reference + "</code></p>" + inside + "</body></html>";
}

bool is_plain(std::string_view text) { return text.find_first_of("<>&\"'") == text.npos; }

Answering show(Side side, Request request)
{
    auto const reference = request.path_value("reference");
    auto const* const attempt = side->platform.attempt(reference);
    if (!attempt || !is_plain(reference) || !is_plain(attempt->amount)) co_return fail(Errc::not_found, "no such payment");
    auto const button = [](char const* act, char const* words) {
        return std::string("<form method=\"post\"><input type=\"hidden\" name=\"act\" value=\"") + act + "\"><button>" + words +
               "</button></form>";
    };
    co_return Response::html(page(reference, "<p>Số tiền: " + attempt->amount + " đ. Tiền ở đây không có thật.</p>" +
                                                 button("pay", "Trả tiền") + button("fail", "Không trả được") +
                                                 button("pay_untold", "Trả tiền, nhưng không báo lại")))
        .content_security_policy("default-src 'none'; form-action 'self'");
}

Answering click(Side side, Request request)
{
    auto const reference = request.path_value("reference");
    CHO_CO_TRY(auto const form, http::parse_form(request));
    auto const act = http::form_value(form, "act");
    bool const paid = act != "fail";
    CHO_CO_TRY_DO(side->platform.end(reference, paid, side->clock.now()));
    if (act != "pay_untold") {
        NationalTelling telling;
        if (!paid) telling.code = "24";
        CHO_CO_TRY(auto call, side->platform.result_call(reference, telling, side->clock.now()));
        (void)co_await send(side, reference, std::move(call));
    }
    auto const* const attempt = side->platform.attempt(reference);
    auto const* const partner = side->platform.partner(attempt->partner);
    if (partner && !partner->back.empty()) co_return Response::redirect(partner->back);
    co_return Response::html(
        page(reference, paid ? "<p>Đã trả. Quay lại trang trước.</p>" : "<p>Không trả được. Quay lại trang trước.</p>"));
}

}  // namespace

void add_national_routes(http::Router& router, std::shared_ptr<NationalSide> side, Books& books)
{
    using enum http::Method;
    http::RouteOptions about_route;
    about_route.documented = false;
    auto const with = [&side](Answering (*handler)(Side, Request)) {
        return with_faults([side, handler](Request request) { return handler(side, std::move(request)); });
    };
    router.add(post, "/dvcqg/api", "dvcqg.api", with(take), about_route);
    router.add(get, "/dvcqg/pay/{reference}", "dvcqg.show", with(show), about_route);
    router.add(post, "/dvcqg/pay/{reference}", "dvcqg.click", with(click), about_route);
    router.add(get, "/dvcqg/payments", "dvcqg.list", with(list), about_route);
    router.add(post, "/dvcqg/payments/{reference}/end", "dvcqg.end", with(end), about_route);
    router.add(post, "/dvcqg/payments/{reference}/tell", "dvcqg.tell", with(tell), about_route);
    auto setting = [side](Request request) { return set(side->platform, std::move(request)); };
    router.add(post, "/setup/national", "setup.national", remembered(books, "/setup/national", with_faults(std::move(setting))),
               about_route);
}

}  // namespace cho40::sandbox
