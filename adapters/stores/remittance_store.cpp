#include "adapters/stores/remittance_store.h"
#include "adapters/stores/remittance_json.h"
#include "adapters/stores/row_readers.h"

namespace cho40::stores {
namespace {

using boost::asio::awaitable;
using fees::Remittance;
using postgres::Json;
using postgres::Params;
using postgres::Row;
using postgres::Statement;
using postgres::to_result;

#define CHO40_REMITTANCE_SELECT                                                                                                            \
    "SELECT m.book_id, m.remittance_id, m.agency_id, a.owner_ordinal, m.number, m.period_from, m.period_to, m.plan, m.orders, "            \
    "m.differences, m.state, m.made_by, m.made_by_owner, m.made_at, m.decided_by, m.decided_at, m.reason, m.changed_at, m.version "        \
    "FROM remittance m JOIN agency a ON a.book_id = m.book_id AND a.agency_id = m.agency_id "
constexpr Statement find_one{"rmt_find", CHO40_REMITTANCE_SELECT "WHERE m.remittance_id = $1"};
constexpr Statement find_newest{"rmt_newest", CHO40_REMITTANCE_SELECT
                                "WHERE m.book_id = $1 AND m.agency_id = $2 AND m.state <> 3 ORDER BY m.number DESC LIMIT 1"};
constexpr Statement count_made{"rmt_count", "SELECT coalesce(max(number), 0) FROM remittance WHERE book_id = $1 AND agency_id = $2"};
// Ids sort by time.
constexpr Statement list_some{"rmt_list", CHO40_REMITTANCE_SELECT "WHERE m.book_id = $1 AND m.agency_id = $2 "
                                                                  "AND ($3::uuid IS NULL OR m.remittance_id < $3) "
                                                                  "ORDER BY m.remittance_id DESC LIMIT $4"};
constexpr Statement find_first_day{"rmt_first_day", "SELECT (min(issued_at) AT TIME ZONE 'Asia/Ho_Chi_Minh')::date FROM receipt "
                                                    "WHERE book_id = $1 AND agency_id = $2"};
// A receipt that replaces another stands for the same money: the first one counts, on its day. What became of the money afterwards is
// said by entries alone; a receipt is cancelled only after its money was given back.
#define CHO40_REPLACEMENT                                                                                                                  \
    "EXISTS (SELECT FROM receipt o WHERE o.book_id = r.book_id AND o.notice_id = r.notice_id AND o.replaced_by = r.receipt_id) "
constexpr Statement find_movements{
    "rmt_movements",
    "WITH lines AS (SELECT 0 AS what, r.kind, l.line->>'fee_code' AS fee, l.line->>'budget_subitem' AS subitem, r.issued_at AS issued, "
    "r.issued_at AS at, (l.line->>'amount')::int8 AS amount FROM receipt r, jsonb_array_elements(r.printed->'lines') AS l(line) "
    "WHERE r.book_id = $1 AND r.agency_id = $2 AND r.issued_at >= $3 AND r.issued_at < $4 "
    "AND NOT " CHO40_REPLACEMENT "UNION ALL SELECT e.kind, r.kind, r.printed->'lines'->((l.line->>'line')::int - 1)->>'fee_code', "
    "r.printed->'lines'->((l.line->>'line')::int - 1)->>'budget_subitem', (SELECT min(o.issued_at) FROM receipt o "
    "WHERE o.book_id = r.book_id AND o.notice_id = r.notice_id AND o.kind = r.kind), e.entered_at, (l.line->>'amount')::int8 "
    "FROM receipt_entry e JOIN receipt r ON r.book_id = e.book_id AND r.receipt_id = e.receipt_id, jsonb_array_elements(e.lines) AS l(line) "
    "WHERE e.book_id = $1 AND r.agency_id = $2 AND e.entered_at >= $3 AND e.entered_at < $4) "
    "SELECT what::int2, kind, fee, subitem, (issued AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, "
    "(at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, sum(amount)::int8 FROM lines WHERE amount > 0 "
    "GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6"};
// Orders in OrderState 2 (ordered) and 6 (returned): the bank was not seen to pay.
constexpr Statement find_awaiting{
    "rmt_awaiting",
    "SELECT a.code, l.line->>'fee_code', (min(r.issued_at) AT TIME ZONE 'Asia/Ho_Chi_Minh')::date FROM receipt r "
    "JOIN agency a ON a.book_id = r.book_id AND a.agency_id = r.agency_id, jsonb_array_elements(r.printed->'lines') AS l(line) "
    "WHERE r.issued_at >= coalesce((SELECT ((max(m.period_to) + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh') FROM remittance m "
    "WHERE m.book_id = r.book_id AND m.agency_id = r.agency_id AND m.state = 2), '-infinity') "
    "AND (l.line->>'amount')::int8 > 0 AND NOT " CHO40_REPLACEMENT "GROUP BY 1, 2 "
    "UNION ALL SELECT a.code, i.item->>'fee_code', m.period_from FROM remittance m "
    "JOIN agency a ON a.book_id = m.book_id AND a.agency_id = m.agency_id, jsonb_array_elements(m.plan->'items') AS i(item) "
    "WHERE m.state = 2 AND m.orders @? '$[*] ? (@.state == 2 || @.state == 6)'"};
constexpr Statement count_differing_orders{
    "rmt_differing", "SELECT count(DISTINCT (m.book_id, d.difference->>'code')) FROM remittance m, "
                     "jsonb_array_elements(m.differences) AS d(difference), jsonb_array_elements(m.orders) AS o(one) "
                     "WHERE m.state = 2 AND d.difference->>'code' = o.one->>'code' AND (o.one->>'state')::int NOT IN (5, 7)"};
// OrderState 2: ordered; direction 2: out. Which line is about which order is read from its narrative.
constexpr Statement find_money_out{
    "rmt_money_out", "SELECT DISTINCT m.agency_id, n.amount, n.bank_reference, n.narrative, n.booked_at FROM remittance m "
                     "JOIN remittance_code c ON c.book_id = m.book_id AND c.remittance_id = m.remittance_id "
                     "JOIN rail_inbox n ON n.book_id = m.book_id AND n.received_at >= m.decided_at AND n.direction = 2 AND n.amount > 0 "
                     "AND position(c.code IN regexp_replace(upper(n.narrative), '[^A-Z0-9]', '', 'g')) > 0 "
                     "WHERE m.state = 2 AND m.orders @? '$[*] ? (@.state == 2)' ORDER BY n.booked_at LIMIT $1"};
constexpr Statement insert_remittances{
    "rmt_insert",
    "INSERT INTO remittance (book_id, remittance_id, agency_id, number, period_from, period_to, plan, orders, differences, state, made_by, "
    "made_by_owner, made_at, changed_at, version) SELECT * FROM unnest($1::int8[], $2::uuid[], $3::uuid[], $4::int8[], $5::date[], "
    "$6::date[], $7::jsonb[], $8::jsonb[], $9::jsonb[], $10::int2[], $11::uuid[], $12::uuid[], $13::timestamptz[], $14::timestamptz[], "
    "$15::int8[])"};
constexpr Statement insert_codes{"rmt_insert_codes", "INSERT INTO remittance_code (book_id, code, remittance_id) "
                                                     "SELECT * FROM unnest($1::int8[], $2::text[], $3::uuid[])"};
// Every change goes through the ledger's writer under a version guard, so the newest row of a batch wins.
constexpr Statement update_remittances{
    "rmt_update",
    "UPDATE remittance m SET orders = u.o, differences = u.d, state = u.s, decided_by = u.db, decided_at = u.da, reason = u.r, "
    "changed_at = u.c, version = u.v FROM (SELECT DISTINCT ON (b, i) * FROM unnest($1::int8[], $2::uuid[], $3::jsonb[], $4::jsonb[], "
    "$5::int2[], $6::uuid[], $7::timestamptz[], $8::text[], $9::timestamptz[], $10::int8[]) AS x(b, i, o, d, s, db, da, r, c, v) "
    "ORDER BY b, i, v DESC) u WHERE m.book_id = u.b AND m.remittance_id = u.i"};

Remittance read_remittance(Row const& row)
{
    Remittance r;
    r.book = ledger::BookId{row.get<std::int64_t>(0)};
    r.id = row.get<Id<Remittance>>(1);
    r.agency = row.get<Id<fees::Agency>>(2);
    r.ordinal = ledger::OwnerOrdinal{row.get<std::int64_t>(3)};
    r.number = row.get<std::int64_t>(4);
    r.plan.period = {row.get<Day>(5), row.get<Day>(6)};
    read_plan(r, row.get<Json>(7).text, row.get<Json>(8).text);
    r.differences = read_differences(row.get<Json>(9).text);
    r.state = static_cast<fees::RemittanceState>(row.get<std::int16_t>(10));
    r.made_by = row.get<Uuid>(11);
    r.made_by_owner = row.get<Uuid>(12);
    r.made_at = row.get<Instant>(13);
    r.decided_by = row.get<std::optional<Uuid>>(14).value_or(Uuid{});
    r.decided_at = row.get<std::optional<Instant>>(15);
    r.reason = row.get<std::string>(16);
    r.changed_at = row.get<Instant>(17);
    r.version = row.get<std::int64_t>(18);
    return r;
}

fees::BudgetMovement read_movement(Row const& row)
{
    using Kind = fees::BudgetMovement::Kind;
    fees::BudgetMovement m;
    auto const what = row.get<std::int16_t>(0);  // 0, or fees::ReceiptEntryKind
    m.kind = what == 0                                                               ? Kind::collected
             : what == static_cast<std::int16_t>(fees::ReceiptEntryKind::given_back) ? Kind::given_back
                                                                                     : Kind::came_back;
    m.fee_kind = static_cast<fees::FeeKind>(row.get<std::int16_t>(1));
    m.fee_code = row.get<std::string>(2);
    m.subitem = row.get<std::string>(3);
    m.receipt_day = row.get<Day>(4);
    m.day = row.get<Day>(5);
    m.amount = row.get<Dong>(6);
    return m;
}

}  // namespace

awaitable<Result<std::optional<Remittance>>> RemittanceStore::find_remittance(Id<Remittance> id)
{
    Params params(id);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(find_one, std::move(params))));
    co_return read_first(rows, read_remittance);
}

