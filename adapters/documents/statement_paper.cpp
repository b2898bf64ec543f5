#include "adapters/documents/statement_paper.h"
#include "adapters/documents/visible_text.h"
#include "base/csv.h"
#include "base/text.h"
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cho40::documents {
namespace {

using ledger::Statement;
using ledger::StatementLine;
using ledger::StatementQuery;
using ledger::TimeAxis;
using nlohmann::json;

json money(Dong amount) { return {{"amount", amount.count()}, {"currency", "VND"}}; }
std::string transfer_text(Id<ledger::Transfer> const& id) { return "trf_" + id.uuid.to_base32(); }
std::string_view axis_name(TimeAxis by) { return by == TimeAxis::recorded ? "recorded" : "event"; }

std::string csv_row(std::initializer_list<std::string> cells)
{
    std::string out;
    for (auto const& cell : cells) {
        if (!out.empty()) out += ',';
        out += csv_cell(cell);
    }
    return out + "\r\n";
}

// A balance at one end of the period, in the columns of a line.
std::string csv_balance(std::string_view what, Instant at, Dong balance)
{
    return csv_row({std::string(what), "", "", to_rfc3339_micro(at), "", "", "", "", "", "", std::to_string(balance.count())});
}

}  // namespace

json statement_line_json(StatementLine const& line)
{
    return {{"seq", line.seq},
            {"transfer", transfer_text(line.transfer)},
            {"other_account", line.other.value},
            {"amount", money(line.amount)},
            {"balance", money(line.balance)},
            {"code", static_cast<int>(line.code)},
            {"reference", line.reference.empty() ? json(nullptr) : json(line.reference)},
            {"event_at", to_rfc3339_micro(line.event_at)},
            {"recorded_at", to_rfc3339_micro(line.recorded_at)}};
}

json statement_json(Statement const& statement)
{
    json lines = json::array();
    for (auto const& line : statement.lines) lines.push_back(statement_line_json(line));
    auto const& totals = statement.totals;
    return {{"object", "ledger_statement"},
            {"book", std::to_string(statement.query.book.value)},
            {"account", statement.query.account.value},
            {"from", to_rfc3339_micro(statement.query.from)},
            {"to", to_rfc3339_micro(statement.query.to)},
            {"by", axis_name(statement.query.by)},
            {"opening", money(totals.opening())},
            {"lines", std::move(lines)},
            {"closing", money(totals.closing())},
            {"debits", money(totals.debits())},
            {"credits", money(totals.credits())},
            {"count", totals.lines()}};
}

std::string statement_csv_head(StatementQuery const& query, Dong opening)
{
    return "\xEF\xBB\xBF" +
           csv_row(
               {"row", "seq", "transfer", "event_at", "recorded_at", "code", "reference", "other_account", "debit", "credit", "balance"}) +
           csv_balance("opening", query.from, opening);
}

std::string statement_csv_line(StatementLine const& line)
{
    bool const debit = line.amount >= Dong();
    auto const amount = debit ? line.amount : Dong(-line.amount.count());
    return csv_row({"line", std::to_string(line.seq), transfer_text(line.transfer), to_rfc3339_micro(line.event_at),
                    to_rfc3339_micro(line.recorded_at), std::to_string(static_cast<int>(line.code)), line.reference,
                    std::to_string(line.other.value), debit ? std::to_string(amount.count()) : "",
                    debit ? "" : std::to_string(amount.count()), std::to_string(line.balance.count())});
}

std::string statement_csv_foot(StatementQuery const& query, ledger::StatementTotals const& totals)
{
    return csv_balance("closing", query.to, totals.closing());
}

std::string statement_csv(Statement const& statement)
{
    auto out = statement_csv_head(statement.query, statement.totals.opening());
    for (auto const& line : statement.lines) out += statement_csv_line(line);
    return out + statement_csv_foot(statement.query, statement.totals);
}

std::string statement_text(Statement const& statement, StatementPaper const& paper)
{
    auto const& query = statement.query;
    auto const& totals = statement.totals;
    auto out = fmt::format("{} · tài khoản {} · {} – {}\n", paper.book_name, query.account.value, to_vietnamese_time_seconds(query.from),
                           to_vietnamese_time_seconds(query.to));
    out += fmt::format("{:<19}  {:>8}  {:<24}  {:>20}  {:>20}\n", "", "", "Số dư đầu kỳ", "", totals.opening().count());
    for (auto const& line : statement.lines) {
        out += fmt::format("{:<19}  {:>8}  {:<24}  {:>+20}  {:>20}\n",
                           to_vietnamese_time_seconds(query.by == TimeAxis::event ? line.event_at : line.recorded_at), line.seq,
                           visible_text(line.reference), line.amount.count(), line.balance.count());
    }
    return out + fmt::format("{:<19}  {:>8}  {:<24}  {:>20}  {:>20}\n", "", totals.lines(), "Số dư cuối kỳ",
                             totals.debits().count() - totals.credits().count(), totals.closing().count());
}

}  // namespace cho40::documents
