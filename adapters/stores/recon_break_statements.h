#pragma once
#include "adapters/postgres/statement.h"

namespace cho40::stores::sql {

#define CHO40_BREAK_COLUMNS                                                                                                                 \
    "b.book_id, b.break_id, b.partner, b.business_date, b.class, b.members, b.delta, b.at_stake, b.summary, b.owner, b.state, b.assignee, " \
    "b.proposal, b.cause, b.acts, b.last_run, b.opened_at, b.updated_at, b.closed_at, b.version "
// $1 partners, $2 and $9 first and last day, $3 classes, $4 states, $5 assignee, $6 cause, $7 and $8 due until: of batches, of all else.
#define CHO40_BREAK_FILTER                                                                                                                 \
    "FROM recon_break b WHERE b.book_id IN (SELECT book_id FROM rail_account WHERE rail_account_id = ANY ($1::uuid[])) "                   \
    "AND b.partner = ANY ($1) AND ($2::date IS NULL OR b.business_date >= $2) AND ($9::date IS NULL OR b.business_date <= $9) "            \
    "AND (cardinality($3::text[]) = 0 OR b.class = ANY ($3)) AND (cardinality($4::text[]) = 0 OR b.state = ANY ($4)) "                     \
    "AND ($5::uuid IS NULL OR b.assignee = $5) AND ($6::text IS NULL OR b.cause = $6) "                                                    \
    "AND ($7::date IS NULL OR b.business_date <= CASE WHEN b.class IN ('MISSING_AT_BANK', 'SETTLEMENT_AMOUNT_MISMATCH') THEN $7 "          \
    "ELSE $8::date END) "

inline constexpr postgres::Statement recon_list_breaks{"rec_list_breaks",
                                                       "SELECT " CHO40_BREAK_COLUMNS CHO40_BREAK_FILTER
                                                       "AND ($10::timestamptz IS NULL OR (b.opened_at, b.break_id) > ($10, $11::uuid)) "
                                                       "ORDER BY b.opened_at, b.break_id LIMIT $12"};
inline constexpr postgres::Statement recon_count_breaks{
    "rec_count_breaks", "SELECT b.partner, b.business_date, b.class, b.state, b.cause, count(*), sum(b.delta)::int8, "
                        "sum(b.at_stake)::int8 " CHO40_BREAK_FILTER "GROUP BY 1, 2, 3, 4, 5 ORDER BY 2, 3, 4, 1, 5 LIMIT 20000"};
inline constexpr postgres::Statement recon_find_breaks{
    "rec_find_breaks", "SELECT " CHO40_BREAK_COLUMNS "FROM recon_break b WHERE b.book_id IN (SELECT book_id FROM rail_account) "
                       "AND b.break_id = ANY ($1) ORDER BY b.opened_at, b.break_id"};
// The newest act before a moment that changed the state.
#define CHO40_LAST_CHANGE(before)                                                                                                          \
    "LEFT JOIN LATERAL (SELECT a.to_state, a.at FROM recon_break_act a WHERE a.book_id = b.book_id AND a.break_id = b.break_id "           \
    "AND a.from_state <> a.to_state AND a.at < " before " ORDER BY a.number DESC LIMIT 1) "
// Breaks that ended before there were acts say so themselves.
#define CHO40_STATE_AT(of, before)                                                                                                         \
    "coalesce(" of ".to_state, CASE WHEN b.acts = 0 AND b.closed_at < " before " THEN b.state ELSE 'OPEN' END)"
inline constexpr postgres::Statement recon_break_lives{
    "rec_break_lives",
    "SELECT b.partner, b.break_id, b.business_date, b.class, b.delta, b.at_stake, b.cause, b.opened_at, "
    "CASE WHEN b.opened_at < $2 THEN " CHO40_STATE_AT("x", "$2") " END, " CHO40_STATE_AT(
        "y",
        "$3") ", coalesce(y.at, b.closed_at) "
              "FROM recon_break b " CHO40_LAST_CHANGE("$2") "x ON true " CHO40_LAST_CHANGE(
                  "$3") "y ON true "
                        "WHERE b.book_id IN (SELECT book_id FROM rail_account WHERE rail_account_id = ANY ($1::uuid[])) AND b.partner = ANY ($1) "
                        "AND b.opened_at < $3::timestamptz AND ($4::date IS NULL OR b.business_date BETWEEN $4 AND $5::date) "
                        "AND ($4 IS NOT NULL OR b.opened_at >= $2::timestamptz "
                        "OR " CHO40_STATE_AT("x", "$2") " NOT IN ('RESOLVED', 'WRITTEN_OFF', 'AUTO_RESOLVED')) "
                                                        "ORDER BY b.partner, b.business_date, b.break_id LIMIT $6"};
inline constexpr postgres::Statement recon_break_acts{
    "rec_break_acts",
    "SELECT a.number, a.verb, a.by, coalesce(u.name, k.name, ''), a.at, a.from_state, a.to_state, a.reason, a.resolution, a.cause, a.assignee, "
    "a.evidence_name, a.evidence_sha256, a.run, a.before FROM recon_break_act a LEFT JOIN app_user u ON u.user_id = a.by "
    "LEFT JOIN api_key k ON k.key_id = a.by WHERE a.book_id = $1 AND a.break_id = $2 ORDER BY a.number"};
inline constexpr postgres::Statement recon_approval_limit{"rec_approval_limit", "SELECT amount FROM approval_limit WHERE user_id = $1"};
inline constexpr postgres::Statement recon_user_names{"rec_user_names", "SELECT user_id, name FROM app_user WHERE user_id = ANY ($1)"};

inline constexpr postgres::Statement set_approval_limits{
    "rec_set_approval_limits",
    "INSERT INTO approval_limit (user_id, amount, set_by, set_at) "
    "SELECT * FROM unnest($1::uuid[], $2::int8[], $3::uuid[], $4::timestamptz[]) "
    "ON CONFLICT (user_id) DO UPDATE SET amount = EXCLUDED.amount, set_by = EXCLUDED.set_by, set_at = EXCLUDED.set_at"};

#define CHO40_STANDING_JSON(of)                                                                                                            \
    "jsonb_build_object('state', " of ".state, 'assignee', " of ".assignee, 'proposal', " of ".proposal, 'cause', " of ".cause)"

inline constexpr postgres::Statement write_break_acts{
    "rec_write_break_acts",
    "WITH u AS (SELECT * FROM unnest($1::int8[], $2::uuid[], $3::text[], $4::uuid[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], "
    "$9::text[], $10::text[], $11::uuid[], $12::text[], $13::bytea[], $14::uuid[], $15::jsonb[], $16::text[], $17::bool[], $18::jsonb[]) "
    "AS u(k, i, verb, by, at, was, becomes, reason, resolution, cause, to_whom, paper, digest, assignee, proposal, standing_cause, ended, before)), "
    "changed AS (UPDATE recon_break b SET state = u.becomes, assignee = u.assignee, proposal = u.proposal, cause = u.standing_cause, "
    "acts = b.acts + 1, version = b.version + 1, updated_at = u.at, closed_at = CASE WHEN u.ended THEN coalesce(b.closed_at, u.at) END FROM u "
    "WHERE b.book_id = u.k AND b.break_id = u.i RETURNING b.book_id, b.break_id, b.acts) "
    "INSERT INTO recon_break_act (book_id, break_id, number, verb, by, at, from_state, to_state, reason, resolution, cause, assignee, "
    "evidence_name, evidence_sha256, before) "
    "SELECT k, i, c.acts, verb, by, at, was, becomes, reason, resolution, u.cause, to_whom, paper, digest, before "
    "FROM u JOIN changed c ON c.book_id = u.k AND c.break_id = u.i"};

// A run that finds what was found before changes nothing that people see. What had closed by itself is open again; so is what people
// ended, and what they proposed falls, when the figures it was about are others now. A corrected file gives lines other names: that
// alone is no change.
#define CHO40_FIGURES_CHANGED                                                                                                              \
    "(b.delta <> u.a OR jsonb_path_query_array(b.members, '$[*].amount') <> jsonb_path_query_array(u.m, '$[*].amount'))"
#define CHO40_STATE_FOUND                                                                                                                  \
    "CASE WHEN b.state = 'AUTO_RESOLVED' THEN 'REOPENED' "                                                                                 \
    "WHEN " CHO40_FIGURES_CHANGED " AND b.state IN ('RESOLVED', 'WRITTEN_OFF') THEN 'REOPENED' "                                           \
    "WHEN " CHO40_FIGURES_CHANGED " AND b.state = 'PROPOSED' THEN 'INVESTIGATING' ELSE b.state END"
inline constexpr postgres::Statement upsert_recon_breaks{
    "rec_upsert_breaks",
    "WITH u AS (SELECT * FROM unnest($1::int8[], $2::uuid[], $3::uuid[], $4::date[], $5::text[], $6::jsonb[], $7::int8[], $8::int8[], "
    "$9::text[], $10::text[], $11::uuid[], $12::timestamptz[]) AS u(k, i, p, d, c, m, a, stake, s, o, r, t)), "
    "known AS (SELECT b.*, " CHO40_STATE_FOUND " AS becomes, b.state = 'AUTO_RESOLVED' AS again, " CHO40_FIGURES_CHANGED " AS other "
    "FROM recon_break b JOIN u ON b.book_id = u.k AND b.break_id = u.i), "
    "fresh AS (INSERT INTO recon_break (book_id, break_id, partner, business_date, class, members, delta, at_stake, summary, state, owner, "
    "first_run, last_run, opened_at, updated_at, version) "
    "SELECT k, i, p, d, c, m, a, stake, s, 'OPEN', o, r, r, t, t, 1 FROM u "
    "WHERE NOT EXISTS (SELECT 1 FROM known WHERE known.book_id = u.k AND known.break_id = u.i)), "
    "seen AS (UPDATE recon_break b SET last_run = u.r, members = u.m, delta = u.a, at_stake = u.stake, summary = u.s, state = known.becomes, "
    "proposal = CASE WHEN known.becomes = b.state THEN b.proposal END, "
    "closed_at = CASE WHEN known.becomes = b.state THEN b.closed_at END, acts = b.acts + CASE WHEN known.becomes = b.state THEN 0 ELSE 1 END, "
    "version = b.version + CASE WHEN again OR other OR b.members <> u.m OR b.summary <> u.s THEN 1 ELSE 0 END, "
    "updated_at = CASE WHEN again OR other OR b.members <> u.m OR b.summary <> u.s THEN u.t ELSE b.updated_at END "
    "FROM u JOIN known ON known.book_id = u.k AND known.break_id = u.i WHERE b.book_id = u.k AND b.break_id = u.i) "
    "INSERT INTO recon_break_act (book_id, break_id, number, verb, by, at, from_state, to_state, run, before) "
    "SELECT known.book_id, known.break_id, known.acts + 1, CASE WHEN again THEN 'found_again' ELSE 'figures_changed' END, "
    "'00000000-0000-0000-0000-000000000000'::uuid, u.t, known.state, known.becomes, u.r, " CHO40_STANDING_JSON(
        "known") " "
                 "FROM known JOIN u ON known.book_id = u.k AND known.break_id = u.i WHERE known.becomes <> known.state"};
inline constexpr postgres::Statement resolve_recon_breaks{
    "rec_resolve_breaks",
    "WITH gone AS (SELECT b.*, u.r, u.t FROM recon_break b JOIN unnest($1::int8[], $2::uuid[], $3::date[], $4::uuid[], $5::timestamptz[]) "
    "AS u(k, p, d, r, t) ON b.book_id = u.k AND b.partner = u.p AND b.business_date = u.d AND b.last_run <> u.r "
    "AND b.state IN ('OPEN', 'ASSIGNED', 'INVESTIGATING', 'PROPOSED', 'REOPENED')), "
    "closed AS (UPDATE recon_break b SET state = 'AUTO_RESOLVED', proposal = NULL, closed_at = gone.t, updated_at = gone.t, acts = b.acts + 1, "
    "version = b.version + 1 FROM gone WHERE b.book_id = gone.book_id AND b.break_id = gone.break_id) "
    "INSERT INTO recon_break_act (book_id, break_id, number, verb, by, at, from_state, to_state, run, before) "
    "SELECT book_id, break_id, acts + 1, 'closed_by_data', '00000000-0000-0000-0000-000000000000'::uuid, t, state, 'AUTO_RESOLVED', r, " CHO40_STANDING_JSON(
        "gone") " FROM gone"};

}  // namespace cho40::stores::sql
