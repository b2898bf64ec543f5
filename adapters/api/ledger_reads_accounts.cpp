#include "adapters/api/ledger_reads.h"
#include "adapters/api/ledger_reads_json.h"
#include "adapters/api/lists.h"
#include "adapters/documents/statement_paper.h"
#include "adapters/http/json_writer.h"
#include "base/offload.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using http::Response;
using nlohmann::json;

// An answer is made in one piece; longer ones are written by `cho40 ledger statement`.
constexpr std::size_t statement_lines_max = 20'000;

}  // namespace

Answering read_ledger_account(LedgerReadsContext& context, Request request)
{
    CHO_CO_TRY(auto const reader, co_await admit_reader(context, request));
    CHO_CO_TRY(auto const number, account_in_path(request));
    CHO_CO_TRY_DO(http::only_query(request, {"at", "by"}));
    CHO_CO_TRY(auto const at, instant_in_query(request, "at"));
    CHO_CO_TRY(auto const by, axis_in_query(request));
    CHO_CO_TRY_DO(needs_time(request, at.has_value(), "at"));
    auto const book = reader.book.book;
    if (at) {
        CHO_CO_TRY(auto const balance, at_address(co_await context.ledger.balance_at(book, number, *at, by)));
        co_return Response::json(json{{"object", "ledger_account"},
                                      {"book", std::to_string(book.value)},
                                      {"number", number.value},
                                      {"at", http::exact_instant_json(*at)},
                                      {"by", by == ledger::TimeAxis::event ? "event" : "recorded"},
                                      {"posted", http::money_json(balance)}});
    }
    CHO_CO_TRY(auto const report, at_address(co_await context.ledger.account(book, number)));
    auto view = ledger_account_json(book, report);
    view["as_of"] = http::exact_instant_json(context.clock.now());
    co_return Response::json(view);
}

Answering list_ledger_entries(LedgerReadsContext& context, Request request)
{
    CHO_CO_TRY(auto const reader, co_await admit_reader(context, request));
    CHO_CO_TRY(auto const number, account_in_path(request));
    CHO_CO_TRY_DO(http::only_query(request, {"order"}));
    auto const order = request.query_value("order").value_or("seq.desc");
    if (order != "seq.desc" && order != "seq.asc") {
        co_return fail(wrong_query("order", Errc::unknown_value, "seq.desc or seq.asc", "seq.desc hoặc seq.asc."));
    }
    CHO_CO_TRY(auto const limit, http::page_limit(request));
    CHO_CO_TRY(auto const position, number_in_cursor(context, request));
    ledger::EntryRange range;
    range.ascending = order == "seq.asc";
    range.limit = static_cast<std::size_t>(limit) + 1;
    if (position) (range.ascending ? range.after : range.before) = *position;
    CHO_CO_TRY(auto rows, at_address(co_await context.ledger.entries(reader.book.book, number, range)));
    std::optional<std::string> next;
    if (cut_to(rows, limit)) next = context.cursors.write(request, {std::to_string(rows.back().seq)});
    json data = json::array();
    for (auto const& row : rows) data.push_back(ledger_entry_json(row, number));
    WhyEmpty const why{"no_entry_yet", "Tài khoản chưa có bút toán nào.", "The account has no entries yet."};
    co_return list_response(request, std::move(data), next, context.clock.now(), why);
}

Answering read_ledger_statement(LedgerReadsContext& context, Request request)
{
    CHO_CO_TRY(auto const reader, co_await admit_reader(context, request));
    ledger::StatementQuery query;
    query.book = reader.book.book;
    CHO_CO_TRY(query.account, account_in_path(request));
    CHO_CO_TRY_DO(http::only_query(request, {"from", "to", "by", "format"}));
    CHO_CO_TRY(auto const from, instant_in_query(request, "from"));
    CHO_CO_TRY(auto const to, instant_in_query(request, "to"));
    CHO_CO_TRY(query.by, axis_in_query(request));
    if (!from || !to)
        co_return fail(wrong_query(from ? "to" : "from", Errc::required, "say from when to when", "Cần thời điểm đầu và cuối."));
    if (*to < *from)
        co_return fail(wrong_query("to", Errc::too_small, "it lies before `from`", "Thời điểm cuối đứng trước thời điểm đầu."));
    query.from = *from;
    query.to = *to;
    auto const format = request.query_value("format").value_or("json");
    if (format != "json" && format != "csv" && format != "pdf") {
        co_return fail(wrong_query("format", Errc::unknown_value, "json, csv or pdf", "json, csv hoặc pdf."));
    }
    CHO_CO_TRY(auto const stream, at_address(co_await context.ledger.statement(query)));
    CHO_CO_TRY(auto statement, co_await ledger::read_statement(query, *stream, statement_lines_max));
    if (format == "json") co_return Response::json(documents::statement_json(statement));
    auto const name = "attachment; filename=\"statement-" + std::to_string(query.book.value) + "-" + std::to_string(query.account.value) +
                      "." + format + "\"";
    documents::StatementPaper const paper{reader.book.name, reader.principal.name, context.clock.now()};
    auto const draw = [statement = std::move(statement), paper, format] {
        if (format == "csv") return std::optional(Result<std::string>(documents::statement_csv(statement)));
        return std::optional(documents::statement_pdf(statement, paper));
    };
    auto const drawn = co_await offload(context.computing, draw);
    CHO_CO_TRY(auto bytes, *drawn);
    co_return Response::bytes(std::move(bytes), format == "csv" ? "text/csv; charset=utf-8" : "application/pdf")
        .header("Content-Disposition", name);
}

}  // namespace cho40::api
