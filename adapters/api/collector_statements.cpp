#include "adapters/api/collector_statements.h"
#include "adapters/api/ids.h"
#include "adapters/api/report_answers.h"
#include "adapters/http/cursor.h"
#include "adapters/http/json_writer.h"
#include "base/sealed_csv.h"
#include "base/text.h"
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using documents::Report;
using documents::ReportSection;
using fees::CollectorStatement;
using http::Request;
using http::Response;
using nlohmann::json;

constexpr int receipts_max = 50'000;

std::string_view kind_name(fees::FeeKind kind) { return kind == fees::FeeKind::phi ? "phi" : "le_phi"; }

std::string number_text(std::int64_t number) { return fmt::format("{:08}", number); }

json fee_json(fees::CollectedFee const& fee)
{
    return {{"kind", kind_name(fee.kind)},
            {"fee_code", fee.fee_code},
            {"name", fee.name_vi},
            {"budget_subitem", http::text_or_null(fee.budget_subitem)},
            {"retained_percent", fee.retained_percent ? json(*fee.retained_percent) : json()},
            {"count", fee.receipts},
            {"gross", http::money_json(fee.gross)},
            {"given_back", http::money_json(fee.given_back)},
            {"net", http::money_json(fee.net())},
            {"kept", http::money_json(fee.kept)},
            {"to_budget", fee.kept ? http::money_json(fee.to_budget) : json()}};
}

json receipt_json(fees::CollectedReceipt const& one)
{
    auto const& paper = one.receipt;
    return {{"id", http::to_text(paper.id)},
            {"form", fees::form_code(paper.number.form)},
            {"symbol", paper.number.symbol},
            {"number", number_text(paper.number.number)},
            {"date", http::day_json(Day::of(paper.issued_at))},
            {"state", fees::receipt_state_name(paper.state)},
            {"counts", one.counts},
            {"sum", http::money_json(paper.total)},
            {"given_back", http::money_json(one.given_back)},
            {"sha256", paper.digest},
            {"lines", "/receipt/" + paper.lookup_code}};
}

json statement_json(CollectorStatement const& statement, std::string agency, Sha256 const& digest)
{
    json view = {{"object", "collector_statement"},
                 {"agency", std::move(agency)},
                 {"agency_code", statement.agency_code},
                 {"agency_name", statement.agency_name},
                 {"from_date", http::day_json(statement.from)},
                 {"to_date", http::day_json(statement.to)},
                 {"sha256", to_hex(digest)},
                 {"count", statement.count},
                 {"sum", http::money_json(statement.gross)},
                 {"given_back", http::money_json(statement.given_back)},
                 {"kept", http::money_json(statement.kept)},
                 {"to_budget", http::money_json(statement.to_budget)},
                 {"undecided", http::money_json(statement.undecided)},
                 {"fees", json::array()},
                 {"series", json::array()},
                 {"receipts", json::array()}};
    for (auto const& fee : statement.fees) view["fees"].push_back(fee_json(fee));
    for (auto const& series : statement.series) {
        view["series"].push_back({{"form", series.form},
                                  {"symbol", series.symbol},
                                  {"first", number_text(series.first)},
                                  {"last", number_text(series.last)},
                                  {"count", series.count},
                                  {"sum", http::money_json(series.total)}});
    }
    for (auto const& receipt : statement.receipts) view["receipts"].push_back(receipt_json(receipt));
    return view;
}

ReportSection sums_of(CollectorStatement const& statement)
{
    ReportSection section{"Tổng hợp", {{"Nội dung", 3, false}, {"Số tiền (đồng)", 1, true}}, {}, {}};
    section.rows = {{"Đã thu (" + std::to_string(statement.count) + " biên lai)", figure(statement.gross)},
                    {"Đã hoàn trả", figure(statement.given_back)},
                    {"Được để lại", figure(statement.kept)},
                    {"Phải nộp ngân sách", figure(statement.to_budget)},
                    {"Chưa xác định tỷ lệ để lại", figure(statement.undecided)}};
    return section;
}

ReportSection fees_of(CollectorStatement const& statement)
{
    ReportSection section{"Theo loại phí, lệ phí",
                          {{"Loại thu", 3, false},
                           {"Tiểu mục", 0.8, false},
                           {"Biên lai", 0.8, true},
                           {"Đã thu (đồng)", 1.3, true},
                           {"Hoàn trả (đồng)", 1.2, true},
                           {"Để lại (%)", 0.8, true},
                           {"Để lại (đồng)", 1.3, true},
                           {"Nộp ngân sách (đồng)", 1.4, true}},
                          {},
                          "Không thu khoản nào trong kỳ."};
    for (auto const& fee : statement.fees) {
        section.rows.push_back({fee.name_vi + " (" + fee.fee_code + ")", fee.budget_subitem, std::to_string(fee.receipts),
                                figure(fee.gross), figure(fee.given_back),
                                fee.retained_percent ? std::to_string(*fee.retained_percent) : "chưa rõ", fee.kept ? figure(*fee.kept) : "",
                                fee.kept ? figure(fee.to_budget) : ""});
    }
    return section;
}

