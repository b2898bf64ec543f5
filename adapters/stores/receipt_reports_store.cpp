#include "adapters/stores/receipt_reports_store.h"
#include "adapters/stores/fee_lines_json.h"
#include "adapters/stores/fees_statements.h"
#include "adapters/stores/receipt_rows.h"
#include "adapters/stores/row_readers.h"
#include <map>
#include <nlohmann/json.hpp>

namespace cho40::stores {
namespace {

using boost::asio::awaitable;
using fees::EarlierReport;
using fees::MadeReport;
using fees::Receipt;
using fees::ReportedAs;
using fees::ReportRow;
using fees::Unreported;
using nlohmann::json;
using postgres::Bytea;
using postgres::Json;
using postgres::Params;
using postgres::Row;
using postgres::Statement;
using postgres::to_result;

// Everything that no report tells: book, agency, receipt, kind (fees::ReportedAs), act, instant, reason. Entries are of kind 1 and 2
// where reports call them 2 and 3, cancellations of 1 and 2 where they are 4 and 5.
#define CHO40_UNREPORTED                                                                                                                     \
    "SELECT r.book_id, r.agency_id, r.receipt_id, 1::int2 AS kind, '00000000-0000-0000-0000-000000000000'::uuid AS act, r.issued_at AS at, " \
    "'' AS reason FROM receipt r WHERE r.report_id IS NULL "                                                                                 \
    "UNION ALL SELECT e.book_id, r.agency_id, e.receipt_id, (e.kind + 1)::int2, e.refund_id, e.entered_at, '' FROM receipt_entry e "         \
    "JOIN receipt r ON r.book_id = e.book_id AND r.receipt_id = e.receipt_id WHERE e.report_id IS NULL "                                     \
    "UNION ALL SELECT c.book_id, r.agency_id, c.receipt_id, (c.kind + 3)::int2, c.cancellation_id, c.decided_at, c.reason "                  \
    "FROM receipt_cancellation c JOIN receipt r ON r.book_id = c.book_id AND r.receipt_id = c.receipt_id "                                   \
    "WHERE c.state = 2 AND c.report_id IS NULL"

constexpr Statement find_open_days{
    "rpt_open_days",
    "SELECT d.book_id, d.agency_id, d.day, d.many, (SELECT max(p.made_at) FROM receipt_report p WHERE p.book_id = d.book_id "
    "AND p.agency_id = d.agency_id AND p.day = d.day) FROM (SELECT u.book_id, u.agency_id, (u.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, "
    "count(*) AS many FROM (" CHO40_UNREPORTED ") u GROUP BY 1, 2, 3) d ORDER BY d.day, d.agency_id LIMIT $1"};
constexpr Statement find_unreported{"rpt_unreported", "SELECT u.receipt_id, u.kind, u.act, u.at, u.reason FROM (" CHO40_UNREPORTED ") u "
                                                      "WHERE u.book_id = $1 AND u.agency_id = $2 AND u.at >= $3 AND u.at < $4 "
                                                      "ORDER BY u.at, u.receipt_id, u.kind LIMIT $5"};
constexpr Statement find_receipts{"rpt_receipts", CHO40_RECEIPT_SELECT "WHERE book_id = $1 AND receipt_id = ANY ($2::uuid[])"};
constexpr Statement find_earlier{"rpt_earlier",
                                 "SELECT r.receipt_id, p.number, p.day FROM receipt r JOIN receipt_report p ON p.book_id = r.book_id "
                                 "AND p.report_id = r.report_id WHERE r.book_id = $1 AND r.receipt_id = ANY ($2::uuid[])"};
constexpr Statement find_last{"rpt_last", "SELECT coalesce(max(number), 0)::int8, coalesce(max(part) FILTER (WHERE day = $3), 0)::int8 "
                                          "FROM receipt_report WHERE book_id = $1 AND agency_id = $2"};
constexpr Statement find_of_day{"rpt_of_day",
                                "SELECT report_id, number, part, amount, report_rows, csv, csv_digest, xml, xml_digest, signed_by, "
                                "made_by, made_at FROM receipt_report WHERE book_id = $1 AND agency_id = $2 AND day = $3 ORDER BY part"};
constexpr Statement insert_reports{
    "rpt_insert",
    "INSERT INTO receipt_report (book_id, report_id, agency_id, number, day, part, row_count, amount, report_rows, csv, csv_digest, xml, "
    "xml_digest, signed_by, made_by, made_at) SELECT * FROM unnest($1::int8[], $2::uuid[], $3::uuid[], $4::int8[], $5::date[], $6::int8[], "
    "$7::int8[], $8::int8[], $9::jsonb[], $10::bytea[], $11::bytea[], $12::bytea[], $13::bytea[], $14::text[], $15::uuid[], "
    "$16::timestamptz[])"};
constexpr Statement mark_reported{
    "rpt_mark",
    "WITH u AS (SELECT * FROM unnest($1::int8[], $2::uuid[], $3::uuid[], $4::int2[], $5::uuid[]) AS x(b, p, r, k, a)), "
    "receipts AS (UPDATE receipt t SET report_id = u.p FROM u WHERE u.k = 1 AND t.book_id = u.b AND t.receipt_id = u.r), "
    "entries AS (UPDATE receipt_entry t SET report_id = u.p FROM u WHERE u.k IN (2, 3) AND t.book_id = u.b AND t.receipt_id = u.r "
    "AND t.refund_id = u.a AND t.kind = u.k - 1) "
    "UPDATE receipt_cancellation t SET report_id = u.p FROM u WHERE u.k IN (4, 5) AND t.book_id = u.b AND t.cancellation_id = u.a"};

json number_json(fees::ReceiptNumber const& n) { return {{"form", form_code(n.form)}, {"symbol", n.symbol}, {"number", n.number}}; }

std::string rows_json(std::vector<ReportRow> const& rows)
{
    json out = json::array();
    for (auto const& row : rows) {
        json one = {{"as", static_cast<int>(row.as)},    {"receipt", row.receipt.uuid.to_string()},
                    {"number", number_json(row.number)}, {"issued_on", row.issued_on.to_string()},
                    {"fee_code", row.fee_code},          {"fee_name", row.fee_name},
                    {"amount", row.amount.count()},      {"explanation", row.explanation}};
        if (row.related) one["related"] = number_json(*row.related);
        if (row.earlier) one["earlier"] = {{"number", row.earlier->number}, {"day", row.earlier->day.to_string()}};
        out.push_back(std::move(one));
    }
    return out.dump();
}

std::vector<ReportRow> read_report_rows(std::string_view text)
{
    auto const day_of = [](json const& j) { return Day::parse(j.get<std::string>()).value_or(Day()); };
    std::vector<ReportRow> rows;
    for (auto const& one : json::parse(text)) {
        ReportRow row;
        row.as = static_cast<ReportedAs>(one.at("as").get<int>());
        row.receipt = Id<Receipt>(Uuid::from_string(one.at("receipt").get<std::string>()).value_or(Uuid{}));
        row.number = read_receipt_number(one.at("number").dump());
        row.issued_on = day_of(one.at("issued_on"));
        row.fee_code = one.at("fee_code").get<std::string>();
        row.fee_name = one.at("fee_name").get<std::string>();
        row.amount = Dong(one.at("amount").get<std::int64_t>());
        row.explanation = one.at("explanation").get<std::string>();
        if (one.contains("related")) row.related = read_receipt_number(one.at("related").dump());
        if (one.contains("earlier")) {
            row.earlier = EarlierReport{one.at("earlier").at("number").get<std::int64_t>(), day_of(one.at("earlier").at("day"))};
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

struct Item {
    Id<Receipt> receipt;
    ReportedAs as;
    Uuid act;
    Instant at;
    std::string reason;
};

Item read_item(Row const& row)
{
    return {row.get<Id<Receipt>>(0), static_cast<ReportedAs>(row.get<std::int16_t>(1)), row.get<Uuid>(2), row.get<Instant>(3),
            row.get<std::string>(4)};
}

ReceiptReportsStore::Open read_open(Row const& row)
{
    return {ledger::BookId{row.get<std::int64_t>(0)}, row.get<Id<fees::Agency>>(1), row.get<Day>(2), row.get<std::int64_t>(3),
            row.get<std::optional<Instant>>(4)};
}

MadeReport read_made(Row const& row)
{
    MadeReport made;
    auto& report = made.report;
    report.id = row.get<Id<fees::ReceiptReport>>(0);
    report.number = row.get<std::int64_t>(1);
    report.part = row.get<std::int64_t>(2);
    report.total = row.get<Dong>(3);
    report.rows = read_report_rows(row.get<Json>(4).text);
    made.csv = row.get<Bytea>(5).bytes;
    made.csv_digest = row.get<Sha256>(6);
    made.xml.xml = row.get<Bytea>(7).bytes;
    made.xml.digest = row.get<Sha256>(8);
    made.xml.signed_by = row.get<std::string>(9);
    report.made_by = row.get<std::optional<Uuid>>(10).value_or(Uuid{});
    report.made_at = made.xml.signed_at = row.get<Instant>(11);
    return made;
}

}  // namespace

awaitable<Result<std::vector<ReceiptReportsStore::Open>>> ReceiptReportsStore::open_days(int limit)
{
    Params params(static_cast<std::int64_t>(limit));
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(find_open_days, std::move(params))));
    co_return read_all(rows, read_open);
}

awaitable<Result<std::vector<Unreported>>> ReceiptReportsStore::unreported(ledger::BookId book, Id<fees::Agency> agency, Day day, int limit)
{
    Params params(book.value, agency, day.begin(), day.end(), static_cast<std::int64_t>(limit));
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(find_unreported, std::move(params))));
    auto const items = read_all(rows, read_item);
    std::vector<Uuid> ids;
    for (auto const& item : items) ids.push_back(item.receipt.uuid);
    Params of_receipts(book.value, ids);
    CHO_CO_TRY(auto const receipt_rows, to_result(co_await pool_.read_one(find_receipts, std::move(of_receipts))));
    std::map<Id<Receipt>, fees::StoredReceipt> receipts;
    for (auto& stored : read_all(receipt_rows, read_stored_receipt)) receipts.emplace(stored.receipt.id, std::move(stored));
    Params of_earlier(book.value, ids);
    CHO_CO_TRY(auto const earlier_rows, to_result(co_await pool_.read_one(find_earlier, std::move(of_earlier))));
    std::map<Id<Receipt>, EarlierReport> earlier;
    auto const read_earlier = [](Row const& row) {
        return std::pair(row.get<Id<Receipt>>(0), EarlierReport{row.get<std::int64_t>(1), row.get<Day>(2)});
    };
    for (auto const& [id, report] : read_all(earlier_rows, read_earlier)) earlier.emplace(id, report);
    std::vector<Unreported> out;
    for (auto const& item : items) {
        Unreported one;
        one.stored = receipts.at(item.receipt);
        one.as = item.as;
        one.act = item.act;
        one.at = item.at;
        one.reason = item.reason;
        if (auto const found = earlier.find(item.receipt); found != earlier.end()) one.earlier = found->second;
        out.push_back(std::move(one));
    }
    co_return out;
}

