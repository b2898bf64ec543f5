#include "adapters/stores/gap_store.h"
#include "adapters/stores/row_readers.h"

namespace cho40::stores {
namespace {

using boost::asio::awaitable;
using postgres::Params;
using postgres::Statement;
using postgres::to_result;
using qr_pay::BalanceGap;

constexpr Statement take{"gap_take_turn", "UPDATE rail_gap_watch SET turn_until = $2 WHERE turn_until <= $1 RETURNING looked_until"};
constexpr Statement end{"gap_end_turn", "UPDATE rail_gap_watch SET turn_until = '-infinity', looked_until = greatest(looked_until, $1)"};
constexpr Statement select_chains{
    "gap_select_chains",
    "SELECT c.book_id, c.rail_account_id, r.rail, c.account_number, r.list_url IS NOT NULL, min(c.booked_at) FROM ("
    "SELECT book_id, rail_account_id, account_number, booked_at FROM rail_inbox WHERE received_at >= $1 AND balance IS NOT NULL "
    "UNION ALL SELECT book_id, rail_account_id, account_number, last_booked_at FROM rail_gap WHERE closed_at IS NULL AND opened_at > $2) c "
    "JOIN rail_account r ON r.book_id = c.book_id AND r.rail_account_id = c.rail_account_id GROUP BY 1, 2, 3, 4, 5"};
constexpr Statement select_told{
    "gap_select_told",
    "SELECT provider_id, booked_at, direction, amount, balance, received_at FROM rail_inbox "
    "WHERE book_id = $1 AND rail_account_id = $2 AND account_number = $3 AND balance IS NOT NULL AND booked_at >= coalesce("
    "(SELECT booked_at FROM rail_inbox WHERE book_id = $1 AND rail_account_id = $2 AND account_number = $3 AND balance IS NOT NULL "
    "AND booked_at < $4 ORDER BY booked_at DESC OFFSET 50 LIMIT 1), '-infinity') ORDER BY booked_at DESC LIMIT 20000"};
#define CHO40_GAP_COLUMNS                                                                                                                  \
    "g.book_id, g.gap_id, g.rail_account_id, r.rail, r.list_url IS NOT NULL, g.account_number, g.last_booked_at, g.first_booked_at, "      \
    "g.last_balance, g.first_balance, g.missing, g.opened_at, g.closed_at, g.closed_by, g.explanation, g.version "
#define CHO40_GAP_FROM "FROM rail_gap g JOIN rail_account r ON r.book_id = g.book_id AND r.rail_account_id = g.rail_account_id "
constexpr Statement select_open{"gap_select_open", "SELECT " CHO40_GAP_COLUMNS CHO40_GAP_FROM
                                                   "WHERE g.book_id = $1 AND g.rail_account_id = $2 AND g.account_number = $3 "
                                                   "AND g.closed_at IS NULL"};
// One that a person explained stays explained.
constexpr Statement insert_gaps{
    "gap_insert",
    "INSERT INTO rail_gap AS g (book_id, gap_id, rail_account_id, account_number, last_provider_id, last_booked_at, last_balance, "
    "first_provider_id, first_booked_at, first_balance, missing, opened_at) "
    "SELECT $1, i, $2, $3, lp, la, lb, fp, fa, fb, m, $4 FROM unnest($5::uuid[], $6::text[], $7::timestamptz[], $8::int8[], $9::text[], "
    "$10::timestamptz[], $11::int8[], $12::int8[]) AS u(i, lp, la, lb, fp, fa, fb, m) "
    "ON CONFLICT (book_id, gap_id) DO UPDATE SET closed_at = NULL, closed_by = '', version = g.version + 1 WHERE g.closed_by = 'filled' "
    "RETURNING 1::int8"};
constexpr Statement close_gaps{"gap_close", "UPDATE rail_gap g SET closed_at = $1, closed_by = 'filled', version = g.version + 1 "
                                            "FROM unnest($2::int8[], $3::uuid[]) AS u(b, i) "
                                            "WHERE g.book_id = u.b AND g.gap_id = u.i AND g.closed_at IS NULL"};
constexpr Statement explain_gaps{"gap_explain",
                                 "UPDATE rail_gap g SET closed_at = u.c, closed_by = 'explained', explanation = u.e, version = u.v "
                                 "FROM unnest($1::int8[], $2::uuid[], $3::timestamptz[], $4::text[], $5::int8[]) AS u(b, i, c, e, v) "
                                 "WHERE g.book_id = u.b AND g.gap_id = u.i"};
constexpr Statement list_gaps{"gap_list", "SELECT " CHO40_GAP_COLUMNS CHO40_GAP_FROM
                                          "WHERE (NOT $1::bool OR g.closed_at IS NULL) AND ($2::uuid IS NULL OR (g.opened_at, g.gap_id) < "
                                          "((SELECT opened_at FROM rail_gap WHERE gap_id = $2), $2)) "
                                          "ORDER BY g.opened_at DESC, g.gap_id DESC LIMIT $3"};
constexpr Statement find_gap{"gap_find", "SELECT " CHO40_GAP_COLUMNS CHO40_GAP_FROM "WHERE g.gap_id = $1"};
// What other rails told of the time between is there already, whoever did not tell it.
constexpr Statement select_of_account{
    "gap_select_of_account",
    "SELECT " CHO40_GAP_COLUMNS CHO40_GAP_FROM "WHERE g.book_id = $1 AND g.account_number = $2 AND g.closed_at IS NULL AND g.missing > 0 "
    "AND g.first_booked_at >= $3 AND g.last_booked_at < $4 AND g.missing <> (SELECT coalesce(sum(c.amount), 0) FROM receiving_account a "
    "JOIN bank_credit c ON c.book_id = a.book_id AND c.owner_id = a.owner_id "
    "AND c.receiving_account_id = a.receiving_account_id AND c.booked_at > g.last_booked_at "
    "AND c.booked_at < g.first_booked_at AND c.rail_account_id <> g.rail_account_id "
    "WHERE a.book_id = g.book_id AND a.account_number = g.account_number) "
    "ORDER BY g.last_booked_at LIMIT 20"};
constexpr Statement count_gaps{"gap_count_open", "SELECT count(*) FROM rail_gap WHERE closed_at IS NULL"};

RailGap read_gap(postgres::Row const& row)
{
    RailGap g;
    g.book = ledger::BookId{row.get<std::int64_t>(0)};
    g.id = row.get<Id<RailGapTag>>(1);
    g.rail_account = row.get<Id<qr_pay::RailAccountTag>>(2);
    g.rail = row.get<std::string>(3);
    g.has_list = row.get<bool>(4);
    g.account_number = row.get<std::string>(5);
    g.last_booked_at = row.get<Instant>(6);
    g.first_booked_at = row.get<Instant>(7);
    g.last_balance = row.get<Dong>(8);
    g.first_balance = row.get<Dong>(9);
    g.missing = row.get<Dong>(10);
    g.opened_at = row.get<Instant>(11);
    g.closed_at = row.get<std::optional<Instant>>(12);
    g.closed_by = row.get<std::string>(13);
    g.explanation = row.get<std::string>(14);
    g.version = row.get<std::int64_t>(15);
    return g;
}

GapStore::Told read_told(postgres::Row const& row)
{
    auto const way = row.get<std::int16_t>(2) == 1 ? qr_pay::Direction::in : qr_pay::Direction::out;
    return {qr_pay::ToldBalance(row.get<std::string>(0), row.get<Instant>(1), way, row.get<Dong>(3), row.get<Dong>(4)),
            row.get<Instant>(5)};
}

}  // namespace

Id<RailGapTag> gap_id(BalanceChain const& chain, BalanceGap const& gap)
{
    return Id<RailGapTag>(make_derived_uuid(
        {"rail_gap", chain.rail_account.uuid.to_string(), chain.account_number, gap.last.provider_id, gap.first.provider_id}));
}

awaitable<Result<std::optional<Instant>>> GapStore::take_turn(Instant now, Instant until)
{
    postgres::Segment segment;
    segment.add(take, now, until);
    CHO_CO_TRY(auto const replies, to_result(co_await pool_.write(std::move(segment))));
    co_return read_first(replies[0], [](postgres::Row const& row) { return row.get<Instant>(0); });
}

awaitable<Result<Done>> GapStore::end_turn(Instant looked_until)
{
    postgres::Segment segment;
    segment.add(end, looked_until).idempotent();
    CHO_CO_TRY_DO(to_result(co_await pool_.write(std::move(segment))));
    co_return Done{};
}

awaitable<Result<std::vector<BalanceChain>>> GapStore::chains_to_look_at(Instant news_since, Instant opened_since)
{
    Params params(news_since, opened_since);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(select_chains, std::move(params))));
    co_return read_all(rows, [](postgres::Row const& row) {
        return BalanceChain{ledger::BookId{row.get<std::int64_t>(0)},
                            row.get<Id<qr_pay::RailAccountTag>>(1),
                            row.get<std::string>(2),
                            row.get<std::string>(3),
                            row.get<bool>(4),
                            row.get<Instant>(5)};
    });
}

