#include "adapters/api/remittances.h"
#include "adapters/api/ids.h"
#include "adapters/api/lists.h"
#include "adapters/api/remittance_files.h"
#include "adapters/api/remittance_json.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include "adapters/statements/camt_bank_day.h"
#include "adapters/statements/record_files.h"
#include "base/digest.h"
#include "base/offload.h"
#include "base/text.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using fees::RegisteredAgency;
using fees::Remit;
using fees::Remittance;
using fees::RemittancePeriod;
using http::Request;
using http::Response;
using nlohmann::json;

// Orders a statement may be about: more than a year of weekly ones, twice over.
constexpr int orders_looked_at = 120;

fees::RemittanceActor actor_of(identity::Principal const& principal) { return {principal.id, principal.owner}; }

boost::asio::awaitable<Result<RegisteredAgency>> own_agency(RemittanceContext& context, identity::Principal principal, Id<fees::Agency> id)
{
    CHO_CO_TRY_DO(identity::may_act_for(principal, identity::Place::agency(id.uuid)));
    CHO_CO_TRY(auto agency, co_await context.agencies.find_agency(id));
    if (!agency) co_return fail(Errc::not_found, "no such agency");
    co_return *std::move(agency);
}

boost::asio::awaitable<Result<RegisteredAgency>> agency_in_path(RemittanceContext& context, Request const& request,
                                                                identity::Principal principal)
{
    CHO_CO_TRY(auto const id, http::parse_id<fees::Agency>(request.path_value("agency")));
    co_return co_await own_agency(context, std::move(principal), id);
}

struct Own {
    RegisteredAgency agency;
    Remittance remittance;
};

boost::asio::awaitable<Result<Own>> own_in_path(RemittanceContext& context, Request const& request, identity::Principal principal)
{
    CHO_CO_TRY(auto const id, http::parse_id<Remittance>(request.path_value("remittance")));
    CHO_CO_TRY(auto found, co_await context.store.find_remittance(id));
    if (!found) co_return fail(Errc::not_found, "no such remittance");
    CHO_CO_TRY(auto agency, co_await own_agency(context, std::move(principal), found->agency));
    co_return Own{std::move(agency), *std::move(found)};
}

Result<Day> day_asked(Request const& request, std::string_view name)
{
    auto const text = request.query_value(name);
    auto const pointer = "#query/" + std::string(name);
    if (!text) return fail(Errc::invalid_date, "say the days: ?from=2026-11-01&to=2026-11-30", pointer);
    auto day = Day::parse(*text);
    if (!day) return fail(Errc::invalid_date, day.error().detail, pointer);
    return *day;
}

Answering preview(RemittanceContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, {"from", "to"}));
    CHO_CO_TRY(auto agency, co_await agency_in_path(context, request, principal));
    RemittancePeriod period;
    CHO_CO_TRY(period.from, day_asked(request, "from"));
    CHO_CO_TRY(period.to, day_asked(request, "to"));
    auto plan = co_await context.remit.preview(agency, period);
    if (!plan) {
        auto error = std::move(plan).error();
        if (error.pointer == "/from" || error.pointer == "/to") error.pointer = "#query" + error.pointer;
        co_return tl::unexpected<Error>(std::move(error));
    }
    auto view = remittance_plan_json(*plan, context);
    view["object"] = "remittance_preview";
    view["agency"] = http::to_text(agency.id);
    co_return Response::json(view);
}

identity::Answer answer_of(Remittance const& made, RemittanceContext const& context, int status)
{
    identity::Answer answer(status, http::dump_json(remittance_json(made, context)), identity::AuditTarget{"rmt", made.id.uuid});
    if (status == 201) answer.location = "/v1/remittances/" + http::to_text(made.id);
    answer.etag = http::etag(made.version);
    return answer;
}