awaitable<Result<ReceiptReportsStore::Last>> ReceiptReportsStore::last_report(ledger::BookId book, Id<fees::Agency> agency, Day day)
{
    Params params(book.value, agency, day);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(find_last, std::move(params))));
    co_return Last{rows[0].get<std::int64_t>(0), rows[0].get<std::int64_t>(1)};
}

awaitable<Result<std::vector<MadeReport>>> ReceiptReportsStore::of_day(ledger::BookId book, Id<fees::Agency> agency, Day day)
{
    Params params(book.value, agency, day);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(find_of_day, std::move(params))));
    auto reports = read_all(rows, read_made);
    for (auto& made : reports) {
        made.report.book = book;
        made.report.agency = agency;
        made.report.day = day;
    }
    co_return reports;
}

void add_receipt_report_writers(RowWriters& writers)
{
    constexpr int after_what_it_tells = 40;
    writers.add<fees::NewReceiptReport>(
        insert_reports,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.made.report.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.made.report.id.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.made.report.agency.uuid; }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.made.report.number; }));
            p.add(column<Day>(rows, [](auto const& r) { return r.made.report.day; }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.made.report.part; }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return static_cast<std::int64_t>(r.made.report.rows.size()); }));
            p.add(column<Dong>(rows, [](auto const& r) { return r.made.report.total; }));
            p.add(column<Json>(rows, [](auto const& r) { return Json(rows_json(r.made.report.rows)); }));
            p.add(column<Bytea>(rows, [](auto const& r) { return Bytea(r.made.csv); }));
            p.add(column<Sha256>(rows, [](auto const& r) { return r.made.csv_digest; }));
            p.add(column<Bytea>(rows, [](auto const& r) { return Bytea(r.made.xml.xml); }));
            p.add(column<Sha256>(rows, [](auto const& r) { return r.made.xml.digest; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.made.xml.signed_by); }));
            p.add(column<std::optional<Uuid>>(
                rows, [](auto const& r) { return r.made.report.made_by.is_nil() ? std::nullopt : std::optional(r.made.report.made_by); }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.made.report.made_at; }));
            return p;
        },
        after_what_it_tells);
    writers.add<fees::Reported>(
        mark_reported,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.report.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.receipt.uuid; }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.as); }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.act; }));
            return p;
        },
        after_what_it_tells + 1);
}

}  // namespace cho40::stores
