#include "adapters/stores/journal_reader.h"
#include "adapters/stores/head_rows.h"
#include "adapters/stores/journal_rows.h"
#include "adapters/stores/row_readers.h"

namespace cho40::stores {
namespace {

using postgres::Params;
using postgres::Statement;

constexpr Statement select_books{"jrn_select_books", "SELECT book_id FROM journal UNION SELECT book_id FROM ledger_head ORDER BY book_id"};
constexpr Statement select_rows{"jrn_select_rows", "SELECT " CHO40_JOURNAL_COLUMNS
                                                   " FROM journal j WHERE j.book_id = $1 AND j.seq > $2 ORDER BY j.seq LIMIT $3"};
constexpr Statement select_heads{"jrn_select_heads", "SELECT " CHO40_HEAD_COLUMNS " FROM ledger_head h "
                                                     "WHERE h.book_id = $1 AND h.size > $2 AND h.size <= $3 ORDER BY h.size"};
constexpr Statement select_signed{"jrn_select_signed", "SELECT " CHO40_HEAD_COLUMNS " FROM ledger_head h WHERE h.book_id = $1 "
                                                       "ORDER BY h.size DESC LIMIT 1"};
constexpr Statement select_standing{
    "jrn_select_standing", "WITH held AS (SELECT debit_account, credit_account, amount FROM hold WHERE book_id = $1 AND state = 1), "
                           "incoming AS (SELECT debit_account AS n, sum(amount)::int8 AS amount FROM held GROUP BY 1), "
                           "outgoing AS (SELECT credit_account AS n, sum(amount)::int8 AS amount FROM held GROUP BY 1) "
                           "SELECT b.account_no, b.balance, coalesce(i.amount, 0), coalesce(o.amount, 0), "
                           "       (SELECT coalesce(max(j.seq), 0) FROM journal j WHERE j.book_id = $1), b.closed "
                           "  FROM account_balance b LEFT JOIN incoming i ON i.n = b.account_no LEFT JOIN outgoing o ON o.n = b.account_no "
                           " WHERE b.book_id = $1"};
// The oldest row above the newest head of its book, when heads were signed, or could have been, long after it. A writer's pulse
// is laid to rest only when everything is signed, and who has just taken the lease has not had the time yet.
constexpr Statement select_unsigned{
    "jrn_select_unsigned",
    "WITH newest AS (SELECT b.book_id, b.writer_group, h.size, h.at FROM book b LEFT JOIN LATERAL (SELECT h.size, h.at FROM ledger_head h "
    "  WHERE h.book_id = b.book_id ORDER BY h.size DESC LIMIT 1) h ON true), "
    "alive AS (SELECT n.writer_group, greatest(max(n.at), max(p.beat_at)) AS at, max(l.taken_at) AS writing_since FROM newest n "
    "  LEFT JOIN ledger_pulse p ON p.writer_group = n.writer_group LEFT JOIN ledger_lease l ON l.writer_group = n.writer_group "
    "  GROUP BY n.writer_group) "
    "SELECT j.book_id, j.seq FROM newest n JOIN alive a ON a.writer_group = n.writer_group "
    "JOIN journal j ON j.book_id = n.book_id AND j.seq = coalesce(n.size, 0) + 1 "
    "WHERE j.recorded_at < a.at - interval '5 minutes' AND coalesce(a.writing_since < a.at - interval '1 minute', true) ORDER BY j.book_id LIMIT 1"};
constexpr Statement select_foreign{
    "jrn_select_foreign", "SELECT j.book_id, j.seq FROM journal j WHERE NOT EXISTS (SELECT 1 FROM book b WHERE b.book_id = j.book_id) "
                          "OR NOT EXISTS (SELECT 1 FROM account a WHERE a.book_id = j.book_id AND a.account_no = j.debit_account) "
                          "OR NOT EXISTS (SELECT 1 FROM account a WHERE a.book_id = j.book_id AND a.account_no = j.credit_account) "
                          "ORDER BY j.book_id, j.seq LIMIT 1"};
// What has come to a book from another one is what has left that one for it, but for what has arrived and is not settled yet.
constexpr Statement select_unmirrored{
    "jrn_select_unmirrored",
    "WITH transit AS (SELECT DISTINCT ON (book_id, account_no) book_id, -account_no AS other, balance, seq FROM ledger_entry "
    "  WHERE account_no < 0 ORDER BY book_id, account_no, seq DESC), "
    "under_way AS (SELECT m.book_id, m.to_book AS other, sum(m.amount)::int8 AS amount FROM between_books m "
    "  JOIN between_books_decision d ON d.book_id = m.to_book AND d.from_book = m.book_id AND d.movement_id = m.movement_id "
    "  WHERE m.state = 1 AND d.turned_away IS NULL GROUP BY m.book_id, m.to_book) "
    "SELECT t.book_id, t.seq, t.other, t.balance, coalesce(o.balance, 0), coalesce(ours.amount, 0) + coalesce(theirs.amount, 0) FROM transit t "
    "LEFT JOIN transit o ON o.book_id = t.other AND o.other = t.book_id "
    "LEFT JOIN under_way ours ON ours.book_id = t.book_id AND ours.other = t.other "
    "LEFT JOIN under_way theirs ON theirs.book_id = t.other AND theirs.other = t.book_id "
    "WHERE t.balance::numeric + coalesce(o.balance, 0) + coalesce(ours.amount, 0) + coalesce(theirs.amount, 0) <> 0 "
    "ORDER BY t.book_id, t.other LIMIT 1"};

}  // namespace

boost::asio::awaitable<Result<std::vector<ledger::BookId>>> JournalReader::books()
{
    Params params;
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(select_books, std::move(params))));
    std::vector<ledger::BookId> out;
    for (auto const row : rows) out.push_back(ledger::BookId{row.get<std::int64_t>(0)});
    co_return out;
}

