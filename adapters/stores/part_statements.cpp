#include "adapters/stores/part_statements.h"
#include "adapters/stores/journal_parts.h"
#include "adapters/stores/journal_rows.h"
#include <fmt/format.h>

namespace cho40::stores {
namespace {

// {0} is the part's table. In the indexes of the two sides seq stands without its low bits; asking for them first, in the
// order of the index, sorts no more than one step of 2^17 rows at a time.
constexpr char rows[] = "SELECT " CHO40_JOURNAL_COLUMNS " FROM {0} j WHERE j.book_id = $1 AND j.seq > $2 AND j.seq < $3 ";
constexpr char steps[] = "AND (j.seq >> 17) >= ($2 >> 17) AND (j.seq >> 17) <= ($3 >> 17) ";
constexpr char page[] = "AND ($5 OR (j.kind & 15) IN (1, 3)) ";
constexpr char up[] = "ORDER BY j.seq LIMIT $6";
constexpr char down[] = "ORDER BY j.seq DESC LIMIT $6";
constexpr char steps_up[] = "ORDER BY (j.seq >> 17), j.seq LIMIT $6";
constexpr char steps_down[] = "ORDER BY (j.seq >> 17) DESC, j.seq DESC LIMIT $6";
constexpr char either[] = "AND (j.debit_account = $4 OR j.credit_account = $4) ";
constexpr char debited[] = "AND j.debit_account = $4 ";
constexpr char credited[] = "AND j.credit_account = $4 ";
constexpr char keys[] = "SELECT j.seq, j.event_at FROM {0} j WHERE j.book_id = $1 AND j.seq > $2 AND j.seq < $3 ";
constexpr char sum[] = "SELECT coalesce(sum(CASE WHEN j.debit_account = $4 THEN j.amount ELSE -j.amount END), 0)::int8 FROM {0} j "
                       "WHERE j.book_id = $1 AND j.seq > $2 AND j.seq < $3 ";
constexpr char happened[] = "AND j.event_at >= $5 AND j.event_at < $6 AND (j.kind & 15) IN (1, 3) ";

std::string text(PartQuery query)
{
    auto const join = [](auto... pieces) { return (std::string() + ... + pieces); };
    switch (query) {
    case PartQuery::rows_up: return join(rows, "ORDER BY j.seq LIMIT $4");
    case PartQuery::by_seqs:
        return join("SELECT ", CHO40_JOURNAL_COLUMNS,
                    " FROM {0} j WHERE j.book_id = $1 AND j.seq = ANY($2) AND (j.debit_account = $3 OR j.credit_account = $3)");
    case PartQuery::walk_up: return join(rows, either, page, up);
    case PartQuery::walk_down: return join(rows, either, page, down);
    case PartQuery::debits_up: return join(rows, debited, steps, page, steps_up);
    case PartQuery::debits_down: return join(rows, debited, steps, page, steps_down);
    case PartQuery::credits_up: return join(rows, credited, steps, page, steps_up);
    case PartQuery::credits_down: return join(rows, credited, steps, page, steps_down);
    case PartQuery::debit_keys: return join(keys, debited, steps, happened, "LIMIT $7");
    case PartQuery::credit_keys: return join(keys, credited, steps, happened, "LIMIT $7");
    case PartQuery::walk_keys: return join(keys, either, happened, "LIMIT $7");
    case PartQuery::debit_sum: return join(sum, debited, steps, happened);
    case PartQuery::credit_sum: return join(sum, credited, steps, happened);
    case PartQuery::walk_sum: return join(sum, either, happened);
    case PartQuery::by_id:
        // An open part is indexed by the id, a sealed one by its hash.
        return join("SELECT ", CHO40_JOURNAL_COLUMNS,
                    " FROM {0} j WHERE j.book_id = $1 AND j.transfer_id = $2 AND uuid_hash(j.transfer_id) = uuid_hash($2)");
    case PartQuery::by_reference:
        return join(rows, "AND hashtext(j.reference) = hashtext($4) AND j.reference = $4 AND j.reference <> '' ",
                    "ORDER BY j.seq + 0 DESC LIMIT $5");  // not by the index of seq: it would be walked to the end
    case PartQuery::filter_down:
        return join(rows, "AND ($4::int2 IS NULL OR j.code = $4) AND ($5::text IS NULL OR j.reference = $5) ",
                    "AND j.event_at >= $6 AND j.event_at < $7 ORDER BY j.seq DESC LIMIT $8");
    case PartQuery::first_at:
        // Recorded time never runs backwards in a book and seq has no gaps, so the place is found by halving.
        return "WITH RECURSIVE ends AS (SELECT min(seq) AS lo, max(seq) + 1 AS hi FROM {0} WHERE book_id = $1), "
               "half (lo, hi) AS (SELECT lo, hi FROM ends WHERE lo IS NOT NULL UNION ALL "
               "  SELECT CASE WHEN m.recorded_at < $2 THEN m.seq + 1 ELSE half.lo END, "
               "         CASE WHEN m.recorded_at < $2 THEN half.hi ELSE m.seq END "
               "    FROM half CROSS JOIN LATERAL (SELECT j.seq, j.recorded_at FROM {0} j "
               "      WHERE j.book_id = $1 AND j.seq = (half.lo + half.hi) / 2 LIMIT 1) m WHERE half.lo < half.hi) "
               "SELECT half.lo, ends.hi FROM half, ends WHERE half.lo = half.hi";
    case PartQuery::balances:
        return "SELECT DISTINCT ON (e.account_no) e.account_no, e.balance FROM ("
               "SELECT j.seq, j.debit_account AS account_no, j.debit_balance AS balance FROM {0} j "
               "WHERE j.book_id = $1 AND j.seq > $2 AND j.seq < $3 AND j.debit_account = ANY($4) UNION ALL "
               "SELECT j.seq, j.credit_account, j.credit_balance FROM {0} j "
               "WHERE j.book_id = $1 AND j.seq > $2 AND j.seq < $3 AND j.credit_account = ANY($4)) e ORDER BY e.account_no, e.seq DESC";
    case PartQuery::end: return "SELECT coalesce(max(j.seq), 0) FROM {0} j WHERE j.book_id = $1";
    }
    return {};
}

}  // namespace

postgres::Statement const& PartStatements::get(PartQuery query, std::int16_t part)
{
    auto& made = made_[{query, part}];
    if (!made) {
        made = std::make_unique<Made>();
        made->name = fmt::format("part_read_{}_{}", static_cast<int>(query), part);
        made->sql = fmt::format(fmt::runtime(text(query)), part_table(part));
        made->statement = {made->name.c_str(), made->sql.c_str()};
    }
    return made->statement;
}

}  // namespace cho40::stores
