#pragma once
#include "adapters/postgres/statement.h"

namespace cho40::stores::sql {

// In the order read_refund() expects them.
#define CHO40_REFUND_COLUMNS                                                                                                               \
    "f.book_id, f.refund_id, f.payment_id, f.payee_id, f.owner_ordinal, f.receiving_account_id, f.place, f.code, f.amount, f.from_owed, "  \
    "f.method, f.state, f.state_reason, f.reason_code, f.reason_text, f.approval_from, f.made_by, f.made_by_owner, f.decided_by, "         \
    "f.decided_at, f.created_at, f.since, f.version, f.transfer_key, f.rail, f.provider_id, f.bank_reference, f.narrative, f.booked_at, "  \
    "f.evidence, f.entered_by, a.account_number, "                                                                                         \
    "(SELECT sum(s.version)::int8 FROM refund s WHERE s.book_id = f.book_id AND s.payment_id = f.payment_id), "                            \
    "f.subject_kind, f.parts, f.return_key, f.return_rail, f.return_provider_id, f.return_reference, f.return_narrative, f.return_booked_at"
inline constexpr int refund_columns = 41;
#define CHO40_REFUND_ACCOUNT "JOIN receiving_account a ON a.book_id = f.book_id AND a.receiving_account_id = f.receiving_account_id "

inline constexpr postgres::Statement find_refund{"refund_find", "SELECT " CHO40_REFUND_COLUMNS " FROM refund f " CHO40_REFUND_ACCOUNT
                                                                "WHERE f.refund_id = $1"};
inline constexpr postgres::Statement refunds_of{"refund_of", "SELECT " CHO40_REFUND_COLUMNS " FROM refund f " CHO40_REFUND_ACCOUNT
                                                             "WHERE f.book_id = $1 AND f.payment_id = $2 ORDER BY f.place"};
inline constexpr postgres::Statement refunds_paid_between{
    "refund_paid_between", "SELECT " CHO40_REFUND_COLUMNS " FROM refund f " CHO40_REFUND_ACCOUNT
                           "WHERE f.book_id = $1 AND f.payee_id = $2 AND f.booked_at >= $3 AND f.booked_at < $4 AND f.state = 4 "
                           "ORDER BY f.booked_at, f.refund_id LIMIT 5000"};
// $1 which query, $2 book, $3 account number, $4 code: refunds that leave the account the money left.
inline constexpr postgres::Statement refunds_by_code{
    "refund_by_code",
    "SELECT " CHO40_REFUND_COLUMNS ", q.i FROM unnest($1::int8[], $2::int8[], $3::text[], "
    "$4::text[]) AS q(i, b, n, c) JOIN refund f ON f.book_id = q.b AND f.code = q.c " CHO40_REFUND_ACCOUNT "WHERE a.account_number = q.n"};
// $1 which query, $2 book, $3 key of the transfer that paid one, or of the credit that sent it back.
inline constexpr postgres::Statement refunds_by_transfer{
    "refund_by_transfer", "SELECT " CHO40_REFUND_COLUMNS ", q.i FROM unnest($1::int8[], $2::int8[], $3::bytea[]) AS q(i, b, k) "
                          "JOIN refund f ON f.book_id = q.b AND (f.transfer_key = q.k OR f.return_key = q.k) " CHO40_REFUND_ACCOUNT};
inline constexpr postgres::Statement received_for_payment{
    "refund_received_for_payment", "SELECT coalesce(sum(amount), 0)::int8, coalesce(sum(refund_due), 0)::int8, "
                                   "(SELECT account_number FROM receiving_account WHERE book_id = $1 AND receiving_account_id = $3) "
                                   "FROM bank_credit WHERE book_id = $1 AND payment_id = $2"};
inline constexpr postgres::Statement refund_paid_by{"refund_find_paid_by",
                                                    "SELECT refund_id FROM refund WHERE book_id = $1 AND transfer_key = $2"};
// The credits of a payment, of a notice, or the credit itself: $1 book, $2 the id of any of them.
#define CHO40_REFUNDED_CREDITS                                                                                                             \
    "(SELECT * FROM bank_credit WHERE book_id = $1 AND payment_id = $2 UNION ALL "                                                         \
    "SELECT * FROM bank_credit WHERE book_id = $1 AND credit_id = $2 UNION ALL "                                                           \
    "SELECT d.* FROM payment_request p JOIN bank_credit d ON d.book_id = p.book_id AND d.payment_id = p.payment_id "                       \
    "WHERE p.book_id = $1 AND p.payee_kind = 2 AND p.payee_id = $2) c "
// Who paid each of them, as each rail told it, in the order they were told.
inline constexpr postgres::Statement payers_of_refund{
    "refund_payers", "SELECT c.credit_id, r.rail, n.payer_name, n.payer_account, n.payer_bank FROM " CHO40_REFUNDED_CREDITS
                     "CROSS JOIN LATERAL (SELECT c.inbox_id UNION SELECT m.inbox_id FROM rail_match m WHERE m.book_id = c.book_id "
                     "AND m.credit_id = c.credit_id AND m.outcome IN ('repeated', 'linked')) t(inbox_id) "
                     "JOIN rail_inbox n ON n.book_id = c.book_id AND n.inbox_id = t.inbox_id "
                     "JOIN rail_account r ON r.book_id = n.book_id AND r.rail_account_id = n.rail_account_id "
                     "ORDER BY c.received_at, c.credit_id, n.inbox_id <> c.inbox_id, n.received_at, n.inbox_id LIMIT 1000"};
// $2 refunds. A transfer may be another refund's by now: a person has entered it there.
inline constexpr postgres::Statement tellings_of_refunds{
    "refund_tellings",
    "SELECT t.refund_id, r.rail, n.provider_id, n.account_number, n.direction, n.amount, n.booked_at, n.bank_reference, n.narrative, "
    "t.outcome, t.match_rule, t.match_from, t.match_length, t.match_version, "
    "n.bank_reference <> '' AND EXISTS (SELECT 1 FROM refund f JOIN refund o ON o.book_id = f.book_id AND o.payment_id = f.payment_id "
    "AND o.refund_id <> f.refund_id WHERE f.book_id = t.book_id AND f.refund_id = t.refund_id AND o.transfer_key IS NOT NULL "
    "AND upper(o.bank_reference) = upper(n.bank_reference)) "
    "FROM refund_telling t JOIN rail_inbox n ON n.book_id = t.book_id AND n.inbox_id = t.inbox_id "
    "JOIN rail_account r ON r.book_id = n.book_id AND r.rail_account_id = n.rail_account_id "
    "WHERE t.book_id = $1 AND t.refund_id = ANY ($2) ORDER BY t.told_at, t.inbox_id LIMIT 2000"};
// Of a payee: for which money left in [$3, $4) that is not simply theirs. A rail tells of a transfer after it was booked, by whichever
// clock: a day less is early enough for every rail.
inline constexpr postgres::Statement refunds_differing_between{
    "refund_differing_between",
    "SELECT " CHO40_REFUND_COLUMNS " FROM refund f " CHO40_REFUND_ACCOUNT
    "WHERE f.book_id = $1 AND f.payee_id = $2 AND f.refund_id IN (SELECT t.refund_id FROM refund_telling t "
    "JOIN rail_inbox n ON n.book_id = t.book_id AND n.inbox_id = t.inbox_id WHERE t.book_id = $1 AND t.outcome = 'refund_differs' "
    "AND t.told_at >= $3::timestamptz - interval '1 day' AND n.direction = 2 AND n.booked_at >= $3 AND n.booked_at < $4) "
    "ORDER BY f.created_at, f.refund_id LIMIT 1000"};
// Of a payee: asked for before $3 and not paid yet.
inline constexpr postgres::Statement refunds_open{"refund_open",
                                                  "SELECT " CHO40_REFUND_COLUMNS " FROM refund f " CHO40_REFUND_ACCOUNT
                                                  "WHERE f.book_id = $1 AND f.payee_id = $2 AND f.created_at < $3 "
                                                  "AND f.state IN (0, 1, 2, 3) ORDER BY f.created_at, f.refund_id LIMIT 1000"};
// That wait for a second person at any of these places: $1 payees (stalls, agencies), $2 markets, $3 everywhere, $4 behind this one.
inline constexpr postgres::Statement refunds_waiting{
    "refund_waiting",
    "SELECT " CHO40_REFUND_COLUMNS ", s.number, s.name, m.market_id, m.name, g.name, coalesce(u.name, k.name, ''), p.code, p.received "
    "FROM refund f " CHO40_REFUND_ACCOUNT "LEFT JOIN stall s ON s.book_id = f.book_id AND s.stall_id = f.payee_id "
    "LEFT JOIN market m ON m.book_id = s.book_id AND m.market_id = s.market_id "
    "LEFT JOIN agency g ON g.book_id = f.book_id AND g.agency_id = f.payee_id "
    "LEFT JOIN app_user u ON u.user_id = f.made_by LEFT JOIN api_key k ON k.key_id = f.made_by "
    "LEFT JOIN payment_request p ON p.book_id = f.book_id AND p.payment_id = f.payment_id "
    "WHERE f.state = 0 AND ($3 OR f.payee_id = ANY ($1) OR s.market_id = ANY ($2)) AND ($4::uuid IS NULL OR f.refund_id > $4) "
    "ORDER BY f.refund_id LIMIT $5"};
// Of a stall: too much or a second payment that came before $3, less what its refunds hold of it.
inline constexpr postgres::Statement surpluses_left{
    "refund_surpluses_left",
    "SELECT c.payment_id, p.code, c.owed - c.refunded, c.since FROM (SELECT s.payment_id, sum(s.refund_due)::int8 AS owed, "
    "coalesce((SELECT sum(f.from_owed)::int8 FROM refund f WHERE f.book_id = $1 AND f.payment_id = s.payment_id "
    "AND f.state IN (0, 1, 2, 3, 4)), 0) AS refunded, min(s.booked_at) AS since FROM bank_credit s WHERE s.book_id = $1 AND s.owner_id = $2 "
    "AND s.booked_at < $3 AND s.refund_due > 0 AND s.payment_id IS NOT NULL GROUP BY s.payment_id) c "
    "JOIN payment_request p ON p.book_id = $1 AND p.payment_id = c.payment_id WHERE c.owed > c.refunded "
    "ORDER BY c.since, c.payment_id LIMIT 1000"};

inline constexpr postgres::Statement refund_sources{
    "refund_sources", "SELECT c.rail_account_id, c.bank_reference, a.bank_bin, a.account_number, c.amount FROM " CHO40_REFUNDED_CREDITS
                      "JOIN receiving_account a ON a.book_id = c.book_id AND a.receiving_account_id = c.receiving_account_id "
                      "ORDER BY c.received_at LIMIT 10"};
inline constexpr postgres::Statement refunds_to_call{"refund_to_call", "SELECT " CHO40_REFUND_COLUMNS " FROM refund f " CHO40_REFUND_ACCOUNT
                                                                       "WHERE f.state = 1 AND f.method = 2 ORDER BY f.created_at LIMIT $1"};
inline constexpr postgres::Statement refund_access{
    "refund_access", "SELECT sealed_secret FROM rail_refund_access WHERE book_id = $1 AND rail_account_id = $2"};
inline constexpr postgres::Statement insert_refund_access{
    "refund_insert_access",
    "INSERT INTO rail_refund_access AS r (book_id, rail_account_id, sealed_secret, created_at) SELECT DISTINCT ON (b, i) b, i, s, t "
    "FROM unnest($1::int8[], $2::uuid[], $3::bytea[], $4::timestamptz[]) AS u(b, i, s, t) ORDER BY b, i, t DESC "
    "ON CONFLICT (book_id, rail_account_id) DO UPDATE SET sealed_secret = EXCLUDED.sealed_secret, created_at = EXCLUDED.created_at"};

inline constexpr postgres::Statement insert_refunds{
    "refund_insert",
    "INSERT INTO refund (book_id, refund_id, payment_id, payee_id, owner_ordinal, receiving_account_id, place, code, amount, from_owed, "
    "method, state, reason_code, reason_text, approval_from, made_by, made_by_owner, created_at, since, version, "
    "subject_kind, parts) SELECT * FROM unnest($1::int8[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int8[], $6::uuid[], $7::int4[], $8::text[], $9::int8[], "
    "$10::int8[], $11::int2[], $12::int2[], $13::text[], $14::text[], $15::int8[], $16::uuid[], $17::uuid[], $18::timestamptz[], "
    "$19::timestamptz[], $20::int8[], $21::int2[], $22::jsonb[])"};
// Every change goes through the ledger's writer under a version guard, so the newest row of a batch wins.
inline constexpr postgres::Statement update_refunds{
    "refund_update",
    "UPDATE refund f SET state = u.s, state_reason = u.r, since = u.m, version = u.v, decided_by = u.d, decided_at = u.e, "
    "transfer_key = u.k, rail = u.l, provider_id = u.p, bank_reference = u.n, narrative = u.t, booked_at = u.o, evidence = u.x, "
    "entered_by = u.y, return_key = u.rk, return_rail = u.rl, return_provider_id = u.rp, return_reference = u.rn, return_narrative = u.rt, "
    "return_booked_at = u.ro FROM (SELECT DISTINCT ON (b, i) * FROM unnest($1::int8[], $2::uuid[], $3::int2[], $4::text[], $5::timestamptz[], "
    "$6::int8[], $7::uuid[], $8::timestamptz[], $9::bytea[], $10::text[], $11::text[], $12::text[], $13::text[], $14::timestamptz[], "
    "$15::text[], $16::uuid[], $17::bytea[], $18::text[], $19::text[], $20::text[], $21::text[], $22::timestamptz[]) "
    "AS z(b, i, s, r, m, v, d, e, k, l, p, n, t, o, x, y, rk, rl, rp, rn, rt, ro) ORDER BY b, i, v DESC) u "
    "WHERE f.book_id = u.b AND f.refund_id = u.i"};
inline constexpr postgres::Statement insert_tellings{
    "refund_insert_tellings", "INSERT INTO refund_telling (book_id, inbox_id, refund_id, outcome, match_rule, match_from, match_length, "
                              "match_version, told_at) SELECT * FROM unnest($1::int8[], $2::uuid[], $3::uuid[], $4::text[], $5::int2[], "
                              "$6::int4[], $7::int4[], $8::int2[], $9::timestamptz[]) ON CONFLICT (book_id, inbox_id) DO NOTHING"};

}  // namespace cho40::stores::sql
