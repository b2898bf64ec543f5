#include "adapters/api/receipt_reports.h"
#include "adapters/api/ids.h"
#include "adapters/api/ledger_reads.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using fees::MadeReport;
using fees::ReportRow;
using http::Request;
using http::Response;
using nlohmann::json;

struct OwnAgency {
    fees::RegisteredAgency agency;
    identity::Principal principal;
};

boost::asio::awaitable<Result<OwnAgency>> admit_to_agency(ReceiptReportDesk& desk, Request const& request)
{
    OwnAgency own;
    CHO_CO_TRY(own.principal, co_await desk.fees.gate.admit(request));
    CHO_CO_TRY(auto const id, http::parse_id<fees::Agency>(request.path_value("agency")));
    CHO_CO_TRY_DO(identity::may_act_for(own.principal, identity::Place::agency(id.uuid)));
    CHO_CO_TRY(auto found, co_await desk.fees.store.find_agency(id));
    if (!found) co_return fail(Errc::not_found, "no such agency");
    own.agency = *std::move(found);
    co_return own;
}

json number_or_null(std::optional<fees::ReceiptNumber> const& number) { return number ? json(number->to_string()) : json(nullptr); }

json row_json(ReportRow const& row)
{
    json earlier = nullptr;
    if (row.earlier) earlier = {{"number", row.earlier->number}, {"date", http::day_json(row.earlier->day)}};
    return {{"receipt", http::to_text(row.receipt)},
            {"form", form_code(row.number.form)},
            {"series", row.number.symbol},
            {"number", row.number.number},
            {"issued_on", http::day_json(row.issued_on)},
            {"fee_code", row.fee_code},
            {"fee_name", row.fee_name},
            {"amount", http::money_json(row.amount)},
            {"told_as", fees::reported_as_name(row.as)},
            {"related", number_or_null(row.related)},
            {"explanation", http::text_or_null(row.explanation)},
            {"earlier_report", std::move(earlier)}};
}

json file_json(std::string const& path, std::string_view format, std::int64_t part, Sha256 const& digest)
{
    return {{"path", path + "?format=" + std::string(format) + "&part=" + std::to_string(part)}, {"sha256", to_hex(digest)}};
}

json report_json(MadeReport const& made, std::string const& path)
{
    auto const& report = made.report;
    json rows = json::array();
    for (auto const& row : report.rows) rows.push_back(row_json(row));
    return {{"number", report.number},
            {"part", report.part},
            {"made_at", http::instant_json(report.made_at)},
            {"by_itself", report.made_by.is_nil()},
            {"count", report.rows.size()},
            {"sum", http::money_json(report.total)},
            {"signed_by", http::text_or_null(made.xml.signed_by)},
            {"csv", file_json(path, "csv", report.part, made.csv_digest)},
            {"xml", file_json(path, "xml", report.part, made.xml.digest)},
            {"rows", std::move(rows)}};
}

std::string path_of(fees::RegisteredAgency const& agency, Day day)
{
    return "/v1/agencies/" + http::to_text(agency.id) + "/receipt-reports/" + day.to_string();
}

Result<std::int64_t> read_part(Request const& request)
{
    auto const text = request.query_value("part").value_or("1");
    std::int64_t part = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), part);
    if (error != std::errc() || end != text.data() + text.size() || part < 1)
        return fail(wrong_query("part", Errc::invalid_format, "a part is 1, 2, …", "Phần là 1, 2, …"));
    return part;
}

Response file_of(MadeReport const& made, Day day, std::string const& agency_code, bool is_csv)
{
    auto const& digest = is_csv ? made.csv_digest : made.xml.digest;
    auto const name = "01-TH-BLDT-" + agency_code + "-" + day.to_string() + "-" + std::to_string(made.report.part) +
                      (is_csv ? ".csv" : ".xml");
    return Response::bytes(is_csv ? made.csv : made.xml.xml, is_csv ? "text/csv; charset=utf-8" : "application/xml; charset=utf-8")
        .header("Content-Disposition", "attachment; filename=\"" + name + "\"")
        .header("Repr-Digest", "sha-256=:" + to_base64(std::string(digest.begin(), digest.end())) + ":");
}

Answering read(ReceiptReportDesk& desk, Request request)
{
    CHO_CO_TRY(auto const own, co_await admit_to_agency(desk, request));
    CHO_CO_TRY_DO(http::only_query(request, {"format", "part"}));
    auto const day = Day::parse(request.path_value("date"));
    if (!day) co_return fail(Errc::not_found, "no such day");
    auto const format = request.query_value("format").value_or("json");
    if (format != "json" && format != "csv" && format != "xml")
        co_return fail(wrong_query("format", Errc::unknown_value, "json, csv or xml", "json, csv hoặc xml."));
    CHO_CO_TRY(auto const part, read_part(request));
    CHO_CO_TRY(auto const reports, co_await desk.store.of_day(own.agency.book, own.agency.id, *day));
    if (format != "json") {
        auto const found = std::ranges::find_if(reports, [&](auto const& made) { return made.report.part == part; });
        if (found == reports.end()) co_return fail(Errc::not_found, "this day has no such part");
        co_return file_of(*found, *day, own.agency.facts.code, format == "csv");
    }
    CHO_CO_TRY(auto const open, co_await desk.store.unreported(own.agency.book, own.agency.id, *day, fees::MakeReceiptReports::items_max));
    json parts = json::array();
    auto const path = path_of(own.agency, *day);
    for (auto const& made : reports) parts.push_back(report_json(made, path));
    co_return Response::json({{"object", "receipt_reports"},
                              {"agency", http::to_text(own.agency.id)},
                              {"date", http::day_json(*day)},
                              {"not_reported", open.size()},
                              {"reports", std::move(parts)}});
}

Answering create(ReceiptReportDesk& desk, Request request)
{
    CHO_CO_TRY(auto own, co_await admit_to_agency(desk, request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    auto const day = in.optional_day("date").value_or(Day::of(desk.fees.clock.now()));
    CHO_CO_TRY_DO(body.finish());
    auto const path = path_of(own.agency, day);
    identity::UseCase<MadeReport> work = [&desk, id = own.agency.id, day, by = own.principal.id](auto extra) {
        return desk.make->make(id, day, by, std::move(extra));
    };
    identity::AnswerOf<MadeReport> answer = [path](MadeReport const& made) {
        auto view = report_json(made, path);
        view["object"] = "receipt_report";
        identity::Answer out(201, http::dump_json(view), identity::AuditTarget{"rpt", made.report.id.uuid});
        out.location = path;
        return out;
    };
    auto const book = own.agency.book;
    co_return co_await desk.fees.idempotency.run(std::move(request), std::move(own.principal), book, std::move(work), std::move(answer));
}

}  // namespace

void add_receipt_report_routes(http::Router& router, ReceiptReportDesk& desk)
{
    using enum http::Method;
    auto const with = handlers_of(desk);
    router.add(post, "/v1/agencies/{agency}/receipt-reports", "receipt_reports.create", with(create));
    router.add(get, "/v1/agencies/{agency}/receipt-reports/{date}", "receipt_reports.read", with(read));
}

}  // namespace cho40::api