Answering create(RemittanceContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto agency, co_await agency_in_path(context, request, principal));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    RemittancePeriod period;
    period.from = in.day("from");
    period.to = in.day("to");
    CHO_CO_TRY_DO(body.finish());
    auto const book = agency.book;
    identity::UseCase<Remittance> work = [&context, agency, period, by = actor_of(principal)](auto extra) {
        return context.remit.make(agency, period, by, std::move(extra));
    };
    identity::AnswerOf<Remittance> answer = [&context](Remittance const& made) { return answer_of(made, context, 201); };
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), book, std::move(work), std::move(answer));
}

Answering list(RemittanceContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, {}));
    CHO_CO_TRY(auto const agency, co_await agency_in_path(context, request, principal));
    CHO_CO_TRY(auto const limit, http::page_limit(request));
    CHO_CO_TRY(auto const before, id_before(request, context.cursors));
    CHO_CO_TRY(auto found, co_await context.store.list(agency.book, agency.id, before, limit + 1));
    std::optional<std::string> next;
    if (cut_to(found, limit)) next = context.cursors.write(request, {found.back().id.uuid.to_string()});
    json data = json::array();
    for (auto const& one : found) data.push_back(remittance_json(one, context));
    WhyEmpty const why{"no_remittance_yet", "Chưa lập lệnh nộp ngân sách nào.", "No payment into the budget was made yet."};
    co_return list_response(request, std::move(data), next, context.clock.now(), why);
}

Answering read(RemittanceContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto const own, co_await own_in_path(context, request, principal));
    co_return Response::json(remittance_json(own.remittance, context)).header("ETag", http::etag(own.remittance.version));
}

// What a person does with a remittance.
using Step = std::function<boost::asio::awaitable<Result<Remittance>>(Id<Remittance>, ledger::Extra<Remittance>)>;

Answering run_step(RemittanceContext& context, Request request, identity::Principal principal, std::string details, Step step)
{
    CHO_CO_TRY(auto const own, co_await own_in_path(context, request, principal));
    identity::Idempotency::Work work = [&context, id = own.remittance.id, details, step](identity::Ticket ticket) -> Answering {
        ticket.audit_details(details);
        auto extra = ticket.extra<Remittance>([&context](Remittance const& made) { return answer_of(made, context, 200); });
        CHO_CO_TRY_DO(co_await step(id, std::move(extra)));
        co_return ticket.response();
    };
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), own.agency.book, std::move(work));
}

Answering approve(RemittanceContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    Step step = [&context, by = actor_of(principal)](auto id, auto extra) { return context.remit.approve(id, by, std::move(extra)); };
    co_return co_await run_step(context, std::move(request), std::move(principal), "{}", std::move(step));
}

Answering reject(RemittanceContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto const why = body.root().text("reason", {3, 400});
    CHO_CO_TRY_DO(body.finish());
    Step step = [&context, why, by = actor_of(principal)](auto id, auto extra) {
        return context.remit.reject(id, by, why, std::move(extra));
    };
    auto details = http::dump_json({{"reason", {{"code", "refused"}, {"text", why}}}});
    co_return co_await run_step(context, std::move(request), std::move(principal), std::move(details), std::move(step));
}

Answering note_return(RemittanceContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    auto const code = in.text("reference", {9, 9});
    auto const why = in.text("reason", {3, 400});
    CHO_CO_TRY_DO(body.finish());
    Step step = [&context, code, why, by = actor_of(principal)](auto id, auto extra) {
        return context.remit.note_returned(id, code, why, by, std::move(extra));
    };
    auto details = http::dump_json({{"order", code}, {"reason", {{"code", "returned"}, {"text", why}}}});
    co_return co_await run_step(context, std::move(request), std::move(principal), std::move(details), std::move(step));
}