ReportSection series_of(CollectorStatement const& statement)
{
    ReportSection section{"Biên lai đã phát hành",
                          {{"Mẫu số", 1, false},
                           {"Ký hiệu", 1, false},
                           {"Từ số", 1.2, false},
                           {"Đến số", 1.2, false},
                           {"Số biên lai", 1, true},
                           {"Số tiền (đồng)", 1.4, true}},
                          {},
                          "Không phát hành biên lai nào trong kỳ."};
    for (auto const& one : statement.series)
        section.rows.push_back(
            {one.form, one.symbol, number_text(one.first), number_text(one.last), std::to_string(one.count), figure(one.total)});
    return section;
}

ReportSection receipts_of(CollectorStatement const& statement)
{
    ReportSection section{"Từng biên lai",
                          {{"Ký hiệu, số", 1.5, false},
                           {"Ngày", 1, false},
                           {"Số tiền (đồng)", 1.2, true},
                           {"Hoàn trả (đồng)", 1.2, true},
                           {"SHA-256", 4, false}},
                          {},
                          "Không có biên lai nào."};
    for (auto const& one : statement.receipts) {
        auto const& paper = one.receipt;
        section.rows.push_back({paper.number.symbol + " " + number_text(paper.number.number), Day::of(paper.issued_at).to_vietnamese(),
                                figure(one.counts ? paper.total : Dong()), figure(one.given_back), paper.digest});
    }
    return section;
}

Report paper_of(CollectorStatement const& statement, Sha256 const& digest, PaperOrder const& order)
{
    auto report = report_of("BẢNG KÊ THU PHÍ, LỆ PHÍ", digest, order);
    report.facts = {{"Cơ quan thu", statement.agency_name + " (" + statement.agency_code + ")"},
                    {"Kỳ", statement.from.to_vietnamese() + " – " + statement.to.to_vietnamese()},
                    {"Cộng", std::to_string(statement.count) + " biên lai, " + dong_text(statement.gross.count())}};
    report.sections = {sums_of(statement), fees_of(statement), series_of(statement), receipts_of(statement)};
    report.signers = {{"NGƯỜI LẬP", "", ""}, {"THỦ TRƯỞNG ĐƠN VỊ", "", ""}};
    return report;
}

Answering read(CollectorContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, {"from", "to", "format"}));
    CHO_CO_TRY(auto const format, report_format(request));
    CHO_CO_TRY(auto const period, report_period(request));
    CHO_CO_TRY(auto const id, http::parse_id<fees::Agency>(request.path_value("agency")));
    CHO_CO_TRY_DO(identity::may_act_for(principal, identity::Place::agency(id.uuid)));
    CHO_CO_TRY(auto const agency, co_await context.store.find_agency(id));
    if (!agency) co_return fail(Errc::not_found, "no such agency");
    CHO_CO_TRY(auto receipts,
               co_await context.store.receipts_between(agency->book, id, period.from.begin(), period.to.end(), receipts_max + 1));
    if (receipts.size() > receipts_max) {
        co_return fail(Error(Errc::too_many, "more than " + std::to_string(receipts_max) + " receipts; choose a shorter period")
                           .vi("Có hơn " + std::to_string(receipts_max) + " biên lai, hãy chọn kỳ ngắn hơn."));
    }
    auto const tables = context.tables.current();
    CHO_CO_TRY(auto const statement,
               fees::collector_statement(agency->facts, period.from, period.to, std::move(receipts), context.known_agencies, *tables));
    auto csv = fees::collector_csv(statement);
    CHO_CO_TRY(auto const digest, sealed_digest(csv));
    auto const name = "bang-ke-thu-" + period.from.to_string() + "-" + period.to.to_string();
    if (format == ReportFormat::csv) co_return report_file(std::move(csv), format, name, digest);
    if (format == ReportFormat::pdf) {
        auto paper = paper_of(statement, digest, {principal.name, context.clock.now()});
        co_return co_await drawn_report(context.computing, std::move(paper), name, digest);
    }
    co_return Response::json(statement_json(statement, http::to_text(id), digest));
}

}  // namespace

void add_collector_statement_routes(http::Router& router, CollectorContext& context)
{
    auto const with = handlers_of(context);
    router.add(http::Method::get, "/v1/collector-statements/{agency}", "collector_statements.read", with(read));
}

}  // namespace cho40::api
