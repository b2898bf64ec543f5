#pragma once
#include "adapters/postgres/statement.h"
#include "adapters/stores/payments_rows.h"

namespace cho40::stores::sql {

inline constexpr postgres::Statement find_request{"pay_find_request", "SELECT " CHO40_REQUEST_COLUMNS CHO40_REQUEST_DUPLICATES
                                                                      "FROM payment_request p WHERE p.payment_id = $1"};
inline constexpr postgres::Statement find_by_client_ref{
    "pay_find_by_client_ref", "SELECT payment_id FROM payment_request WHERE book_id = $1 AND payee_id = $2 AND client_ref = $3"};
inline constexpr postgres::Statement find_by_virtual_account{
    "pay_find_by_virtual_account",
    "SELECT payment_id FROM payment_request WHERE book_id = $1 AND virtual_account = $2 AND virtual_account <> ''"};
inline constexpr postgres::Statement find_due_to_expire{
    "pay_find_due_to_expire", "SELECT " CHO40_REQUEST_COLUMNS CHO40_NO_DUPLICATES
                              "FROM (SELECT * FROM open_request WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2) o "
                              "JOIN payment_request p ON p.book_id = o.book_id AND p.payment_id = o.payment_id ORDER BY o.expires_at"};
inline constexpr postgres::Statement list_requests{
    "pay_list_requests", "SELECT " CHO40_REQUEST_COLUMNS CHO40_REQUEST_DUPLICATES "FROM payment_request p "
                         "WHERE p.book_id = $1 AND p.payee_id = $2 AND (cardinality($3::int2[]) = 0 OR p.state = ANY ($3)) "
                         "AND p.created_at >= $4 AND p.created_at < $5 AND ($6::uuid IS NULL OR p.payment_id < $6) "
                         "ORDER BY p.payment_id DESC LIMIT $7"};

// Rails besides the credit's own that told of the same money; rail_match_retold_idx makes it a look-up for each credit.
#define CHO40_OTHER_RAILS                                                                                                                  \
    "ARRAY(SELECT DISTINCT t.rail FROM rail_match m JOIN rail_inbox n ON n.book_id = m.book_id AND n.inbox_id = m.inbox_id "               \
    "JOIN rail_account t ON t.book_id = n.book_id AND t.rail_account_id = n.rail_account_id "                                              \
    "WHERE m.book_id = c.book_id AND m.credit_id = c.credit_id AND m.outcome IN ('repeated', 'linked') "                                   \
    "AND t.rail <> r.rail ORDER BY 1)"
// What the rails that told it again say of who paid, in that order: [[rail, name, account, bank], ...].
#define CHO40_RETOLD_PAYERS                                                                                                                \
    "(SELECT jsonb_agg(jsonb_build_array(t.rail, n.payer_name, n.payer_account, n.payer_bank) ORDER BY n.received_at, n.inbox_id) "        \
    "FROM rail_match m JOIN rail_inbox n ON n.book_id = m.book_id AND n.inbox_id = m.inbox_id "                                            \
    "JOIN rail_account t ON t.book_id = n.book_id AND t.rail_account_id = n.rail_account_id "                                              \
    "WHERE m.book_id = c.book_id AND m.credit_id = c.credit_id AND m.outcome IN ('repeated', 'linked'))"
#define CHO40_CREDIT_COLUMNS                                                                                                                             \
    "c.credit_id, c.book_id, c.owner_id, c.payment_id, c.suggested_payment_id, c.amount, c.reason, r.rail, "                                             \
    "c.bank_reference, c.narrative, c.payer_name, c.payer_bank, c.booked_at, c.received_at, p.asked, p.code, p.note, c.refund_due, " CHO40_OTHER_RAILS   \
    ", c.match_rule, c.match_from, c.match_length, c.match_version, g.code, g.state, c.receiving_account_id, c.payer_account_tail, " CHO40_RETOLD_PAYERS \
    " "
#define CHO40_CREDIT_JOINS                                                                                                                 \
    "FROM bank_credit c "                                                                                                                  \
    "JOIN rail_account r ON r.book_id = c.book_id AND r.rail_account_id = c.rail_account_id "                                              \
    "LEFT JOIN payment_request p ON p.book_id = c.book_id AND p.payment_id = c.payment_id "                                                \
    "LEFT JOIN payment_request g ON g.book_id = c.book_id AND g.payment_id = c.suggested_payment_id "
inline constexpr postgres::Statement credits_of_request{
    "pay_credits_of_request", "SELECT " CHO40_CREDIT_COLUMNS " " CHO40_CREDIT_JOINS
                              "WHERE c.book_id = $1 AND c.payment_id = $2 ORDER BY c.received_at, c.credit_id LIMIT 200"};
inline constexpr postgres::Statement find_credit{"pay_find_credit", "SELECT " CHO40_CREDIT_COLUMNS " " CHO40_CREDIT_JOINS
                                                                    "WHERE c.book_id = $1 AND c.credit_id = $2"};
inline constexpr postgres::Statement credits_between{
    "pay_credits_between",
    "SELECT " CHO40_CREDIT_COLUMNS " " CHO40_CREDIT_JOINS
    "WHERE c.book_id = $1 AND c.owner_id = $2 AND c.booked_at >= $3 AND c.booked_at < $4 ORDER BY c.booked_at, c.credit_id LIMIT 5000"};

// What still waits for money is in open_request too: whatever writes a request writes that.
#define CHO40_IS_OPEN "state IN (0, 1, 2, 3)"
#define CHO40_OPEN_REQUEST                                                                                                                 \
    "INSERT INTO open_request (book_id, payment_id, receiving_account_id, lacking, created_at, expires_at) "                               \
    "SELECT book_id, payment_id, receiving_account_id, asked - waived - received, created_at, "                                            \
    "CASE WHEN state IN (0, 1) THEN expires_at END FROM written WHERE " CHO40_IS_OPEN
#define CHO40_WRITTEN "book_id, payment_id, receiving_account_id, asked, waived, received, state, created_at, expires_at"
inline constexpr postgres::Statement insert_requests{
    "pay_insert_requests",
    "WITH written AS (INSERT INTO payment_request (book_id, payment_id, payee_kind, payee_id, owner_ordinal, receiving_account_id, code, asked, state, "
    "reason, note, client_ref, qr_payload, created_by, created_at, expires_at, since, version, virtual_account) "
    "SELECT b, i, k, p, o, a, c, n, s, '', t, r, q, u, m, x, m, v, y FROM unnest($1::int8[], $2::uuid[], $3::int2[], $4::uuid[], $5::int8[], "
    "$6::uuid[], $7::text[], $8::int8[], $9::int2[], $10::text[], $11::text[], $12::text[], $13::uuid[], $14::timestamptz[], "
    "$15::timestamptz[], $16::int8[], $17::text[]) AS u(b, i, k, p, o, a, c, n, s, t, r, q, u, m, x, v, y) RETURNING " CHO40_WRITTEN
    ") " CHO40_OPEN_REQUEST};
// Every change of a request goes through the ledger's writer under a version guard, so the newest row of a batch wins.
inline constexpr postgres::Statement update_requests{
    "pay_update_requests",
    "WITH written AS (UPDATE payment_request p SET received = u.r, waived = u.w, state = u.s, reason = u.t, since = u.m, version = u.v, expires_at = u.e "
    "FROM (SELECT DISTINCT ON (b, i) b, i, r, w, s, t, m, v, e FROM unnest($1::int8[], $2::uuid[], $3::int8[], $4::int8[], $5::int2[], "
    "$6::text[], $7::timestamptz[], $8::int8[], $9::timestamptz[]) AS x(b, i, r, w, s, t, m, v, e) ORDER BY b, i, v DESC) u "
    "WHERE p.book_id = u.b AND p.payment_id = u.i "
    "RETURNING p.book_id, p.payment_id, p.receiving_account_id, p.asked, p.waived, p.received, p.state, p.created_at, p.expires_at), "
    "closed AS (DELETE FROM open_request o USING written w WHERE o.book_id = w.book_id AND o.payment_id = w.payment_id "
    "AND NOT w." CHO40_IS_OPEN ") " CHO40_OPEN_REQUEST
    " ON CONFLICT (book_id, payment_id) DO UPDATE SET lacking = excluded.lacking, expires_at = excluded.expires_at"};
inline constexpr postgres::Statement insert_credits{
    "pay_insert_credits",
    "INSERT INTO bank_credit (book_id, credit_id, dedupe_key, receiving_account_id, owner_id, rail_account_id, provider_id, "
    "bank_reference, amount, narrative, squeezed, payer_name, payer_account_tail, payer_bank, booked_at, received_at, payment_id, outcome, "
    "reason, suggested_payment_id, refund_due, inbox_id, match_rule, match_from, match_length, match_version) "
    "SELECT b, i, d, a, o, l, p, f, n, t, q, y, z, k, m, r, x, 1, w, g, e, h, j, s, u, v FROM unnest($1::int8[], $2::uuid[], $3::bytea[], $4::uuid[], "
    "$5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::int8[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], "
    "$15::timestamptz[], $16::timestamptz[], $17::uuid[], $18::text[], $19::uuid[], $20::int8[], $21::uuid[], $22::int2[], $23::int4[], "
    "$24::int4[], $25::int2[]) AS c(b, i, d, a, o, l, p, f, n, t, q, y, z, k, m, r, x, w, g, e, h, j, s, u, v)"};
inline constexpr postgres::Statement assign_credits{
    "pay_assign_credits",
    "UPDATE bank_credit c SET payment_id = u.p, reason = u.r, refund_due = u.d, match_rule = 8, match_from = 0, match_length = 0, "
    "match_version = $6 FROM unnest($1::int8[], $2::uuid[], $3::uuid[], $4::text[], $5::int8[]) AS u(b, i, p, r, d) "
    "WHERE c.book_id = u.b AND c.credit_id = u.i"};
inline constexpr postgres::Statement repeat_credits{
    "pay_repeat_credits", "UPDATE bank_credit c SET repeats = c.repeats + u.n FROM "
                          "(SELECT b, i, count(*)::int4 AS n FROM unnest($1::int8[], $2::uuid[]) AS x(b, i) GROUP BY b, i) u "
                          "WHERE c.book_id = u.b AND c.credit_id = u.i"};
// What was found out stays, but for what was to be asked again.
inline constexpr postgres::Statement insert_matches{
    "pay_insert_matches",
    "INSERT INTO rail_match AS m (book_id, inbox_id, outcome, credit_id, matched_at) "
    "SELECT DISTINCT ON (b, i) b, i, o, c, t FROM unnest($1::int8[], $2::uuid[], $3::text[], $4::uuid[], $5::timestamptz[]) "
    "AS u(b, i, o, c, t) ORDER BY b, i, t "
    "ON CONFLICT (book_id, inbox_id) DO UPDATE SET outcome = EXCLUDED.outcome, credit_id = EXCLUDED.credit_id, "
    "matched_at = EXCLUDED.matched_at WHERE m.outcome IN ('unknown_account', 'series_exhausted')"};

}  // namespace cho40::stores::sql
