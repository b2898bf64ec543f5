#pragma once
#include "adapters/postgres/statement.h"

namespace cho40::stores::sql {

inline constexpr postgres::Statement recon_partners{
    "rec_partners",
    "SELECT DISTINCT ON (r.rail_account_id) r.book_id, r.rail_account_id, r.name, r.channel, m.market_id, g.agency_id FROM rail_account r "
    "LEFT JOIN market m ON m.book_id = r.book_id LEFT JOIN agency g ON g.book_id = r.book_id "
    "WHERE NOT r.disabled AND ($1::uuid IS NULL OR r.rail_account_id = $1) ORDER BY r.rail_account_id LIMIT 5000"};
inline constexpr postgres::Statement recon_accounts{
    "rec_accounts", "SELECT account_number FROM receiving_account WHERE book_id = $1 AND ($2 = 0 OR channel = $2)"};
// A credit belongs to the channel of the account it came to, whoever told of it first.
inline constexpr postgres::Statement recon_credits{
    "rec_credits",
    "SELECT c.credit_id, c.amount, c.booked_at, c.bank_reference, c.provider_id, c.rail_account_id, a.account_number, coalesce(p.code, '') "
    "FROM receiving_account a "
    "JOIN bank_credit c ON c.book_id = a.book_id AND c.owner_id = a.owner_id AND c.receiving_account_id = a.receiving_account_id "
    "LEFT JOIN payment_request p ON p.book_id = c.book_id AND p.payment_id = c.payment_id "
    "WHERE a.book_id = $1 AND a.channel = $2 AND c.booked_at >= $3 AND c.booked_at < $4 ORDER BY c.booked_at, c.credit_id"};

#define CHO40_RECON_FILE_COLUMNS                                                                                                           \
    "book_id, file_id, partner, side, business_date, revision, sha256, size, result, in_force, detail, detail_line, "                      \
    "lines, sum, accounts, balances, received_at, received_by "
inline constexpr postgres::Statement recon_file_with{
    "rec_file_with", "SELECT " CHO40_RECON_FILE_COLUMNS "FROM recon_file WHERE book_id = $1 AND partner = $2 AND sha256 = $3"};
inline constexpr postgres::Statement recon_files_between{
    "rec_files_between", "SELECT " CHO40_RECON_FILE_COLUMNS
                         "FROM recon_file WHERE book_id IN (SELECT book_id FROM rail_account WHERE rail_account_id = ANY ($1)) "
                         "AND partner = ANY ($1) AND business_date BETWEEN $2 AND $3 ORDER BY received_at, file_id"};
inline constexpr postgres::Statement recon_find_file{
    "rec_find_file",
    "SELECT " CHO40_RECON_FILE_COLUMNS "FROM recon_file WHERE book_id IN (SELECT book_id FROM rail_account) AND file_id = $1"};
inline constexpr postgres::Statement recon_file_bytes{"rec_file_bytes", "SELECT bytes FROM recon_file WHERE book_id = $1 AND file_id = $2"};
inline constexpr postgres::Statement recon_count_files{"rec_count_files",
                                                       "SELECT count(*) FROM recon_file WHERE book_id = $1 AND partner = $2"};
inline constexpr postgres::Statement recon_count_runs{
    "rec_count_runs", "SELECT count(*) FROM recon_run WHERE book_id = $1 AND partner = $2 AND business_date = $3"};
inline constexpr postgres::Statement recon_newest_runs{
    "rec_newest_runs",
    "SELECT DISTINCT ON (partner) book_id, run_id, partner, business_date, as_of, summary, started_by, created_at FROM recon_run "
    "WHERE book_id IN (SELECT book_id FROM rail_account WHERE rail_account_id = ANY ($1)) AND partner = ANY ($1) AND business_date = $2 "
    "ORDER BY partner, created_at DESC, run_id DESC"};
// Places count from 0; what lies behind the last one is not there.
inline constexpr postgres::Statement recon_run_matches{
    "rec_run_matches", "SELECT book_id, run_id, partner, business_date, as_of, summary, started_by, created_at, "
                       "jsonb_path_query_array(result #> ARRAY['checkpoints', '0', 'matches', $2], '$[$first to $last]', "
                       "jsonb_build_object('first', $3::int8, 'last', $4::int8)) "
                       "FROM recon_run WHERE book_id IN (SELECT book_id FROM rail_account) AND run_id = $1"};
inline constexpr postgres::Statement insert_recon_files{
    "rec_insert_files",
    "INSERT INTO recon_file (book_id, file_id, partner, side, business_date, revision, sha256, bytes, size, result, in_force, detail, "
    "detail_line, lines, sum, accounts, balances, received_at, received_by) "
    "SELECT * FROM unnest($1::int8[], $2::uuid[], $3::uuid[], $4::int2[], $5::date[], $6::int4[], $7::bytea[], $8::bytea[], $9::int8[], "
    "$10::text[], $11::bool[], $12::text[], $13::int4[], $14::int8[], $15::int8[], $16::jsonb[], $17::jsonb[], $18::timestamptz[], $19::uuid[])"};
inline constexpr postgres::Statement supersede_recon_files{
    "rec_supersede_files",
    "UPDATE recon_file f SET in_force = false FROM unnest($1::int8[], $2::uuid[]) AS u(b, i) WHERE f.book_id = u.b AND f.file_id = u.i"};
inline constexpr postgres::Statement insert_recon_runs{
    "rec_insert_runs",
    "INSERT INTO recon_run (book_id, run_id, partner, business_date, as_of, summary, result, started_by, created_at) "
    "SELECT * FROM unnest($1::int8[], $2::uuid[], $3::uuid[], $4::date[], $5::timestamptz[], $6::jsonb[], $7::jsonb[], $8::uuid[], "
    "$9::timestamptz[])"};
}  // namespace cho40::stores::sql
