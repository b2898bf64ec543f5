#include "adapters/api/fee_schedules.h"
#include "adapters/api/ids.h"
#include "adapters/api/lists.h"
#include "adapters/api/refund_making.h"
#include "adapters/api/resource_json.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include "base/text.h"
#include "fees/schedule.h"
#include "fees/unit.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using fees::ImportedSchedule;
using fees::ScheduleChange;
using fees::ScheduleRow;
using fees::ScheduleState;
using http::Request;
using http::Response;
using nlohmann::json;
using stores::ScheduleWithNames;

constexpr std::size_t note_points_max = 500;
constexpr std::string_view in_force_name = "in-force";

fees::ScheduleActor actor_of(identity::Principal const& principal) { return {principal.id, principal.owner}; }

std::string person(Uuid const& id, bool is_key) { return http::id_text(is_key ? "key" : "usr", id); }

// Who handed it in may have been a key; who decides is a person always.
json person_or_null(Uuid const& id, std::string const& name, bool is_key = false)
{
    if (id.is_nil()) return nullptr;
    return {{"id", person(id, is_key)}, {"name", name}};
}

json state_of(ImportedSchedule const& s)
{
    bool const finished = s.state != ScheduleState::proposed;
    auto state = http::state_json(std::string(fees::schedule_state_name(s.state)), finished, s.decided_at.value_or(s.proposed_at));
    if (!s.reason.empty()) state["reason"] = {{"code", "refused"}, {"text", s.reason}};
    return state;
}

json facts_json(ScheduleWithNames const& found, std::int64_t number_in_force)
{
    auto const& s = found.schedule;
    json view = {{"id", http::to_text(s.id)},
                 {"state", state_of(s)},
                 {"number", s.number == 0 ? json(nullptr) : json(s.number)},
                 {"in_force", s.number != 0 && s.number == number_in_force},
                 {"sha256", to_hex(s.digest)},
                 {"compared_with", {{"number", s.base_number}, {"sha256", to_hex(s.base_digest)}}},
                 {"rows", s.rows},
                 {"note", http::text_or_null(s.note)},
                 {"proposed_by", person_or_null(s.proposed_by, found.proposer, s.proposed_by != s.proposed_by_owner)},
                 {"decided_by", person_or_null(s.decided_by, found.decider)},
                 {"decided_at", s.decided_at ? http::instant_json(*s.decided_at) : json(nullptr)}};
    stamp(view, "fee_schedule", s.version, s.proposed_at, s.decided_at.value_or(s.proposed_at));
    return view;
}

json day_or_null(std::optional<Day> day) { return day ? http::day_json(*day) : json(nullptr); }

json amount_json(std::string const& cell)
{
    auto const amount = fees::parse_count(cell);
    return http::money_json(amount ? std::optional(Dong(*amount)) : std::nullopt);
}

json row_json(std::optional<ScheduleRow> const& row)
{
    if (!row) return nullptr;
    return {{"line", row->line},
            {"amount", amount_json((*row)["amount_vnd"])},
            {"online_amount", amount_json((*row)["online_amount_vnd"])},
            {"unit", (*row)["unit"]},
            {"reduction_rule", (*row)["reduction_rule"]},
            {"effective_from", day_or_null(row->from())},
            {"effective_to", day_or_null(row->to())},
            {"legal_basis", (*row)["legal_basis"]},
            {"confidence", (*row)["confidence"]}};
}

json change_json(ScheduleChange const& c, Day handed_in, http::Language language)
{
    bool const vi = language == http::Language::vi;
    return {{"change", fees::schedule_change_name(c.kind)},
            {"fee_code", c.fee_code},
            {"name", c.row()[vi ? "procedure_name_vi" : "procedure_name_en"]},
            {"before", row_json(c.before)},
            {"after", row_json(c.after)},
            {"columns", c.columns},
            {"first_date", day_or_null(c.first_day)},
            {"reaches_back", c.reaches_before(handed_in)},
            {"text", vi ? fees::change_text_vi(c) : fees::change_text_en(c)}};
}

// The schedule with its difference. It was without mistakes when it was taken.
Result<json> whole_json(ScheduleWithNames const& found, std::int64_t number_in_force, http::Language language)
{
    CHO_TRY(auto const changes, fees::schedule_difference(found.schedule.base_csv, found.schedule.csv));
    auto const handed_in = Day::of(found.schedule.proposed_at);
    auto view = facts_json(found, number_in_force);
    json counts = {{"added", 0}, {"ended", 0}, {"changed", 0}, {"removed", 0}};
    json list = json::array();
    int back = 0;
    for (auto const& change : changes) {
        auto& count = counts[std::string(fees::schedule_change_name(change.kind))];
        count = count.get<int>() + 1;
        back += change.reaches_before(handed_in) ? 1 : 0;
        list.push_back(change_json(change, handed_in, language));
    }
    counts["reaching_back"] = back;
    view["difference"] = std::move(counts);
    view["changes"] = std::move(list);
    return view;
}

