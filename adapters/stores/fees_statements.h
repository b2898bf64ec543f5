#pragma once
#include "adapters/postgres/statement.h"

namespace cho40::stores::sql {

// Columns in the order read_agency() and read_notice() expect them.
#define CHO40_AGENCY_COLUMNS                                                                                                               \
    "a.book_id, a.agency_id, a.owner_ordinal, a.code, a.name, a.name_en, a.address, a.phone, a.tax_code, a.chapter, "                      \
    "a.area_code, a.collecting_office, a.treasury_code, a.treasury_account, a.letters_phi, a.letters_le_phi, "                             \
    "a.pays_before, a.created_at, a.version, r.receiving_account_id, r.bank_bin, r.account_number, r.holder_name, r.channel"
// Its own account; what a platform collects for it stands on one without a bank.
#define CHO40_AGENCY_JOINS "JOIN receiving_account r ON r.book_id = a.book_id AND r.owner_id = a.agency_id AND r.bank_bin <> '' "
#define CHO40_NOTICE_SELECT                                                                                                                \
    "SELECT " CHO40_AGENCY_COLUMNS ", n.notice_id, n.code, n.dossier_code, n.procedure_code, n.procedure_name, "                           \
    "n.procedure_name_en, n.payer_name, n.channel, n.personas, n.total, n.lines, n.due_date, n.valid_until, n.state, "                     \
    "n.received, n.given_back, n.owed_back, n.seen, n.reason, n.payment_id, n.paid_at, n.dossier_state, "                                  \
    "n.dossier_told_at, n.dossier_tries, n.dossier_next_at, n.created_by, n.created_at, n.since, n.version "                               \
    "FROM fee_notice n JOIN agency a ON a.book_id = n.book_id AND a.agency_id = n.agency_id " CHO40_AGENCY_JOINS
#define CHO40_RECEIPT_SELECT                                                                                                               \
    "SELECT receipt_id, kind, form, symbol, number, lookup_code, amount, printed, state, issued_at, payment_id, "                          \
    "book_id, transfer_id, (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', e.kind, 'refund', e.refund_id, 'amount', e.amount, "      \
    "'lines', e.lines, 'at', (extract(epoch FROM e.entered_at) * 1000000)::int8) ORDER BY e.entered_at, e.kind), '[]') "                   \
    "FROM receipt_entry e WHERE e.book_id = receipt.book_id AND e.receipt_id = receipt.receipt_id), agency_id, notice_id, state_reason, "  \
    "replaced_by, (SELECT jsonb_build_object('form', n.form, 'symbol', n.symbol, 'number', n.number) FROM receipt n "                      \
    "WHERE n.book_id = receipt.book_id AND n.receipt_id = receipt.replaced_by) FROM receipt "

inline constexpr postgres::Statement find_agency{"fee_find_agency", "SELECT " CHO40_AGENCY_COLUMNS " FROM agency a " CHO40_AGENCY_JOINS
                                                                    "WHERE a.agency_id = $1"};
inline constexpr postgres::Statement find_agency_by_code{"fee_find_agency_by_code",
                                                         "SELECT " CHO40_AGENCY_COLUMNS " FROM agency a " CHO40_AGENCY_JOINS
                                                         "WHERE a.code = $1 ORDER BY a.agency_id LIMIT 1"};
inline constexpr postgres::Statement find_notice{"fee_find_notice", CHO40_NOTICE_SELECT "WHERE n.notice_id = $1"};
inline constexpr postgres::Statement find_notice_by_code{"fee_find_notice_by_code", CHO40_NOTICE_SELECT "WHERE n.code = $1"};
inline constexpr postgres::Statement list_notices{
    "fee_list_notices",
    CHO40_NOTICE_SELECT "WHERE n.book_id = $1 AND n.agency_id = $2 AND (cardinality($3::int2[]) = 0 OR n.state = ANY ($3)) "
                        "AND ($4::uuid IS NULL OR n.notice_id < $4) ORDER BY n.notice_id DESC LIMIT $5"};
inline constexpr postgres::Statement find_dossiers_to_tell{"fee_dossiers_to_tell", CHO40_NOTICE_SELECT
                                                           "WHERE n.dossier_next_at <= $1 ORDER BY n.dossier_next_at LIMIT $2"};
inline constexpr postgres::Statement find_receipts_of_notice{"fee_receipts_of_notice", CHO40_RECEIPT_SELECT
                                                             "WHERE book_id = $1 AND notice_id = $2 ORDER BY kind, receipt_id"};
inline constexpr postgres::Statement find_receipts_between{
    "fee_receipts_between", CHO40_RECEIPT_SELECT
    "WHERE book_id = $1 AND agency_id = $2 AND ((issued_at >= $3 AND issued_at < $4) OR EXISTS (SELECT 1 FROM receipt_entry e "
    "WHERE e.book_id = receipt.book_id AND e.receipt_id = receipt.receipt_id AND e.entered_at >= $3 AND e.entered_at < $4)) "
    "ORDER BY form, symbol, number LIMIT $5"};
inline constexpr postgres::Statement last_receipt_number{
    "fee_last_receipt_number",
    "SELECT coalesce(max(next_number), 1)::int8 - 1 FROM receipt_series WHERE book_id = $1 AND agency_id = $2 AND form = $3 AND symbol = $4"};
inline constexpr postgres::Statement find_receipt_by_code{"fee_receipt_by_code", CHO40_RECEIPT_SELECT "WHERE lookup_code = $1"};

// The book, the agency and its account at once: each has one row for each element.
inline constexpr postgres::Statement insert_agencies{
    "fee_insert_agencies",
    "WITH u AS (SELECT * FROM unnest($1::int8[], $2::uuid[], $3::int8[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], "
    "$9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::bool[], "
    "$18::timestamptz[], $19::uuid[], $20::text[], $21::text[], $22::text[], $23::int2[]) "
    "AS x(b, i, o, c, n, ne, ad, ph, tx, ch, ar, co, tc, ta, lp, ll, pb, at, ri, bin, num, hol, chan)), "
    "books AS (INSERT INTO book (book_id, kind, name, writer_group, created_at) SELECT b, 2, n, current_setting('cho40.writer_group'), at FROM u), "
    "accounts AS (INSERT INTO receiving_account (book_id, receiving_account_id, owner_kind, owner_id, owner_ordinal, bank_bin, "
    "account_number, holder_name, channel, created_at) SELECT b, ri, 2, i, o, bin, num, hol, chan, at FROM u) "
    "INSERT INTO agency (book_id, agency_id, owner_ordinal, code, name, name_en, address, phone, tax_code, chapter, area_code, "
    "collecting_office, treasury_code, treasury_account, letters_phi, letters_le_phi, pays_before, created_at) "
    "SELECT b, i, o, c, n, ne, ad, ph, tx, ch, ar, co, tc, ta, lp, ll, pb, at FROM u"};
inline constexpr postgres::Statement insert_notices{
    "fee_insert_notices",
    "INSERT INTO fee_notice (book_id, notice_id, agency_id, code, dossier_code, procedure_code, procedure_name, procedure_name_en, "
    "payer_name, channel, personas, total, lines, due_date, valid_until, state, dossier_state, created_by, created_at, since, version) "
    "SELECT * FROM unnest($1::int8[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], "
    "$10::int2[], $11::jsonb[], $12::int8[], $13::jsonb[], $14::date[], $15::timestamptz[], $16::int2[], $17::int2[], $18::uuid[], "
    "$19::timestamptz[], $20::timestamptz[], $21::int8[])"};
// Every change goes through the ledger's writer under a version guard, so the newest row of a batch wins.
inline constexpr postgres::Statement update_notices{
    "fee_update_notices",
    "UPDATE fee_notice n SET state = u.s, received = u.r, given_back = u.g, owed_back = u.o, seen = u.e, reason = u.t, payment_id = u.p, "
    "paid_at = u.pa, dossier_state = u.d, dossier_told_at = u.dt, dossier_tries = u.dn, dossier_next_at = u.dx, since = u.m, version = u.v "
    "FROM (SELECT DISTINCT ON (b, i) * FROM unnest($1::int8[], $2::uuid[], $3::int2[], $4::int8[], $5::int8[], $6::int8[], $7::jsonb[], "
    "$8::text[], $9::uuid[], $10::timestamptz[], $11::int2[], $12::timestamptz[], $13::int4[], $14::timestamptz[], $15::timestamptz[], "
    "$16::int8[]) AS x(b, i, s, r, g, o, e, t, p, pa, d, dt, dn, dx, m, v) ORDER BY b, i, v DESC) u "
    "WHERE n.book_id = u.b AND n.notice_id = u.i"};
inline constexpr postgres::Statement insert_receipt_entries{
    "fee_insert_receipt_entries", "INSERT INTO receipt_entry (book_id, receipt_id, kind, refund_id, amount, lines, entered_at) "
                                  "SELECT * FROM unnest($1::int8[], $2::uuid[], $3::int2[], $4::uuid[], $5::int8[], $6::jsonb[], "
                                  "$7::timestamptz[])"};
// Takes the numbers and writes the receipts in one statement. The series' row is locked until the batch is committed
// and goes back with it when it is not, so numbers have neither gaps nor twins; within a batch they follow the order of
// the commands.
inline constexpr postgres::Statement insert_receipts{
    "fee_insert_receipts",
    "WITH u AS (SELECT *, row_number() OVER (PARTITION BY b, a, f, s ORDER BY o) AS nth, count(*) OVER (PARTITION BY b, a, f, s) AS many "
    "FROM unnest($1::int8[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::int2[], $7::text[], $8::text[], $9::text[], $10::int8[], "
    "$11::jsonb[], $12::int2[], $13::timestamptz[], $14::uuid[]) WITH ORDINALITY AS x(b, i, a, n, p, k, f, s, l, m, pr, st, at, tr, o)), "
    "taken AS (INSERT INTO receipt_series AS rs (book_id, agency_id, form, symbol, next_number) "
    "SELECT DISTINCT b, a, f, s, 1 + many FROM u "
    "ON CONFLICT (book_id, agency_id, form, symbol) DO UPDATE SET next_number = rs.next_number + excluded.next_number - 1 "
    "RETURNING book_id, agency_id, form, symbol, next_number) "
    "INSERT INTO receipt (book_id, receipt_id, agency_id, notice_id, payment_id, kind, form, symbol, number, lookup_code, amount, printed, "
    "state, issued_at, transfer_id) "
    "SELECT b, i, a, n, p, k, f, s, t.next_number - many + nth - 1, l, m, pr, st, at, tr FROM u "
    "JOIN taken t ON t.book_id = u.b AND t.agency_id = u.a AND t.form = u.f AND t.symbol = u.s"};

}  // namespace cho40::stores::sql