boost::asio::awaitable<Result<std::vector<ledger::JournalRow>>> JournalReader::rows(ledger::BookId book, std::int64_t after,
                                                                                    std::size_t limit)
{
    Params params(book.value, after, static_cast<std::int64_t>(limit));
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(select_rows, std::move(params))));
    co_return read_all(rows, read_journal_row);
}

boost::asio::awaitable<Result<std::vector<ledger::SignedHead>>> JournalReader::heads(ledger::BookId book, std::int64_t after,
                                                                                     std::int64_t up_to)
{
    Params params(book.value, after, up_to);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(select_heads, std::move(params))));
    co_return read_all(rows, read_head);
}

boost::asio::awaitable<Result<std::optional<ledger::SignedHead>>> JournalReader::newest_head(ledger::BookId book)
{
    Params params(book.value);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(select_signed, std::move(params))));
    co_return read_first(rows, read_head);
}

boost::asio::awaitable<Result<ledger::Standing>> JournalReader::standing(ledger::BookId book)
{
    postgres::Segment segment;
    segment.add(select_standing, book.value).within(std::chrono::minutes(5)).patience(std::chrono::minutes(5));
    CHO_CO_TRY(auto replies, postgres::to_result(co_await pool_.read(std::move(segment))));
    ledger::Standing standing;
    standing.book = book;
    for (auto const row : replies[0]) {
        standing.accounts.emplace_back(ledger::Account{ledger::AccountNumber{row.get<std::int64_t>(0)}, {}, row.get<bool>(5)},
                                       ledger::Balance{row.get<Dong>(1), row.get<Dong>(2), row.get<Dong>(3)});
        standing.seq = row.get<std::int64_t>(4);
    }
    co_return standing;
}

boost::asio::awaitable<Result<std::optional<ledger::Fault>>> JournalReader::find_foreign_rows()
{
    postgres::Segment segment;
    segment.add(select_foreign).within(std::chrono::minutes(5)).patience(std::chrono::minutes(5));
    CHO_CO_TRY(auto replies, postgres::to_result(co_await pool_.read(std::move(segment))));
    auto const row = replies[0].first();
    if (!row) co_return std::nullopt;
    co_return ledger::Fault{"accounts_exist", ledger::BookId{row->get<std::int64_t>(0)}, row->get<std::int64_t>(1),
                            "its book or one of its accounts does not exist"};
}

boost::asio::awaitable<Result<std::optional<ledger::Fault>>> JournalReader::find_unmirrored_transit()
{
    postgres::Segment segment;
    segment.add(select_unmirrored).within(std::chrono::minutes(5)).patience(std::chrono::minutes(5));
    CHO_CO_TRY(auto replies, postgres::to_result(co_await pool_.read(std::move(segment))));
    auto const row = replies[0].first();
    if (!row) co_return std::nullopt;
    auto const text = [&row](int column) { return std::to_string(row->get<std::int64_t>(column)); };
    co_return ledger::Fault{"transit_mirrors", ledger::BookId{row->get<std::int64_t>(0)}, row->get<std::int64_t>(1),
                            "its transit account towards book " + text(2) + " stands at " + text(3) + " đồng, the one there at " + text(4) +
                                ", and " + text(5) + " have arrived and are not settled; together they must be zero"};
}

boost::asio::awaitable<Result<std::optional<ledger::Fault>>> JournalReader::find_unsigned_rows()
{
    postgres::Segment segment;
    segment.add(select_unsigned).within(std::chrono::minutes(1));
    CHO_CO_TRY(auto replies, postgres::to_result(co_await pool_.read(std::move(segment))));
    auto const row = replies[0].first();
    if (!row) co_return std::nullopt;
    co_return ledger::Fault{"rows_signed", ledger::BookId{row->get<std::int64_t>(0)}, row->get<std::int64_t>(1),
                            "no head covers it and the rows after it, although books were signed long after it: heads were taken out, or "
                            "the signing has stopped"};
}

}  // namespace cho40::stores