boost::asio::awaitable<Result<ScheduleWithNames>> schedule_in_path(FeeScheduleContext& context, Request const& request)
{
    CHO_CO_TRY(auto const id, http::parse_id<fees::FeeSchedule>(request.path_value("schedule")));
    CHO_CO_TRY(auto found, co_await context.store.look(id));
    if (!found) co_return fail(Errc::not_found, "no such schedule");
    co_return *std::move(found);
}

// "line 4, column unit" is where a person looks; what is wrong there is said in English by the reader.
Error in_words(Error error)
{
    if (error.code != Errc::invalid_csv && error.code != Errc::invalid_utf8) return error;
    auto const place_vi = [](std::string const& pointer) {
        if (!pointer.starts_with("line ")) return std::string();
        auto const comma = pointer.find(", column ");
        auto text = "Dòng " + pointer.substr(5, comma == pointer.npos ? comma : comma - 5);
        return comma == pointer.npos ? text : text + ", cột " + pointer.substr(comma + 9);
    };
    for (auto& field : error.fields) {
        if (field.detail_vi.empty()) field.detail_vi = place_vi(field.pointer) + ": " + field.detail + ".";
    }
    if (error.detail_vi.empty()) {
        auto const place = place_vi(error.pointer);
        error.detail_vi = (place.empty() ? "Tệp không đọc được" : place + ": " + error.detail) +
                          ". Không có gì được ghi nhận; sửa tệp rồi nộp lại.";
    }
    if (!error.pointer.empty() && error.fields.empty()) error.detail += " (" + error.pointer + ")";
    error.detail += ". Nothing was taken; mend the file and hand it in again.";
    return error;
}

Result<std::string> read_note(Request const& request)
{
    CHO_TRY(auto note, to_nfc(request.query_value("note").value_or("")));
    if (count_code_points(note) > note_points_max) return fail(Errc::text_too_long, "at most 500 characters", "#query/note");
    return note;
}

Answering create(FeeScheduleContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, {"note"}));
    if (auto const type = request.media_type(); type != "text/csv" && type != "application/octet-stream")
        co_return fail(Errc::unsupported_media_type, "send the schedule as it is: text/csv", "#header/Content-Type");
    if (request.body.empty()) co_return fail(Errc::invalid_input, "the body is the schedule; it is empty");
    CHO_CO_TRY(auto note, read_note(request));
    auto const language = request.language;
    identity::Idempotency::Work work = [&context, csv = request.body, note, by = actor_of(principal), name = principal.name,
                                        language](identity::Ticket ticket) -> Answering {
        ledger::Extra<ImportedSchedule> extra = ticket.extra<ImportedSchedule>([&](ImportedSchedule const& made) {
            auto const view = whole_json({made, name, {}}, context.tables.source().number, language);
            identity::Answer answer(201, http::dump_json(view.value()), identity::AuditTarget{"fsc", made.id.uuid});
            answer.location = "/v1/fee-schedules/" + http::to_text(made.id);
            answer.etag = http::etag(made.version);
            return answer;
        });
        CHO_CO_TRY_DO(co_await context.imports.propose(csv, note, by, std::move(extra)));
        co_return ticket.response();
    };
    auto answer = co_await context.idempotency.run(std::move(request), std::move(principal), fees::schedule_book, std::move(work));
    if (answer) co_return answer;
    auto refusal = in_words(std::move(answer).error());
    context.log.warning("fees.schedule_refused", {{"code", errc_name(refusal.code)}, {"at", refusal.pointer}});
    co_return tl::unexpected<Error>(std::move(refusal));
}

Answering list(FeeScheduleContext& context, Request request)
{
    CHO_CO_TRY_DO(co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, {}));
    CHO_CO_TRY(auto const limit, http::page_limit(request));
    CHO_CO_TRY(auto const before, id_before(request, context.cursors));
    CHO_CO_TRY(auto const number, co_await context.store.number_in_force());
    CHO_CO_TRY(auto found, co_await context.store.list(before, limit + 1));
    std::optional<std::string> next;
    if (cut_to(found, limit)) next = context.cursors.write(request, {found.back().schedule.id.uuid.to_string()});
    json data = json::array();
    for (auto const& one : found) data.push_back(facts_json(one, number));
    WhyEmpty const why{"programs_own_schedule", "Chưa có biểu mức thu nào được nộp: biểu kèm theo phần mềm đang có hiệu lực.",
                       "No schedule was handed in: the one that belongs to the program is in force."};
    co_return list_response(request, std::move(data), next, context.clock.now(), why);
}

Answering read(FeeScheduleContext& context, Request request)
{
    CHO_CO_TRY_DO(co_await context.gate.admit(request));
    CHO_CO_TRY(auto const found, co_await schedule_in_path(context, request));
    CHO_CO_TRY(auto const number, co_await context.store.number_in_force());
    CHO_CO_TRY(auto const view, whole_json(found, number, request.language));
    co_return Response::json(view).header("ETag", http::etag(found.schedule.version));
}

