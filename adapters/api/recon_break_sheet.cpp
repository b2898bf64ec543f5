#include "adapters/api/ids.h"
#include "adapters/api/recon_break_batch.h"
#include "adapters/api/recon_json.h"
#include "base/csv.h"
#include <memory>
#include <nlohmann/json.hpp>
#include <unordered_map>

namespace cho40::api {
namespace {

using http::Request;
using nlohmann::json;
using stores::ReconBreak;

constexpr int sheet_rows_max = 20'000;
constexpr std::string_view head =
    "break,version,date,class,state,delta,at_stake,age_days,summary,records,assignee,verb,resolution,cause,reason,evidence_name,evidence_sha256\r\n";

std::string records_text(std::string const& members)
{
    std::string out;
    for (auto const& record : json::parse(members)) {
        if (!out.empty()) out += "; ";
        out += record.at("side").get<std::string>() + " " + record.at("id").get<std::string>() + " " +
               std::to_string(record.at("amount").at("amount").get<std::int64_t>());
    }
    return out;
}

std::string row_of(ReconBreak const& found, PeopleNames const& names, Day today)
{
    auto const aging = reconcile::aging_of(found.kind, found.date, today, reconcile::BreakPolicy::embedded(), WorkingDays::embedded());
    std::string assignee;
    if (found.standing.assignee) {
        auto const name = names.find(*found.standing.assignee);
        if (name != names.end()) assignee = name->second;
    }
    std::string row;
    for (auto const& cell :
         {http::to_text(found.id), std::to_string(found.version), found.date.to_string(), std::string(reconcile::name_of(found.kind)),
          lower_name(reconcile::name_of(found.standing.state)), std::to_string(found.delta.count()), std::to_string(found.at_stake.count()),
          std::to_string(aging.working_days), found.summary, records_text(found.members), assignee}) {
        row += csv_cell(cell) + ",";
    }
    return row + ",,,,,\r\n";
}

// What people fill in: the columns from `verb` on. A row without a verb is left as it is.
Answering download(ReconContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, break_query_names));
    CHO_CO_TRY(auto query, read_break_query(request, principal));
    CHO_CO_TRY(auto filter, co_await filter_of(context, std::move(principal), std::move(query)));
    CHO_CO_TRY(auto found, co_await context.breaks.list(std::move(filter), std::nullopt, sheet_rows_max + 1));
    if (found.size() > sheet_rows_max) {
        co_return fail(Error(Errc::too_many, "more than " + std::to_string(sheet_rows_max) + " breaks; narrow the filter")
                           .vi("Có hơn " + std::to_string(sheet_rows_max) + " khoản, hãy thu hẹp bộ lọc."));
    }
    CHO_CO_TRY(auto const names, co_await names_on(context, found));
    auto const today = Day::of(context.clock.now());
    std::string sheet(head);
    for (auto const& one : found) sheet += row_of(one, names, today);
    co_return http::Response::bytes(std::move(sheet), "text/csv; charset=utf-8")
        .header("Content-Disposition", "attachment; filename=\"khoan-lech-" + today.to_string() + ".csv\"");
}

Result<reconcile::BreakAct> act_in(CsvRow const& row)
{
    reconcile::BreakAct act;
    auto const verb = reconcile::break_verb_from(row["verb"]);
    if (!verb || *verb == reconcile::BreakVerb::undo)
        return fail(Error(Errc::unknown_value, "there is no act \"" + row["verb"] + "\"").vi("Không có việc \"" + row["verb"] + "\"."));
    act.verb = *verb;
    act.resolution = row["resolution"];
    act.cause = row["cause"];
    act.reason = row["reason"];
    if (!row["evidence_sha256"].empty()) {
        act.evidence = reconcile::evidence_of(row["evidence_name"], row["evidence_sha256"]);
        if (!act.evidence)
            return fail(
                Error(Errc::invalid_format, "evidence_sha256 is 64 lower-case hex digits").vi("evidence_sha256 gồm 64 chữ số hệ 16."));
    }
    return act;
}

// The rows that say something to be done; they look into the table.
struct Sheet {
    explicit Sheet(CsvTable t) : table(std::move(t)) {}
    CsvTable table;
    std::vector<CsvRow const*> rows;
};

