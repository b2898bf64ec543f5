#include "adapters/api/stalls.h"
#include "adapters/api/day_book.h"
#include "adapters/api/ids.h"
#include "adapters/api/payment_json.h"
#include "adapters/api/payments.h"
#include "adapters/api/resource_json.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include "merchants/spoken.h"
#include <charconv>
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using http::Response;
using merchants::StallWithAccount;
using nlohmann::json;

Answering note_cash(Context& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto stall, co_await stall_in_path(context, request, principal));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    merchants::CashSale facts;
    facts.amount = in.money("amount");
    facts.sold_on = in.day("sold_on");
    facts.note = in.optional_text("note", {1, 140}).value_or("");
    auto const client_ref = in.optional_text("client_ref", {1, 64});
    CHO_CO_TRY_DO(body.finish());
    facts.noted_by = Id<qr_pay::UserTag>(principal.id);
    identity::UseCase<merchants::CashSale> work = [&context, stall, facts](auto extra) {
        return context.note_cash_sale(stall, facts, std::move(extra));
    };
    identity::AnswerOf<merchants::CashSale> answer = [stall, client_ref](merchants::CashSale const& made) {
        json view = {{"id", http::to_text(made.id)},
                     {"stall", http::to_text(stall.stall.id)},
                     {"amount", http::money_json(made.amount)},
                     {"sold_on", http::day_json(made.sold_on)},
                     {"note", http::text_or_null(made.note)},
                     {"client_ref", client_ref ? json(*client_ref) : json(nullptr)}};
        stamp(view, "cash_sale", 1, made.noted_at, made.noted_at);
        return identity::Answer(201, http::dump_json(view), identity::AuditTarget{"csh", made.id.uuid});
    };
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), stall.stall.book, std::move(work),
                                               std::move(answer));
}

// One event as the envelope of api-conventions §12.1, with the thing it is about as it stands now.
boost::asio::awaitable<Result<std::string>> envelope(Context& context, stores::StoredEvent event, StallWithAccount stall,
                                                     http::Language language)
{
    auto const data = json::parse(event.data, nullptr, false);
    json out = {{"id", http::id_text("evt", event.id)},
                {"type", event.type},
                {"timestamp", http::instant_json(event.at)},
                {"api_version", "v1"},
                {"mode", "live"},
                {"account", http::to_text(stall.stall.household)},
                {"spoken", nullptr}};
    out["sequence"] = data.value("version", std::int64_t{1});
    if (event.type.starts_with("payment.")) {
        out["resource"] = http::id_text("pay", event.resource);
        CHO_CO_TRY(auto stored, co_await context.payments.find(Id<qr_pay::PaymentRequest>(event.resource)));
        if (stored) out["data"] = {{"object", payment_json(*stored, stall, language)}};
    } else if (event.type.starts_with("refund.")) {
        auto const id = http::id_text("rfd", event.resource);
        out["resource"] = id;
        auto const of = [&](char const* kind, std::string_view prefix) {
            auto const subject = Uuid::from_string(data.value(kind, std::string()));
            return subject ? json(http::id_text(prefix, *subject)) : json(nullptr);
        };
        out["data"] = {{"object",
                        {{"id", id},
                         {"object", "refund"},
                         {"payment", of("payment", "pay")},
                         {"credit", of("credit", "crd")},
                         {"amount", http::money_json(Dong(data.value("amount", std::int64_t{0})))},
                         {"state", data.value("state", std::string())},
                         {"reference", data.value("code", std::string())}}}};
    } else {
        out["resource"] = http::id_text("crd", event.resource);
    }
    if (!out.contains("data")) {
        out["data"] = {{"object",
                        {{"id", out["resource"]},
                         {"object", "credit"},
                         {"kind", "nameless"},
                         {"amount", http::money_json(Dong(data.value("credit_amount", std::int64_t{0})))}}}};
    }
    if (auto const reason = qr_pay::credit_reason_named(data.value("reason", std::string()))) {
        out["spoken"] = merchants::spoken(*reason, Dong(data.value("credit_amount", std::int64_t{0})),
                                          Dong(data.value("remaining", std::int64_t{0})));
    }
    co_return http::dump_json(out);
}

constexpr int events_at_once = 100;

boost::asio::awaitable<Result<Frames>> frames_after(Context& context, std::shared_ptr<StallWithAccount const> of, std::int64_t after,
                                                    http::Language language)
{
    CHO_CO_TRY(auto events, co_await context.events.of_stream(of->stall.book, of->stall.id.uuid, after, events_at_once));
    Frames frames;
    for (auto& event : events) {
        auto const seq = std::to_string(event.seq);
        auto const type = event.type;
        auto const place = event.seq;
        CHO_CO_TRY(auto const text, co_await envelope(context, std::move(event), *of, language));
        frames.push_back({place, http::wire_event(seq, type, text)});
    }
    co_return frames;
}

Answering stream(Context& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto stall, co_await stall_in_path(context, request, std::move(principal)));
    CHO_CO_TRY(auto last, co_await context.events.head(stall.stall.book));
    bool gap = false;
    auto const resume = request.header("Last-Event-ID");
    if (!resume.empty()) {
        std::int64_t seq = 0;
        auto const [end, error] = std::from_chars(resume.data(), resume.data() + resume.size(), seq);
        gap = error != std::errc() || end != resume.data() + resume.size() || seq < 0 || seq > last;
        if (!gap) last = seq;
    }
    auto const language = request.language;
    auto const of = std::make_shared<StallWithAccount const>(std::move(stall));
    co_return Response::event_stream([&context, of, last, gap, language](http::EventSink& sink) -> boost::asio::awaitable<void> {
        auto const id = of->stall.id.uuid;
        EventHub::Listener listener(context.hub, of->stall.book, id);
        auto after = last;
        // The first message carries the place from which a reconnect resumes; `reset` tells the page to read again.
        auto greeted = co_await sink.send(std::to_string(after), gap ? "reset" : "ready", "{}");
        while (greeted && !sink.closed()) {
            SharedFrames::Reader read = [&context, &of, after, language] { return frames_after(context, of, after, language); };
            auto const frames = co_await context.hub.frames().get(id, after, language, std::move(read));
            if (!frames) co_return;  // the database is away: the page reconnects with the last id it has
            for (auto const& frame : **frames) {
                auto sent = co_await sink.send(frame.event);
                if (!sent) co_return;
                after = frame.seq;
            }
            if ((*frames)->size() < events_at_once) co_await listener.wait();
        }
    });
}

}  // namespace

boost::asio::awaitable<Result<StallWithAccount>> stall_in_path(Context& context, Request const& request, identity::Principal principal)
{
    auto id = http::parse_id<merchants::Stall>(request.path_value("stall"));
    if (!id) co_return tl::unexpected<Error>(id.error());
    co_return co_await own_stall(context, std::move(principal), *id);
}

void add_stall_routes(http::Router& router, Context& context)
{
    using enum http::Method;
    auto const with = handlers_of(context);
    router.add(get, "/v1/stalls/{stall}/day-book", "stalls.day_book", with(day_book));
    router.add(get, "/v1/stalls/{stall}/stream", "stalls.stream", with(stream));
    router.add(post, "/v1/stalls/{stall}/cash-sales", "cash_sales.create", with(note_cash));
}

}  // namespace cho40::api
