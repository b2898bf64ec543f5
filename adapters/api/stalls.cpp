#include "adapters/api/stalls.h"
#include "adapters/api/ids.h"
#include "adapters/api/payment_json.h"
#include "adapters/api/payments.h"
#include "adapters/api/resource_json.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include "merchants/day_book.h"
#include "merchants/spoken.h"
#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using http::Response;
using merchants::DayLine;
using merchants::LineKind;
using merchants::StallWithAccount;
using nlohmann::json;

boost::asio::awaitable<Result<StallWithAccount>> stall_in_path(Context& context, Request const& request, identity::Principal principal)
{
    auto id = http::parse_id<merchants::Stall>(request.path_value("stall"));
    if (!id) co_return tl::unexpected<Error>(id.error());
    co_return co_await own_stall(context, std::move(principal), *id);
}

json count_and_sum(merchants::CountAndSum const& c) { return {{"count", c.count}, {"sum", http::money_json(c.sum)}}; }

boost::asio::awaitable<Result<std::vector<DayLine>>> lines_of(Context& context, StallWithAccount stall, Day day)
{
    CHO_CO_TRY(auto credits, co_await context.payments.credits_between(stall.stall.book, stall.stall.id.uuid, day.begin(), day.end()));
    CHO_CO_TRY(auto cash, co_await context.merchants.cash_sales(stall.stall.book, stall.stall.id, day));
    std::vector<DayLine> lines;
    for (auto const& c : credits) {
        DayLine line;
        line.at = c.booked_at;
        line.kind = merchants::line_kind_of(c.reason);
        line.amount = c.amount;
        line.asked = c.asked;
        line.refund_due = c.refund_due;
        line.payment = c.request ? c.request->uuid : Uuid{};
        line.credit = c.id.uuid;
        line.payer = c.payer_name;
        line.reference = c.code;
        line.trace_tail = c.bank_reference.size() > 4 ? c.bank_reference.substr(c.bank_reference.size() - 4) : c.bank_reference;
        line.note = c.note;
        lines.push_back(std::move(line));
    }
    for (auto const& c : cash) {
        DayLine line;
        line.at = day == Day::of(c.noted_at) ? c.noted_at : day.begin() + std::chrono::hours(12);
        line.kind = LineKind::cash;
        line.amount = c.amount;
        line.cash_sale = c.id.uuid;
        line.note = c.note;
        lines.push_back(std::move(line));
    }
    CHO_CO_TRY(auto refunds, co_await context.refunds.paid_between(stall.stall.book, stall.stall.id.uuid, day.begin(), day.end()));
    for (auto const& stored : refunds) {
        DayLine line;
        line.at = stored.transfer->booked_at;
        line.kind = LineKind::refund;
        line.amount = stored.refund.amount;
        if (stored.subject_kind == qr_pay::RefundSubject::payment) line.payment = stored.subject;
        if (stored.subject_kind == qr_pay::RefundSubject::credit) line.credit = stored.subject;
        line.reference = stored.refund.code.text();
        line.note = stored.reason_text;
        lines.push_back(std::move(line));
    }
    std::ranges::sort(lines, [](DayLine const& a, DayLine const& b) { return a.at != b.at ? a.at > b.at : a.credit > b.credit; });
    co_return lines;
}

json line_json(DayLine const& line)
{
    auto const id = [](std::string_view prefix, Uuid const& uuid) {
        return uuid.is_nil() ? json(nullptr) : json(http::id_text(prefix, uuid));
    };
    return {{"at", http::instant_json(line.at)},
            {"kind", merchants::name_of(line.kind)},
            {"amount", http::money_json(line.amount)},
            {"asked", http::money_json(line.asked)},
            {"payment", id("pay", line.payment)},
            {"credit", id("crd", line.credit)},
            {"cash_sale", id("csh", line.cash_sale)},
            {"payer", http::text_or_null(line.payer)},
            {"reference", http::text_or_null(line.reference)},
            {"trace_tail", http::text_or_null(line.trace_tail)},
            {"note", http::text_or_null(line.note)},
            {"needs_attention", merchants::needs_attention(line.kind)}};
}