awaitable<Result<std::vector<GapStore::Told>>> GapStore::told(BalanceChain chain)
{
    Params params(chain.book.value, chain.rail_account, chain.account_number, chain.from);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(select_told, std::move(params))));
    co_return read_all(rows, read_told);
}

awaitable<Result<std::vector<RailGap>>> GapStore::open_gaps(BalanceChain chain)
{
    Params params(chain.book.value, chain.rail_account, chain.account_number);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(select_open, std::move(params))));
    co_return read_all(rows, read_gap);
}

awaitable<Result<std::int64_t>> GapStore::open(BalanceChain chain, std::vector<BalanceGap> gaps, Instant at)
{
    std::vector<Uuid> ids;
    std::vector<std::string> last_ids, first_ids;
    std::vector<Instant> last_times, first_times;
    std::vector<std::int64_t> last_balances, first_balances, missing;
    for (auto const& gap : gaps) {
        ids.push_back(gap_id(chain, gap).uuid);
        last_ids.push_back(gap.last.provider_id);
        last_times.push_back(gap.last.booked_at);
        last_balances.push_back(gap.last.after());
        first_ids.push_back(gap.first.provider_id);
        first_times.push_back(gap.first.booked_at);
        first_balances.push_back(gap.first.before());
        missing.push_back(gap.missing.count());
    }
    postgres::Segment segment;
    segment.add(insert_gaps, chain.book.value, chain.rail_account, chain.account_number, at, ids, last_ids, last_times, last_balances,
                first_ids, first_times, first_balances, missing);
    CHO_CO_TRY(auto const replies, to_result(co_await pool_.write(std::move(segment))));
    co_return static_cast<std::int64_t>(replies[0].size());
}

