#pragma once
#include "adapters/postgres/statement.h"

namespace cho40::stores::sql {

// Columns of a payment request, in the order read_request() expects them.
#define CHO40_REQUEST_COLUMNS                                                                                                              \
    "p.book_id, p.payment_id, p.payee_kind, p.payee_id, p.owner_ordinal, p.receiving_account_id, p.code, p.asked, "                        \
    "p.received, p.waived, p.state, p.reason, p.note, p.client_ref, p.qr_payload, p.created_by, p.created_at, "                            \
    "p.expires_at, p.since, p.version"
// Second payments of a settled request: summed where people look, not on the way of a notification.
#define CHO40_REQUEST_DUPLICATES                                                                                                           \
    ", (SELECT coalesce(sum(c.amount), 0)::int8 FROM bank_credit c WHERE c.book_id = p.book_id "                                           \
    "AND c.payment_id = p.payment_id AND c.reason = 'duplicate') "
#define CHO40_NO_DUPLICATES ", 0::int8 "

inline constexpr postgres::Statement find_account{
    "pay_find_account",
    "SELECT book_id, receiving_account_id, owner_kind, owner_id, owner_ordinal, bank_bin, account_number, holder_name "
    "FROM receiving_account WHERE book_id = $1 AND account_number = ANY ($2) ORDER BY account_number = $3 DESC LIMIT 1"};
inline constexpr postgres::Statement find_known_credit{"pay_find_known_credit",
                                                       "SELECT credit_id FROM bank_credit WHERE book_id = $1 AND dedupe_key = $2"};
inline constexpr postgres::Statement find_alike_credits{
    "pay_find_alike_credits",
    "SELECT c.credit_id, r.rail, c.provider_id, a.account_number, c.amount, c.booked_at, c.bank_reference, c.narrative, c.payment_id "
    "FROM receiving_account a "
    "JOIN bank_credit c ON c.book_id = a.book_id AND c.receiving_account_id = a.receiving_account_id "
    "JOIN rail_account r ON r.book_id = c.book_id AND r.rail_account_id = c.rail_account_id "
    "WHERE a.book_id = $1 AND a.account_number = ANY ($2) AND c.amount = $3 AND c.booked_at BETWEEN $4 AND $5 LIMIT 50"};
inline constexpr postgres::Statement find_requests_by_code{
    "pay_find_requests_by_code", "SELECT " CHO40_REQUEST_COLUMNS CHO40_NO_DUPLICATES "FROM payment_request p "
                                 "JOIN receiving_account a ON a.book_id = p.book_id AND a.receiving_account_id = p.receiving_account_id "
                                 "WHERE p.book_id = $1 AND p.code = ANY ($2) AND a.account_number = ANY ($3)"};
inline constexpr postgres::Statement find_open_requests{
    "pay_find_open_requests",
    "SELECT " CHO40_REQUEST_COLUMNS CHO40_NO_DUPLICATES "FROM payment_request p "
    "JOIN receiving_account a ON a.book_id = p.book_id AND a.receiving_account_id = p.receiving_account_id "
    "WHERE p.book_id = $1 AND a.account_number = ANY ($2) AND p.state IN (0, 1, 2, 3) AND p.created_at > $3 LIMIT 50"};
inline constexpr postgres::Statement find_request{"pay_find_request", "SELECT " CHO40_REQUEST_COLUMNS CHO40_REQUEST_DUPLICATES
                                                                      "FROM payment_request p WHERE p.payment_id = $1"};
inline constexpr postgres::Statement find_by_client_ref{
    "pay_find_by_client_ref", "SELECT payment_id FROM payment_request WHERE book_id = $1 AND payee_id = $2 AND client_ref = $3"};
inline constexpr postgres::Statement find_due_to_expire{"pay_find_due_to_expire",
                                                        "SELECT " CHO40_REQUEST_COLUMNS CHO40_NO_DUPLICATES "FROM payment_request p "
                                                        "WHERE p.state IN (0, 1) AND p.expires_at <= $1 ORDER BY p.expires_at LIMIT $2"};
inline constexpr postgres::Statement list_requests{
    "pay_list_requests", "SELECT " CHO40_REQUEST_COLUMNS CHO40_REQUEST_DUPLICATES "FROM payment_request p "
                         "WHERE p.book_id = $1 AND p.payee_id = $2 AND (cardinality($3::int2[]) = 0 OR p.state = ANY ($3)) "
                         "AND p.created_at >= $4 AND p.created_at < $5 AND ($6::uuid IS NULL OR p.payment_id < $6) "
                         "ORDER BY p.payment_id DESC LIMIT $7"};

// Rails besides the credit's own that told of the same money; rail_inbox_retold_idx makes it a look-up for each credit.
#define CHO40_OTHER_RAILS                                                                                                                  \
    "ARRAY(SELECT DISTINCT t.rail FROM rail_inbox n "                                                                                      \
    "JOIN rail_account t ON t.book_id = n.book_id AND t.rail_account_id = n.rail_account_id "                                              \
    "WHERE n.book_id = c.book_id AND n.credit_id = c.credit_id AND n.outcome IN ('repeated', 'linked') "                                   \
    "AND t.rail <> r.rail ORDER BY 1)"
#define CHO40_CREDIT_COLUMNS                                                                                                               \
    "c.credit_id, c.book_id, c.owner_id, c.payment_id, c.suggested_payment_id, c.amount, c.reason, r.rail, "                               \
    "c.bank_reference, c.narrative, c.payer_name, c.payer_bank, c.booked_at, c.received_at, p.asked, p.code, p.note, c.refund_due, " CHO40_OTHER_RAILS
#define CHO40_CREDIT_JOINS                                                                                                                 \
    "FROM bank_credit c "                                                                                                                  \
    "JOIN rail_account r ON r.book_id = c.book_id AND r.rail_account_id = c.rail_account_id "                                              \
    "LEFT JOIN payment_request p ON p.book_id = c.book_id AND p.payment_id = c.payment_id "
inline constexpr postgres::Statement credits_of_request{
    "pay_credits_of_request", "SELECT " CHO40_CREDIT_COLUMNS " " CHO40_CREDIT_JOINS
                              "WHERE c.book_id = $1 AND c.payment_id = $2 ORDER BY c.received_at, c.credit_id LIMIT 200"};
inline constexpr postgres::Statement credits_between{
    "pay_credits_between",
    "SELECT " CHO40_CREDIT_COLUMNS " " CHO40_CREDIT_JOINS
    "WHERE c.book_id = $1 AND c.owner_id = $2 AND c.booked_at >= $3 AND c.booked_at < $4 ORDER BY c.booked_at, c.credit_id LIMIT 5000"};

inline constexpr postgres::Statement insert_requests{
    "pay_insert_requests",
    "INSERT INTO payment_request (book_id, payment_id, payee_kind, payee_id, owner_ordinal, receiving_account_id, code, asked, state, "
    "reason, note, client_ref, qr_payload, created_by, created_at, expires_at, since, version) "
    "SELECT b, i, k, p, o, a, c, n, s, '', t, r, q, u, m, x, m, v FROM unnest($1::int8[], $2::uuid[], $3::int2[], $4::uuid[], $5::int8[], "
    "$6::uuid[], $7::text[], $8::int8[], $9::int2[], $10::text[], $11::text[], $12::text[], $13::uuid[], $14::timestamptz[], "
    "$15::timestamptz[], $16::int8[]) AS u(b, i, k, p, o, a, c, n, s, t, r, q, u, m, x, v)"};
// Every change of a request goes through the ledger's writer under a version guard, so the newest row of a batch wins.
inline constexpr postgres::Statement update_requests{
    "pay_update_requests",
    "UPDATE payment_request p SET received = u.r, waived = u.w, state = u.s, reason = u.t, since = u.m, version = u.v, expires_at = u.e "
    "FROM (SELECT DISTINCT ON (b, i) b, i, r, w, s, t, m, v, e FROM unnest($1::int8[], $2::uuid[], $3::int8[], $4::int8[], $5::int2[], "
    "$6::text[], $7::timestamptz[], $8::int8[], $9::timestamptz[]) AS x(b, i, r, w, s, t, m, v, e) ORDER BY b, i, v DESC) u "
    "WHERE p.book_id = u.b AND p.payment_id = u.i"};
inline constexpr postgres::Statement insert_credits{
    "pay_insert_credits",
    "INSERT INTO bank_credit (book_id, credit_id, dedupe_key, receiving_account_id, owner_id, rail_account_id, provider_id, "
    "bank_reference, amount, narrative, squeezed, payer_name, payer_account_tail, payer_bank, booked_at, received_at, payment_id, outcome, "
    "reason, suggested_payment_id, refund_due) "
    "SELECT b, i, d, a, o, l, p, f, n, t, q, y, z, k, m, r, x, 1, w, g, e FROM unnest($1::int8[], $2::uuid[], $3::bytea[], $4::uuid[], "
    "$5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::int8[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], "
    "$15::timestamptz[], $16::timestamptz[], $17::uuid[], $18::text[], $19::uuid[], $20::int8[]) "
    "AS u(b, i, d, a, o, l, p, f, n, t, q, y, z, k, m, r, x, w, g, e)"};
inline constexpr postgres::Statement repeat_credits{
    "pay_repeat_credits", "UPDATE bank_credit c SET repeats = c.repeats + u.n FROM "
                          "(SELECT b, i, count(*)::int4 AS n FROM unnest($1::int8[], $2::uuid[]) AS x(b, i) GROUP BY b, i) u "
                          "WHERE c.book_id = u.b AND c.credit_id = u.i"};
inline constexpr postgres::Statement insert_inbox{
    "pay_insert_inbox",
    "INSERT INTO rail_inbox (book_id, inbox_id, rail_account_id, received_at, headers, body, outcome, credit_id) "
    "SELECT b, i, l, r, h, y, o, c FROM unnest($1::int8[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::jsonb[], $6::bytea[], "
    "$7::text[], $8::uuid[]) AS u(b, i, l, r, h, y, o, c)"};

}  // namespace cho40::stores::sql
