#include "adapters/api/rail_backfills.h"
#include "adapters/api/ids.h"
#include "adapters/api/rail_owner.h"
#include "adapters/api/resource_json.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using http::Response;
using nlohmann::json;
using stores::RailReading;

constexpr int days_max = 366;

struct BackfillContext {
    Context& context;
    RailDirectory& directory;
    stores::RailReadings& readings;
    ledger::Ledger& ledger;
};

std::string_view state_of(RailReading const& reading)
{
    if (reading.finished_at) return "done";
    return reading.begun_at ? "running" : "waiting";
}

json view_of(RailReading const& reading)
{
    json view = {{"id", http::to_text(reading.id)},
                 {"rail_account", http::to_text(reading.rail_account)},
                 {"from", http::day_json(Day::of(reading.from))},
                 {"to", reading.to ? http::day_json(Day::of(*reading.to)) : json()},
                 {"state", state_of(reading)},
                 {"lines",
                  {{"read", reading.lines.read},
                   {"new", reading.lines.fresh},
                   {"known", reading.lines.known},
                   {"unreadable", reading.lines.unreadable}}},
                 {"last_error", http::text_or_null(reading.last_error)}};
    auto const changed = reading.finished_at.value_or(reading.begun_at.value_or(reading.created_at));
    stamp(view, "rail_backfill", reading.finished_at ? 2 : 1, reading.created_at, changed);
    return view;
}

boost::asio::awaitable<Result<std::shared_ptr<RailDirectory::Entry const>>> account_for(BackfillContext in, identity::Principal principal,
                                                                                        std::string text)
{
    CHO_CO_TRY(auto const id, http::parse_id<qr_pay::RailAccountTag>(text));
    CHO_CO_TRY(auto entry, co_await in.directory.find({}, id));
    CHO_CO_TRY_DO(identity::may_act_for(principal, RailOwner(entry->account).place));
    co_return entry;
}

Answering create(BackfillContext in, Request request)
{
    CHO_CO_TRY(auto principal, co_await in.context.gate.admit(request));
    CHO_CO_TRY(auto const entry, co_await account_for(in, principal, std::string(request.path_value("account"))));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto fields = body.root();
    auto const now = in.context.clock.now();
    auto const from = fields.day("from");
    auto const to = fields.optional_day("to").value_or(Day::of(now));
    if (to < from) fields.refuse("to", Errc::invalid_date, "lies before from", "Trước ngày bắt đầu.");
    else if (fields.has("from") && to.days_since(from) >= days_max)
        fields.refuse("from", Errc::too_large, "at most 366 days", "Nhiều nhất 366 ngày.");
    CHO_CO_TRY_DO(body.finish());
    if (!entry->list_key)
        co_return fail(Error(Errc::invalid_state, "the account has no access to its provider's list")
                           .vi("Kênh này chưa có khoá đọc danh sách giao dịch của nhà cung cấp."));
    RailReading reading;
    reading.book = entry->account.book;
    reading.id = make_id<stores::RailReadingTag>(now, in.context.random);
    reading.rail_account = entry->account.id;
    reading.purpose = RailReading::Purpose::backfill;
    reading.from = from.begin();
    reading.to = to.end() - std::chrono::seconds(1);  // the last second of the last day, whole
    reading.due_at = reading.created_at = now;
    auto const book = reading.book;
    identity::Idempotency::Work work = [&ledger = in.ledger, reading](identity::Ticket ticket) -> Answering {
        ledger::Command command(reading.book);
        command.guards.push_back(ticket.guard());
        command.rows.push_back(std::make_shared<stores::NewRailReading>(reading));
        identity::Answer answer(201, http::dump_json(view_of(reading)), identity::AuditTarget{"rbf", reading.id.uuid});
        answer.location = "/v1/rail-backfills/" + http::to_text(reading.id);
        auto rows = ticket.rows(std::move(answer));
        command.rows.insert(command.rows.end(), rows.begin(), rows.end());
        CHO_CO_TRY_DO(co_await ledger.submit(std::move(command)));
        co_return ticket.response();
    };
    co_return co_await in.context.idempotency.run(std::move(request), std::move(principal), book, std::move(work));
}

Answering read(BackfillContext in, Request request)
{
    CHO_CO_TRY(auto principal, co_await in.context.gate.admit(request));
    CHO_CO_TRY(auto const id, http::parse_id<stores::RailReadingTag>(request.path_value("backfill")));
    CHO_CO_TRY(auto const reading, co_await in.readings.find(id));
    if (!reading || reading->purpose != RailReading::Purpose::backfill) co_return fail(Errc::not_found, "no such back-fill");
    auto account = http::to_text(reading->rail_account);
    CHO_CO_TRY_DO(co_await account_for(in, std::move(principal), std::move(account)));
    co_return Response::json(view_of(*reading));
}

}  // namespace

void add_rail_backfill_routes(http::Router& router, Context& context, RailDirectory& directory, stores::RailReadings& readings,
                              ledger::Ledger& ledger)
{
    BackfillContext const in{context, directory, readings, ledger};
    using enum http::Method;
    router.add(post, "/v1/rail-accounts/{account}/backfills", "rail_backfills.create",
               [in](Request request) { return create(in, std::move(request)); });
    router.add(get, "/v1/rail-backfills/{backfill}", "rail_backfills.read", [in](Request request) { return read(in, std::move(request)); });
}

}  // namespace cho40::api