Response csv_file(std::string bytes, std::string const& name)
{
    return Response::bytes(std::move(bytes), "text/csv; charset=utf-8")
        .header("Content-Disposition", "attachment; filename=\"" + name + ".csv\"");
}

Answering difference(FeeScheduleContext& context, Request request)
{
    CHO_CO_TRY_DO(co_await context.gate.admit(request));
    CHO_CO_TRY(auto const found, co_await schedule_in_path(context, request));
    CHO_CO_TRY(auto const changes, fees::schedule_difference(found.schedule.base_csv, found.schedule.csv));
    co_return csv_file(fees::difference_csv(changes), http::to_text(found.schedule.id) + "-difference");
}

// The bytes as they were handed in; "in-force" for whatever is in force, to begin the next one with.
Answering file(FeeScheduleContext& context, Request request)
{
    CHO_CO_TRY_DO(co_await context.gate.admit(request));
    if (request.path_value("schedule") == in_force_name) {
        CHO_CO_TRY(auto in_force, co_await context.store.schedule_in_force());
        auto bytes = in_force ? std::move(in_force->csv) : std::string(fees::FeeTables::embedded_schedule());
        co_return csv_file(std::move(bytes), "fee-schedule");
    }
    CHO_CO_TRY(auto found, co_await schedule_in_path(context, request));
    co_return csv_file(std::move(found.schedule.csv), http::to_text(found.schedule.id));
}

using Decide = std::function<boost::asio::awaitable<Result<ImportedSchedule>>(Id<fees::FeeSchedule>, fees::ScheduleActor,
                                                                              ledger::Extra<ImportedSchedule>)>;

Answering decide(FeeScheduleContext& context, Request request, identity::Principal principal, std::string details, Decide decision)
{
    CHO_CO_TRY(auto const found, co_await schedule_in_path(context, request));
    identity::Idempotency::Work work = [&context, found, by = actor_of(principal), name = principal.name, details, decision,
                                        language = request.language](identity::Ticket ticket) -> Answering {
        ticket.audit_details(details);
        ledger::Extra<ImportedSchedule> extra = ticket.extra<ImportedSchedule>([&](ImportedSchedule const& made) {
            auto const number = made.number != 0 ? made.number : context.tables.source().number;
            auto const view = whole_json({made, found.proposer, name}, number, language);
            identity::Answer answer(200, http::dump_json(view.value()), identity::AuditTarget{"fsc", made.id.uuid});
            answer.etag = http::etag(made.version);
            return answer;
        });
        CHO_CO_TRY_DO(co_await decision(found.schedule.id, by, std::move(extra)));
        co_return ticket.response();
    };
    auto answer = co_await context.idempotency.run(std::move(request), std::move(principal), fees::schedule_book, std::move(work));
    // This instance goes by it before the caller hears of it; the others a moment later. Should it not be readable now, the
    // round that follows tries again.
    if (answer) {
        if (auto followed = co_await fees::follow_schedule(context.store, context.tables); !followed)
            context.log.error("fees.schedule_not_followed", {{"detail", followed.error().detail}});
    }
    co_return answer;
}

Answering approve(FeeScheduleContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    Decide decision = [&context](auto id, auto by, auto extra) { return context.imports.approve(id, by, std::move(extra)); };
    co_return co_await decide(context, std::move(request), std::move(principal), "{}", std::move(decision));
}

Answering reject(FeeScheduleContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto const text = body.root().text("reason", {3, 400});
    CHO_CO_TRY_DO(body.finish());
    Decide decision = [&context, text](auto id, auto by, auto extra) { return context.imports.refuse(id, by, text, std::move(extra)); };
    co_return co_await decide(context, std::move(request), std::move(principal), reason_details("not_agreed", text), std::move(decision));
}

}  // namespace

void add_fee_schedule_routes(http::Router& router, FeeScheduleContext& context)
{
    using enum http::Method;
    auto const with = handlers_of(context);
    router.add(post, "/v1/fee-schedules", "fee_schedules.create", with(create));
    router.add(get, "/v1/fee-schedules", "fee_schedules.list", with(list));
    router.add(get, "/v1/fee-schedules/{schedule}", "fee_schedules.read", with(read));
    router.add(get, "/v1/fee-schedules/{schedule}/difference", "fee_schedules.difference", with(difference));
    router.add(get, "/v1/fee-schedules/{schedule}/file", "fee_schedules.file", with(file));
    router.add(post, "/v1/fee-schedules/{schedule}/approval", "fee_schedules.approve", with(approve));
    router.add(post, "/v1/fee-schedules/{schedule}/rejection", "fee_schedules.reject", with(reject));
}

}  // namespace cho40::api