// Errors: invalid_csv, invalid_utf8, too_many, required.
Result<std::shared_ptr<Sheet const>> read_sheet(std::string_view bytes)
{
    CHO_TRY(auto table,
            CsvTable::parse(bytes, {"break", "version", "verb", "resolution", "cause", "reason", "evidence_name", "evidence_sha256"}));
    auto sheet = std::make_shared<Sheet>(std::move(table));
    for (auto const& row : sheet->table.rows()) {
        if (!row["verb"].empty()) sheet->rows.push_back(&row);
    }
    if (sheet->rows.empty()) return fail(Error(Errc::required, "no row has a verb").vi("Chưa có dòng nào ghi việc cần làm (cột verb)."));
    if (sheet->rows.size() > static_cast<std::size_t>(break_batch_max))
        return fail(Error(Errc::too_many, "at most " + std::to_string(break_batch_max) + " rows at a time"));
    return sheet;
}

boost::asio::awaitable<Result<BreakBatch>> gather(ReconContext& context, stores::ReconPartner partner, std::shared_ptr<Sheet const> sheet,
                                                  identity::Principal principal)
{
    std::vector<Uuid> ids;
    for (auto const* row : sheet->rows) {
        if (auto const id = http::parse_id<ReconBreak>((*row)["break"])) ids.push_back(id->uuid);
    }
    CHO_CO_TRY(auto found, co_await context.breaks.find(std::move(ids)));
    std::unordered_map<std::string, ReconBreak> known;
    for (auto& one : found) {
        auto id = http::to_text(one.id);
        if (one.partner == partner.id.uuid) known.emplace(std::move(id), std::move(one));
    }
    CHO_CO_TRY(auto const actor, co_await actor_of(context, std::move(principal)));
    auto const now = context.clock.now();
    BreakBatch batch;
    for (auto const* cells : sheet->rows) {
        auto const& row = *cells;
        auto const id = row["break"];
        auto const one = known.find(id);
        if (one == known.end()) {
            batch.refuse(
                row.line(), id,
                Error(Errc::not_found, "no such break of this partner, or named twice").vi("Không có khoản lệch này, hoặc ghi hai lần."));
            continue;
        }
        auto stored = std::move(one->second);
        known.erase(one);
        if (row["version"] != std::to_string(stored.version)) {
            batch.refuse(row.line(), id,
                         Error(Errc::version_mismatch, "the break has changed since the sheet was made")
                             .vi("Khoản này đã thay đổi sau khi tải bảng."));
            continue;
        }
        auto act = act_in(row);
        if (act) batch.add(context, partner, std::move(stored), *act, actor, now, row.line());
        else batch.refuse(row.line(), id, std::move(act).error());
    }
    co_return batch;
}

// Without ?apply= the effect is shown; with it, the hash that was shown, all of it is done or nothing.
Answering upload(ReconContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, {"partner", "apply"}));
    auto const named = request.query_value("partner");
    if (!named) co_return fail(Error(Errc::required, "say whose breaks these are", "#query/partner").vi("Hãy ghi đối tác."));
    CHO_CO_TRY(auto const id, http::parse_id<qr_pay::RailAccountTag>(*named));
    CHO_CO_TRY(auto partner, co_await own_partner(context, principal, id));
    if (!request.header("Content-Type").starts_with("text/csv")) co_return fail(Errc::unsupported_media_type, "send the sheet as text/csv");
    auto const digest = to_hex(sha256(request.body));
    CHO_CO_TRY(auto sheet, read_sheet(request.body));
    auto const language = request.language;
    auto const wanted = request.query_value("apply");
    if (!wanted) {
        CHO_CO_TRY(auto batch, co_await gather(context, std::move(partner), std::move(sheet), std::move(principal)));
        auto view = batch.view(false, language);
        view["sha256"] = digest;
        co_return http::Response::json(view);
    }
    if (*wanted != digest) {
        co_return fail(Error(Errc::version_mismatch, "this is not the sheet whose effect was shown", "#query/apply")
                           .vi("Bảng này khác với bảng đã xem trước."));
    }
    auto const book = partner.book;
    identity::Idempotency::Work work = [&context, partner = std::move(partner), sheet = std::move(sheet), principal,
                                        language](identity::Ticket ticket) -> Answering {
        CHO_CO_TRY(auto batch, co_await gather(context, partner, sheet, principal));
        if (!batch.refused().empty()) co_return fail(batch.refusal());
        co_return co_await batch.submit(context, principal, partner, language, std::move(ticket));
    };
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), book, std::move(work));
}

}  // namespace

void add_recon_break_sheet_routes(http::Router& router, ReconContext& context)
{
    using enum http::Method;
    auto const with = handlers_of(context);
    http::RouteOptions sheets;
    sheets.body_bytes_max = http::file_bytes_max;
    router.add(get, "/v1/recon/break-sheet", "recon_breaks.sheet", with(download));
    router.add(post, "/v1/recon/break-sheets", "recon_breaks.act_by_sheet", with(upload), sheets);
}

}  // namespace cho40::api