Answering confirm(RemittanceContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    auto const code = in.text("reference", {9, 9});
    fees::TreasuryPaper paper;
    paper.number = in.text("document", {1, 64});
    paper.evidence = in.text("evidence", {3, 300});
    paper.day = in.day("date");
    if (paper.day > Day::of(context.clock.now()))
        in.refuse("date", Errc::invalid_date, "the paper cannot be of a day to come", "Ngày chứng từ không được ở tương lai.");
    CHO_CO_TRY_DO(body.finish());
    Step step = [&context, code, paper](auto id, auto extra) { return context.remit.confirm(id, code, paper, std::move(extra)); };
    auto details = http::dump_json({{"order", code}, {"document", paper.number}, {"evidence", paper.evidence}});
    co_return co_await run_step(context, std::move(request), std::move(principal), std::move(details), std::move(step));
}

Result<fees::RemittanceOrder> order_asked(Request const& request, Remittance const& remittance)
{
    auto const asked = request.query_value("order");
    for (auto const& order : remittance.orders) {
        if (!asked || order.code.text() == *asked) return order;
    }
    return fail(Error(Errc::not_found, "this remittance has no such order", "#query/order").vi("Không có lệnh nộp mang số này."));
}

Response file_response(std::string bytes, std::string type, std::string const& name)
{
    return Response::bytes(std::move(bytes), std::move(type)).header("Content-Disposition", "attachment; filename=\"" + name + "\"");
}

Answering payment_file(RemittanceContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, {"order"}));
    CHO_CO_TRY(auto const own, co_await own_in_path(context, request, principal));
    CHO_CO_TRY(auto const order, order_asked(request, own.remittance));
    CHO_CO_TRY(auto bytes, remittance_pain001(own.agency, own.remittance, order, context.treasuries));
    co_return file_response(std::move(bytes), "application/xml", order.code.text() + "-" + std::to_string(order.attempt) + ".xml");
}

Answering sheet(RemittanceContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto const own, co_await own_in_path(context, request, principal));
    co_return file_response(remittance_sheet(own.remittance).csv, "text/csv; charset=utf-8", http::to_text(own.remittance.id) + ".csv");
}

Answering paper(RemittanceContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, {"order"}));
    CHO_CO_TRY(auto const own, co_await own_in_path(context, request, principal));
    CHO_CO_TRY(auto const order, order_asked(request, own.remittance));
    auto const tables = context.tables.current();
    RemittancePrint const print{principal.name, context.clock.now()};
    auto drawing = [&] { return remittance_pdf(own.agency, own.remittance, order, context.treasuries, *tables, print); };
    CHO_CO_TRY(auto bytes, co_await offload(context.computing, drawing));
    co_return file_response(std::move(bytes), "application/pdf", order.code.text() + ".pdf");
}

// Entries of a CSV or a camt, and which of the two accounts they are of.
Result<std::vector<reconcile::BankEntry>> read_entries(std::string const& type, std::string const& bytes)
{
    if (type == "text/csv") return statements::read_bank_csv(bytes);
    CHO_TRY(auto day, statements::read_bank_day(bytes));
    if (day.damage) {
        return fail(Error(Errc::file_integrity, "nothing was taken of the statement: " + *day.damage)
                        .vi("Không nhận sao kê vì các tổng trong tệp không khớp."));
    }
    return std::move(day.entries);
}