awaitable<Result<RemittanceStore::Chain>> RemittanceStore::chain_of(ledger::BookId book, Id<fees::Agency> agency)
{
    // The count first: what is made meanwhile makes the guard stale.
    Params counting(book.value, agency);
    CHO_CO_TRY(auto const count, to_result(co_await pool_.read_one(count_made, std::move(counting))));
    Chain chain;
    chain.made = count[0].get<std::int64_t>(0);
    Params params(book.value, agency);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(find_newest, std::move(params))));
    chain.newest = read_first(rows, read_remittance);
    co_return chain;
}

awaitable<Result<std::vector<fees::BudgetMovement>>> RemittanceStore::movements_in(ledger::BookId book, Id<fees::Agency> agency,
                                                                                   fees::RemittancePeriod period)
{
    Params params(book.value, agency, period.from.begin(), period.to.end());
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(find_movements, std::move(params))));
    co_return read_all(rows, read_movement);
}

awaitable<Result<std::optional<Day>>> RemittanceStore::first_receipt_day(ledger::BookId book, Id<fees::Agency> agency)
{
    Params params(book.value, agency);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(find_first_day, std::move(params))));
    co_return rows[0].get<std::optional<Day>>(0);
}

awaitable<Result<std::vector<Remittance>>> RemittanceStore::list(ledger::BookId book, Id<fees::Agency> agency, std::optional<Uuid> before,
                                                                 int limit)
{
    Params params(book.value, agency, before, static_cast<std::int64_t>(limit));
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(list_some, std::move(params))));
    co_return read_all(rows, read_remittance);
}

