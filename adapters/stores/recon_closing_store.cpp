#include "adapters/stores/recon_closing_store.h"
#include "adapters/stores/row_readers.h"
#include "base/sealed_csv.h"

namespace cho40::stores {
namespace {

using postgres::Bytea;
using postgres::Params;
using postgres::Row;
using postgres::Statement;
using postgres::to_result;

#define CHO40_CLOSING_HEAD                                                                                                                 \
    "SELECT c.book_id, c.closing_id, c.partner, c.business_date, c.number, c.run_id, c.sha256, c.note, c.prepared_by, "                    \
    "c.prepared_by_owner, coalesce(pu.name, pk.name, ''), c.prepared_at, d.signed, d.reason, d.decided_by, coalesce(du.name, ''), "        \
    "d.decided_at, d.key_id, d.signature, "
#define CHO40_CLOSING_JOINS                                                                                                                \
    " FROM recon_closing c LEFT JOIN recon_closing_decision d ON d.book_id = c.book_id AND d.closing_id = c.closing_id "                   \
    "LEFT JOIN app_user pu ON pu.user_id = c.prepared_by LEFT JOIN api_key pk ON pk.key_id = c.prepared_by "                               \
    "LEFT JOIN app_user du ON du.user_id = d.decided_by "
#define CHO40_CLOSING_BOOKS "c.book_id IN (SELECT book_id FROM rail_account WHERE rail_account_id = ANY ($1)) AND c.partner = ANY ($1) "
constexpr Statement find_closing{"rec_find_closing", CHO40_CLOSING_HEAD "c.sheet" CHO40_CLOSING_JOINS "WHERE c.closing_id = $1"};
constexpr Statement closing_heads{"rec_closing_heads",
                                  CHO40_CLOSING_HEAD "''::bytea" CHO40_CLOSING_JOINS "WHERE " CHO40_CLOSING_BOOKS
                                                     "AND c.business_date BETWEEN $2 AND $3 ORDER BY c.business_date, c.partner, c.number"};
constexpr Statement signed_closings{"rec_signed_closings",
                                    CHO40_CLOSING_HEAD "c.sheet" CHO40_CLOSING_JOINS "WHERE " CHO40_CLOSING_BOOKS
                                                       "AND d.signed AND (c.business_date BETWEEN $2 AND $3 "
                                                       "OR (d.decided_at >= $4 AND d.decided_at < $5)) ORDER BY c.business_date, c.number"};
constexpr Statement credit_figures{
    "rec_credit_figures",
    "SELECT count(*), coalesce(sum(c.amount), 0)::int8 FROM receiving_account a "
    "JOIN bank_credit c ON c.book_id = a.book_id AND c.owner_id = a.owner_id AND c.receiving_account_id = a.receiving_account_id "
    "WHERE a.book_id = $1 AND a.channel = $2 AND c.booked_at >= $3 AND c.booked_at < $4"};
constexpr Statement insert_closings{
    "rec_insert_closings",
    "INSERT INTO recon_closing (book_id, closing_id, partner, business_date, number, run_id, sheet, sha256, note, prepared_by, "
    "prepared_by_owner, prepared_at) SELECT * FROM unnest($1::int8[], $2::uuid[], $3::uuid[], $4::date[], $5::int4[], $6::uuid[], "
    "$7::bytea[], $8::bytea[], $9::text[], $10::uuid[], $11::uuid[], $12::timestamptz[])"};
constexpr Statement insert_decisions{
    "rec_insert_closing_decisions",
    "INSERT INTO recon_closing_decision (book_id, closing_id, signed, reason, decided_by, decided_at, prepared_by, prepared_by_owner, "
    "key_id, signature) SELECT b, i, s, r, w, t, p, o, nullif(k, ''), nullif(g, '') FROM unnest($1::int8[], $2::uuid[], $3::bool[], "
    "$4::text[], $5::uuid[], $6::timestamptz[], $7::uuid[], $8::uuid[], $9::bytea[], $10::bytea[]) AS u(b, i, s, r, w, t, p, o, k, g)"};

ReconClosing read_head(Row const& row)
{
    ReconClosing c;
    c.book = ledger::BookId{row.get<std::int64_t>(0)};
    c.id = row.get<Id<ReconClosing>>(1);
    c.partner = row.get<Uuid>(2);
    c.date = row.get<Day>(3);
    c.number = row.get<std::int32_t>(4);
    c.run = row.get<Id<ReconRun>>(5);
    c.digest = row.get<Sha256>(6);
    c.note = row.get<std::string>(7);
    c.prepared_by = row.get<Uuid>(8);
    c.prepared_by_owner = row.get<Uuid>(9);
    c.prepared_by_name = row.get<std::string>(10);
    c.prepared_at = row.get<Instant>(11);
    if (auto const is_signed = row.get<std::optional<bool>>(12)) {
        ClosingDecision decision;
        decision.is_signed = *is_signed;
        decision.reason = row.get<std::string>(13);
        decision.by = row.get<Uuid>(14);
        decision.by_name = row.get<std::string>(15);
        decision.at = row.get<Instant>(16);
        decision.key_id = row.get<std::optional<Bytea>>(17).value_or(Bytea()).bytes;
        decision.signature = row.get<std::optional<Bytea>>(18).value_or(Bytea()).bytes;
        c.decision = std::move(decision);
    }
    return c;
}

// With the sheet, if it is the one that was hashed.
Result<ReconClosing> read_whole(Row const& row)
{
    auto closing = read_head(row);
    closing.sheet = row.get<Bytea>(19).bytes;
    CHO_TRY(auto const digest, sealed_digest(closing.sheet));
    if (digest != closing.digest) return fail(Errc::books_broken, "a stored day sheet is not the one that was prepared");
    return closing;
}

}  // namespace

boost::asio::awaitable<Result<std::optional<ReconClosing>>> ReconClosingStore::find(Id<ReconClosing> id)
{
    Params params(id);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(find_closing, std::move(params))));
    if (rows.empty()) co_return std::optional<ReconClosing>();
    CHO_CO_TRY(auto found, read_whole(rows[0]));
    co_return std::optional<ReconClosing>(std::move(found));
}

