#pragma once
#include "adapters/postgres/statement.h"
#include "adapters/stores/merchant_rows.h"

namespace cho40::stores::sql {

#define CHO40_RETURN_COLUMNS                                                                                                               \
    "r.book_id, r.return_id, r.household_id, coalesce(h.name, ''), r.tax_code, r.period, r.kind, r.sequence, "                             \
    "r.attempt, r.form, r.form_code, r.form_version, r.form_issued_by, r.due_on, r.state, r.reason, r.figures, "                           \
    "r.document_sha256, coalesce(length(r.document), 0)::int8, r.signed_at, r.transaction_id, r.sending_since, "                           \
    "r.sent_at, r.received_at, r.filed_at, r.authority_code, r.refusals, r.silence_alerted, r.escalated, "                                 \
    "r.next_check_at, r.checks, r.created_by, r.created_at, r.since, r.version, r.ledger_seq "
#define CHO40_RETURN_FROM "FROM tax_return r LEFT JOIN household h ON h.book_id = r.book_id AND h.household_id = r.household_id "

inline constexpr postgres::Statement find_return{"tax_find_return",
                                                 "SELECT " CHO40_RETURN_COLUMNS CHO40_RETURN_FROM "WHERE r.return_id = $1"};
inline constexpr postgres::Statement returns_of_period{"tax_returns_of_period",
                                                       "SELECT " CHO40_RETURN_COLUMNS CHO40_RETURN_FROM
                                                       "WHERE r.household_id = $1 AND r.period = $2 ORDER BY r.attempt LIMIT 200"};
inline constexpr postgres::Statement due_returns{"tax_due_returns", "SELECT " CHO40_RETURN_COLUMNS CHO40_RETURN_FROM
                                                                    "WHERE r.next_check_at <= $1 ORDER BY r.next_check_at LIMIT $2"};
inline constexpr postgres::Statement list_returns{
    "tax_list_returns", "SELECT " CHO40_RETURN_COLUMNS CHO40_RETURN_FROM
                        "WHERE (cardinality($1::uuid[]) = 0 OR r.household_id = ANY ($1)) AND ($2 = '' OR r.period = $2) "
                        "AND (cardinality($3::text[]) = 0 OR r.state = ANY ($3)) AND ($4::uuid IS NULL OR r.return_id < $4) "
                        "ORDER BY r.return_id DESC LIMIT $5"};
inline constexpr postgres::Statement return_input{"tax_return_input", "SELECT input FROM tax_return WHERE book_id = $1 AND return_id = $2"};
inline constexpr postgres::Statement return_document{
    "tax_return_document", "SELECT document FROM tax_return WHERE book_id = $1 AND return_id = $2 AND document IS NOT NULL"};
inline constexpr postgres::Statement return_steps{
    "tax_return_steps",
    "SELECT state, reason, since FROM tax_return_state WHERE book_id = $1 AND return_id = $2 ORDER BY version, ordinal LIMIT 500"};
inline constexpr postgres::Statement return_notices{
    "tax_return_notices",
    "SELECT notice_id, raw, received_at, read FROM tax_notice WHERE book_id = $1 AND return_id = $2 ORDER BY arrival, notice_id LIMIT 200"};
inline constexpr postgres::Statement find_households{
    "tax_find_households",
    "SELECT " CHO40_HOUSEHOLD_COLUMNS " FROM household "
    "WHERE $1 = '' OR search_name LIKE '%' || $2 || '%' OR tax_code = $1 OR old_tax_code = $1 ORDER BY household_id LIMIT 5000"};
inline constexpr postgres::Statement turnover_stalls{
    "tax_turnover_stalls", "SELECT " CHO40_STALL_COLUMNS ", m.name, m.address, m.ward_code, m.ward_name "
                           "FROM stall s JOIN market m ON m.book_id = s.book_id AND m.market_id = s.market_id "
                           "WHERE cardinality($1::uuid[]) = 0 OR s.household_id = ANY ($1) ORDER BY s.household_id, s.stall_id"};
// Sales accounts are kinds 2, 3 (codes, nameless money) and 4 (cash) of an owner's block of sixteen: ledger/chart.h. A sale that was
// to be given back and stays one (code 114) is no second one.
inline constexpr postgres::Statement turnover_cells{
    "tax_turnover_cells",
    "WITH wanted AS (SELECT book_id, owner_ordinal, stall_id, household_id FROM stall "
    "  WHERE cardinality($1::uuid[]) = 0 OR household_id = ANY ($1)), "
    "moved AS (SELECT book_id, seq, credit_account AS account_no, amount, event_at, "
    "  (debit_account % 16 NOT IN (2, 3, 4) AND code <> 114)::int AS sale FROM journal "
    "  WHERE book_id IN (SELECT book_id FROM wanted) AND event_at >= $2 AND event_at < $3 AND credit_account % 16 IN (2, 3, 4) "
    "  UNION ALL SELECT book_id, seq, debit_account, -amount, event_at, 0 FROM journal "
    "  WHERE book_id IN (SELECT book_id FROM wanted) AND event_at >= $2 AND event_at < $3 AND debit_account % 16 IN (2, 3, 4)) "
    "SELECT w.household_id, w.stall_id, extract(month FROM m.event_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::int4, m.account_no % 16 = 4, "
    "sum(m.sale)::int8, sum(m.amount)::int8, max(m.seq) "
    "FROM moved m JOIN wanted w ON w.book_id = m.book_id AND w.owner_ordinal = m.account_no / 16 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"};

inline constexpr postgres::Statement insert_returns{
    "tax_insert_returns",
    "INSERT INTO tax_return (book_id, return_id, household_id, tax_code, period, kind, sequence, attempt, form, form_code, form_version, "
    "form_issued_by, due_on, state, input, figures, transaction_id, created_by, created_at, since, version, ledger_seq) "
    "SELECT * FROM unnest($1::int8[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::int4[], $8::int4[], $9::text[], "
    "$10::text[], $11::text[], $12::text[], $13::date[], $14::text[], $15::jsonb[], $16::jsonb[], $17::text[], $18::uuid[], "
    "$19::timestamptz[], $20::timestamptz[], $21::int8[], $22::int8[])"};
// Every change goes through the ledger's writer under a version guard, so the newest row of a batch wins.
inline constexpr postgres::Statement update_returns{
    "tax_update_returns",
    "UPDATE tax_return r SET state = u.st, reason = u.re, signed_at = u.sg, sending_since = u.ss, sent_at = u.se, received_at = u.rc, "
    "filed_at = u.fi, authority_code = u.au, refusals = u.rf, silence_alerted = u.sa, escalated = u.es, next_check_at = u.nc, "
    "checks = u.ch, since = u.si, version = u.v "
    "FROM (SELECT DISTINCT ON (b, i) * FROM unnest($1::int8[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], "
    "$7::timestamptz[], $8::timestamptz[], $9::timestamptz[], $10::text[], $11::jsonb[], $12::bool[], $13::bool[], $14::timestamptz[], "
    "$15::int4[], $16::timestamptz[], $17::int8[]) AS x(b, i, st, re, sg, ss, se, rc, fi, au, rf, sa, es, nc, ch, si, v) "
    "ORDER BY b, i, v DESC) u WHERE r.book_id = u.b AND r.return_id = u.i"};
inline constexpr postgres::Statement keep_documents{
    "tax_keep_documents",
    "UPDATE tax_return r SET document = u.d, document_sha256 = u.s FROM unnest($1::int8[], $2::uuid[], $3::bytea[], $4::bytea[]) AS u(b, i, d, s) "
    "WHERE r.book_id = u.b AND r.return_id = u.i AND r.document IS NULL"};
inline constexpr postgres::Statement insert_return_states{
    "tax_insert_return_states",
    "INSERT INTO tax_return_state (book_id, return_id, version, ordinal, state, reason, since) "
    "SELECT * FROM unnest($1::int8[], $2::uuid[], $3::int8[], $4::int4[], $5::text[], $6::text[], $7::timestamptz[])"};
inline constexpr postgres::Statement insert_tax_notices{
    "tax_insert_notices", "INSERT INTO tax_notice (book_id, notice_id, return_id, arrival, raw, received_at) "
                          "SELECT * FROM unnest($1::int8[], $2::uuid[], $3::uuid[], $4::int4[], $5::bytea[], $6::timestamptz[]) "
                          "ON CONFLICT (book_id, notice_id) DO NOTHING"};
inline constexpr postgres::Statement read_notices{
    "tax_read_notices",
    "UPDATE tax_notice n SET read = true, code = u.c, accepted = u.a FROM unnest($1::int8[], $2::uuid[], $3::text[], $4::bool[]) AS u(b, i, c, a) "
    "WHERE n.book_id = u.b AND n.notice_id = u.i"};

}  // namespace cho40::stores::sql