Result<std::vector<fees::StatementLine>> lines_of(std::vector<reconcile::BankEntry> const& entries, RegisteredAgency const& agency,
                                                  std::vector<Remittance> const& remittances)
{
    std::vector<fees::StatementLine> lines;
    auto const is_treasury = [&](std::string const& account) {
        if (account == squeeze(agency.facts.keys.treasury_account)) return true;
        return std::ranges::any_of(remittances, [&](auto const& r) {
            return std::ranges::any_of(r.orders, [&](auto const& order) { return squeeze(order.plan.treasury_account) == account; });
        });
    };
    for (auto const& entry : entries) {
        if (entry.currency != "VND" || entry.reversal) continue;
        fees::StatementLine line;
        auto const account = is_valid_utf8(entry.account) ? squeeze(entry.account) : entry.account.str();
        if (account == squeeze(agency.account.account_number)) line.whose = fees::StatementOf::collector;
        else if (is_treasury(account)) line.whose = fees::StatementOf::treasury;
        else {
            return fail(Error(Errc::unknown_receiving_account,
                              "account " + entry.account.str() + " is neither the agency's nor the treasury's of its orders")
                            .vi("Tài khoản trong sao kê không phải của cơ quan thu, cũng không phải của Kho bạc trong lệnh nộp."));
        }
        line.is_money_out = entry.direction == reconcile::Direction::debit;
        line.amount = entry.amount;
        line.day = entry.booking_date;
        line.reference = entry.entry_ref.str();
        line.narrative = entry.narrative.str();
        lines.push_back(std::move(line));
    }
    return lines;
}

Answering hear_statement(RemittanceContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, {}));
    auto const type = request.media_type();
    if (type != "text/csv" && type != "application/xml" && type != "application/octet-stream") {
        co_return fail(Errc::unsupported_media_type, "send the statement as it is: application/xml (camt.053) or text/csv",
                       "#header/Content-Type");
    }
    CHO_CO_TRY(auto agency, co_await agency_in_path(context, request, principal));
    auto reading = [kind = std::string(type), bytes = request.body] { return read_entries(kind, bytes); };
    CHO_CO_TRY(auto const entries, co_await offload(context.computing, std::move(reading)));
    auto const digest = to_hex(sha256(request.body));
    auto const book = agency.book;
    identity::Idempotency::Work work = [&context, agency, entries, digest](identity::Ticket ticket) -> Answering {
        CHO_CO_TRY(auto remittances, co_await context.store.list(agency.book, agency.id, std::nullopt, orders_looked_at));
        CHO_CO_TRY(auto lines, lines_of(entries, agency, remittances));
        ticket.audit_details(http::dump_json({{"sha256", digest}, {"lines", lines.size()}}));
        auto extra = ticket.extra<Remit::Heard>([lines, agency](Remit::Heard const& heard) {
            return identity::Answer(200, http::dump_json(heard_json(heard, lines)), identity::AuditTarget{"agc", agency.id.uuid});
        });
        CHO_CO_TRY_DO(co_await context.remit.hear(agency, std::move(remittances), std::move(lines), std::move(extra)));
        co_return ticket.response();
    };
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), book, std::move(work));
}

}  // namespace

void add_remittance_routes(http::Router& router, RemittanceContext& context)
{
    using enum http::Method;
    auto const with = handlers_of(context);
    router.add(get, "/v1/agencies/{agency}/remittance-preview", "remittances.preview", with(preview));
    router.add(post, "/v1/agencies/{agency}/remittances", "remittances.create", with(create));
    router.add(get, "/v1/agencies/{agency}/remittances", "remittances.list", with(list));
    router.add(post, "/v1/agencies/{agency}/remittance-statements", "remittance_statements.create", with(hear_statement));
    router.add(get, "/v1/remittances/{remittance}", "remittances.read", with(read));
    router.add(post, "/v1/remittances/{remittance}/approval", "remittances.approve", with(approve));
    router.add(post, "/v1/remittances/{remittance}/rejection", "remittances.reject", with(reject));
    router.add(post, "/v1/remittances/{remittance}/return", "remittances.return", with(note_return));
    router.add(post, "/v1/remittances/{remittance}/confirmation", "remittances.confirm", with(confirm));
    router.add(get, "/v1/remittances/{remittance}/payment-file", "remittances.payment_file", with(payment_file));
    router.add(get, "/v1/remittances/{remittance}/sheet", "remittances.sheet", with(sheet));
    router.add(get, "/v1/remittances/{remittance}/paper", "remittances.paper", with(paper));
}

}  // namespace cho40::api