boost::asio::awaitable<Result<std::vector<ReconClosing>>> ReconClosingStore::heads(std::vector<Uuid> partners, Day from, Day to)
{
    Params params(partners, from, to);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(closing_heads, std::move(params))));
    co_return read_all(rows, read_head);
}

boost::asio::awaitable<Result<std::vector<ReconClosing>>> ReconClosingStore::signed_versions(Uuid partner, Day first, Day last)
{
    std::vector<Uuid> partners{partner};
    Params params(partners, first, last, first.begin(), last.end());
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(signed_closings, std::move(params))));
    std::vector<ReconClosing> out;
    for (auto const row : rows) {
        CHO_CO_TRY(auto closing, read_whole(row));
        out.push_back(std::move(closing));
    }
    co_return out;
}

boost::asio::awaitable<Result<reconcile::CountSum>> ReconClosingStore::ledger_figures(ReconPartner partner, Day day)
{
    std::int16_t const channel = partner.channel == reconcile::Channel::provider ? 1 : 2;
    Params params(partner.book.value, channel, day.begin(), day.end());
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(credit_figures, std::move(params))));
    co_return reconcile::CountSum{rows[0].get<std::int64_t>(0), rows[0].get<Dong>(1)};
}

void add_recon_closing_writers(RowWriters& writers)
{
    writers.add<NewReconClosing>(
        insert_closings,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.closing.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.closing.id.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.closing.partner; }));
            p.add(column<Day>(rows, [](auto const& r) { return r.closing.date; }));
            p.add(column<std::int32_t>(rows, [](auto const& r) { return r.closing.number; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.closing.run.uuid; }));
            p.add(column<Bytea>(rows, [](auto const& r) { return Bytea(r.closing.sheet); }));
            p.add(column<Sha256>(rows, [](auto const& r) { return r.closing.digest; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.closing.note); }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.closing.prepared_by; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.closing.prepared_by_owner; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.closing.prepared_at; }));
            return p;
        },
        60);
    writers.add<DecidedReconClosing>(
        insert_decisions,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.closing.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.closing.id.uuid; }));
            p.add(column<bool>(rows, [](auto const& r) { return r.closing.decision->is_signed; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.closing.decision->reason); }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.closing.decision->by; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.closing.decision->at; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.closing.prepared_by; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.closing.prepared_by_owner; }));
            p.add(column<Bytea>(rows, [](auto const& r) { return Bytea(r.closing.decision->key_id); }));
            p.add(column<Bytea>(rows, [](auto const& r) { return Bytea(r.closing.decision->signature); }));
            return p;
        },
        70);
}

}  // namespace cho40::stores