Answering day_book(Context& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto stall, co_await stall_in_path(context, request, std::move(principal)));
    auto const now = context.clock.now();
    auto day = Day::of(now);
    if (auto const text = request.query_value("date")) {
        auto parsed = Day::parse(*text);
        if (!parsed) co_return fail(Errc::invalid_date, "a day is written YYYY-MM-DD", "#query/date");
        day = *parsed;
    }
    CHO_CO_TRY(auto lines, co_await lines_of(context, stall, day));
    CHO_CO_TRY(auto const known_as_of, co_await context.heartbeats.known_as_of(stall.stall.book, Id<qr_pay::Owner>(stall.stall.id.uuid)));
    CHO_CO_TRY(auto const gaps, co_await context.gaps.of_account(stall.stall.book, stall.account.account_number, day));
    json money_gaps = json::array();
    for (auto const& gap : gaps) {
        money_gaps.push_back({{"from", http::instant_json(std::min(gap.last_booked_at, gap.first_booked_at))},
                              {"to", http::instant_json(std::max(gap.last_booked_at, gap.first_booked_at))},
                              {"being_asked", gap.has_list}});
    }
    auto const totals = merchants::add_up(lines);

    // The same weekday a week ago, up to the same time of day when the day is still running.
    auto const week_before = day.plus_days(-7);
    auto const until = day == Day::of(now) ? now - std::chrono::hours(24 * 7) : week_before.end();
    CHO_CO_TRY(auto before, co_await lines_of(context, stall, week_before));
    std::erase_if(before, [&](DayLine const& line) { return line.at >= until; });
    auto const compared = merchants::add_up(before);
    std::int64_t difference_bp = 0;
    if (compared.all.sum.is_positive()) {
        auto const ratio = multiply_half_up(totals.all.sum, 10000, compared.all.sum.count());
        difference_bp = ratio ? ratio->count() - 10000 : 0;
    }

    json by_kind = json::array();
    for (auto kind : merchants::line_kinds) {
        auto row = count_and_sum(totals.by_kind[static_cast<std::size_t>(kind)]);
        row["kind"] = merchants::name_of(kind);
        by_kind.push_back(std::move(row));
    }
    json hours = json::array();
    for (std::size_t hour = 0; hour < totals.by_hour.size(); ++hour) {
        auto row = count_and_sum(totals.by_hour[hour]);
        row["hour"] = hour;
        hours.push_back(std::move(row));
    }
    json rendered = json::array();
    for (auto const& line : lines) rendered.push_back(line_json(line));
    json out = {{"object", "day_book"},
                {"stall", http::to_text(stall.stall.id)},
                {"date", http::day_json(day)},
                {"as_of", http::instant_json(now)},
                {"money_known_as_of", known_as_of ? http::instant_json(*known_as_of) : json()},
                {"money_gaps", std::move(money_gaps)},
                {"totals",
                 {{"all", count_and_sum(totals.all)},
                  {"bank", count_and_sum(totals.bank)},
                  {"cash", count_and_sum(totals.cash)},
                  {"refund_due", count_and_sum(totals.refund_due)},
                  {"refunded", count_and_sum(totals.refunded)},
                  {"by_kind", std::move(by_kind)}}},
                {"hours", std::move(hours)},
                {"compared",
                 {{"date", http::day_json(week_before)},
                  {"count", compared.all.count},
                  {"sum", http::money_json(compared.all.sum)},
                  {"until", http::instant_json(until)},
                  {"difference_bp", difference_bp}}},
                {"lines", std::move(rendered)},
                {"page", http::page_json(std::nullopt)}};
    co_return Response::json(out);
}

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
    co_return Response::event_stream([&context, stall, last, gap, language](http::EventSink& sink) -> boost::asio::awaitable<void> {
        EventHub::Listener listener(context.hub, stall.stall.id.uuid);
        auto after = last;
        // The first message carries the place from which a reconnect resumes; `reset` tells the page to read again.
        auto greeted = co_await sink.send(std::to_string(after), gap ? "reset" : "ready", "{}");
        while (greeted && !sink.closed()) {
            constexpr int events_at_once = 100;
            auto events = co_await context.events.of_stream(stall.stall.book, stall.stall.id.uuid, after, events_at_once);
            if (!events) co_return;  // the database is away: the page reconnects with the last id it has
            for (auto const& event : *events) {
                auto text = co_await envelope(context, event, stall, language);
                if (!text) co_return;
                auto sent = co_await sink.send(std::to_string(event.seq), event.type, *std::move(text));
                if (!sent) co_return;
                after = event.seq;
            }
            if (events->size() < events_at_once) co_await listener.wait();
        }
    });
}

}  // namespace

void add_stall_routes(http::Router& router, Context& context)
{
    using enum http::Method;
    auto const with = handlers_of(context);
    router.add(get, "/v1/stalls/{stall}/day-book", "stalls.day_book", with(day_book));
    router.add(get, "/v1/stalls/{stall}/stream", "stalls.stream", with(stream));
    router.add(post, "/v1/stalls/{stall}/cash-sales", "cash_sales.create", with(note_cash));
}

}  // namespace cho40::api
