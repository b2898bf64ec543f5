#include "adapters/api/fee_json.h"
#include "adapters/api/fees.h"
#include "adapters/http/json_writer.h"
#include <charconv>
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using http::Response;
using nlohmann::json;

// Nothing of the payer: whoever has the code sees amounts and states.
boost::asio::awaitable<Result<json>> pay_state(FeeContext& context, std::string code)
{
    CHO_CO_TRY(auto found, co_await notice_with_code(context, std::move(code)));
    CHO_CO_TRY(auto newest, co_await newest_request(context, found.stored));
    CHO_CO_TRY(auto receipts, co_await context.store.receipts_of(found.stored.book, found.stored.notice.id));
    auto const& s = found.stored;
    auto const now = context.clock.now();
    bool const open = newest && qr_pay::is_open(newest->request.state);
    json papers = json::array();
    for (auto const& r : receipts)
        papers.push_back({{"code", r.lookup_code},
                          {"series", r.number.symbol},
                          {"number", receipt_number_text(r)},
                          {"refunded", http::money_json(r.given_back())}});
    co_return json{{"object", "pay_state"},
                   {"code", s.notice.code},
                   {"state", notice_state_json(s, newest, now)},
                   {"amount", http::money_json(s.notice.total)},
                   {"received", http::money_json(s.life.received)},
                   {"remaining", http::money_json(Dong(std::max<std::int64_t>(0, s.notice.total.count() - s.life.received.count())))},
                   {"refunded", http::money_json(s.life.given_back)},
                   {"expires_at", open ? http::instant_json(newest->request.expires_at) : json(nullptr)},
                   {"server_time", http::instant_json(now)},
                   {"received_at", http::instant_json(s.life.paid_at)},
                   {"written_at", http::instant_json(s.life.told_at)},
                   {"receipts", std::move(papers)}};
}

Answering state(FeeContext& context, Request request)
{
    auto code = request.path_value("code");
    CHO_CO_TRY(auto view, co_await pay_state(context, std::move(code)));
    co_return Response::json(view);
}

// Each message is the whole state as it stands: one that was missed is made up for by the next, and by the first after a
// reconnect.
Answering stream(FeeContext& context, Request request)
{
    CHO_CO_TRY(auto found, co_await notice_with_code(context, request.path_value("code")));
    auto const book = found.stored.book;
    auto const notice = found.stored.notice.id.uuid;
    auto const code = found.stored.notice.code;
    CHO_CO_TRY(auto const last, co_await context.events.head(book));
    co_return Response::event_stream([&context, book, notice, code, last](http::EventSink& sink) -> boost::asio::awaitable<void> {
        EventHub::Listener listener(context.hub, book, notice);
        auto after = last;
        bool look = true;
        while (!sink.closed()) {
            if (look) {
                auto view = co_await pay_state(context, code);
                if (!view) co_return;  // the database is away: the page reconnects
                auto sent = co_await sink.send(std::to_string(after), "", http::dump_json(*view));
                if (!sent) co_return;
            }
            constexpr int events_at_once = 100;
            co_await listener.wait();
            auto events = co_await context.events.of_stream(book, notice, after, events_at_once);
            if (!events) co_return;
            look = !events->empty();
            if (look) after = events->back().seq;
        }
    });
}

}  // namespace

boost::asio::awaitable<Result<fees::NoticeWithAgency>> notice_with_code(FeeContext& context, std::string typed)
{
    auto const code = fees::LookupCode::parse(typed);
    if (!code) co_return fail(Errc::not_found, "no such notice");
    auto text = code->text();
    CHO_CO_TRY(auto found, co_await context.store.notice_with_code(std::move(text)));
    if (!found) co_return fail(Errc::not_found, "no such notice");
    co_return *std::move(found);
}

boost::asio::awaitable<Result<std::optional<qr_pay::StoredRequest>>> newest_request(FeeContext& context, fees::StoredNotice stored)
{
    if (!stored.payment) co_return std::nullopt;
    co_return co_await context.store.find_request(*stored.payment);
}

void add_pay_routes(http::Router& router, FeeContext& context)
{
    using enum http::Method;
    auto const with = handlers_of(context);
    router.add(get, "/v1/pay/{code}/state", "pay.state", with(state));
    router.add(get, "/v1/pay/{code}/stream", "pay.stream", with(stream));
}

}  // namespace cho40::api