awaitable<Result<Done>> GapStore::close_filled(std::vector<RailGap> gaps, Instant at)
{
    std::vector<std::int64_t> books;
    std::vector<Uuid> ids;
    for (auto const& gap : gaps) {
        books.push_back(gap.book.value);
        ids.push_back(gap.id.uuid);
    }
    postgres::Segment segment;
    segment.add(close_gaps, at, books, ids).idempotent();
    CHO_CO_TRY_DO(to_result(co_await pool_.write(std::move(segment))));
    co_return Done{};
}

awaitable<Result<std::vector<RailGap>>> GapStore::list(bool open_only, std::optional<Uuid> before, int limit)
{
    Params params(open_only, before, static_cast<std::int64_t>(limit));
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(list_gaps, std::move(params))));
    co_return read_all(rows, read_gap);
}

awaitable<Result<std::optional<RailGap>>> GapStore::find(Id<RailGapTag> id)
{
    Params params(id);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(find_gap, std::move(params))));
    co_return read_first(rows, read_gap);
}

awaitable<Result<std::vector<RailGap>>> GapStore::of_account(ledger::BookId book, std::string account_number, Day day)
{
    Params params(book.value, account_number, day.begin(), day.end());
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(select_of_account, std::move(params))));
    co_return read_all(rows, read_gap);
}

awaitable<Result<std::int64_t>> GapStore::count_open()
{
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(count_gaps, Params())));
    co_return rows[0].get<std::int64_t>(0);
}

void add_gap_writers(RowWriters& writers)
{
    writers.add<ExplainedGap>(
        explain_gaps,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.gap.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.gap.id.uuid; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.closed_at; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.explanation); }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.gap.version + 1; }));
            return p;
        },
        20);
}

}  // namespace cho40::stores