awaitable<Result<std::vector<RemittanceStore::Awaiting>>> RemittanceStore::awaiting()
{
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(find_awaiting, Params())));
    co_return read_all(rows, [](Row const& row) { return Awaiting{row.get<std::string>(0), row.get<std::string>(1), row.get<Day>(2)}; });
}

awaitable<Result<std::int64_t>> RemittanceStore::count_differing()
{
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(count_differing_orders, Params())));
    co_return rows[0].get<std::int64_t>(0);
}

awaitable<Result<std::vector<RemittanceStore::MoneyOut>>> RemittanceStore::money_out_for_orders(int limit)
{
    Params params(static_cast<std::int64_t>(limit));
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(find_money_out, std::move(params))));
    co_return read_all(rows, [](Row const& row) {
        MoneyOut out;
        out.agency = row.get<Id<fees::Agency>>(0);
        out.line.whose = fees::StatementOf::collector;
        out.line.is_money_out = true;
        out.line.amount = row.get<Dong>(1);
        out.line.reference = row.get<std::string>(2);
        out.line.narrative = row.get<std::string>(3);
        out.line.day = Day::of(row.get<Instant>(4));
        return out;
    });
}

void add_remittance_writers(RowWriters& writers)
{
    writers.add<fees::NewRemittance>(insert_remittances, [](auto rows) {
        Params p;
        p.add(column<std::int64_t>(rows, [](auto const& r) { return r.remittance.book.value; }));
        p.add(column<Uuid>(rows, [](auto const& r) { return r.remittance.id.uuid; }));
        p.add(column<Uuid>(rows, [](auto const& r) { return r.remittance.agency.uuid; }));
        p.add(column<std::int64_t>(rows, [](auto const& r) { return r.remittance.number; }));
        p.add(column<Day>(rows, [](auto const& r) { return r.remittance.plan.period.from; }));
        p.add(column<Day>(rows, [](auto const& r) { return r.remittance.plan.period.to; }));
        p.add(column<Json>(rows, [](auto const& r) { return Json(plan_json(r.remittance.plan)); }));
        p.add(column<Json>(rows, [](auto const& r) { return Json(orders_json(r.remittance.orders)); }));
        p.add(column<Json>(rows, [](auto const& r) { return Json(differences_json(r.remittance.differences)); }));
        p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.remittance.state); }));
        p.add(column<Uuid>(rows, [](auto const& r) { return r.remittance.made_by; }));
        p.add(column<Uuid>(rows, [](auto const& r) { return r.remittance.made_by_owner; }));
        p.add(column<Instant>(rows, [](auto const& r) { return r.remittance.made_at; }));
        p.add(column<Instant>(rows, [](auto const& r) { return r.remittance.changed_at; }));
        p.add(column<std::int64_t>(rows, [](auto const& r) { return r.remittance.version; }));
        return p;
    });
    writers.add<fees::NewRemittanceCode>(insert_codes, [](auto rows) {
        Params p;
        p.add(column<std::int64_t>(rows, [](auto const& r) { return r.book.value; }));
        p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.code.text()); }));
        p.add(column<Uuid>(rows, [](auto const& r) { return r.remittance.uuid; }));
        return p;
    });
    writers.add<fees::ChangedRemittance>(update_remittances, [](auto rows) {
        Params p;
        p.add(column<std::int64_t>(rows, [](auto const& r) { return r.remittance.book.value; }));
        p.add(column<Uuid>(rows, [](auto const& r) { return r.remittance.id.uuid; }));
        p.add(column<Json>(rows, [](auto const& r) { return Json(orders_json(r.remittance.orders)); }));
        p.add(column<Json>(rows, [](auto const& r) { return Json(differences_json(r.remittance.differences)); }));
        p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.remittance.state); }));
        p.add(column<std::optional<Uuid>>(
            rows, [](auto const& r) { return r.remittance.decided_by.is_nil() ? std::nullopt : std::optional(r.remittance.decided_by); }));
        p.add(column<std::optional<Instant>>(rows, [](auto const& r) { return r.remittance.decided_at; }));
        p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.remittance.reason); }));
        p.add(column<Instant>(rows, [](auto const& r) { return r.remittance.changed_at; }));
        p.add(column<std::int64_t>(rows, [](auto const& r) { return r.remittance.version; }));
        return p;
    });
}

}  // namespace cho40::stores
