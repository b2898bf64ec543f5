#include "adapters/stores/journal_load.h"
#include "adapters/stores/journal_rows.h"
#include <fmt/format.h>

namespace cho40::stores {
namespace {

using boost::asio::awaitable;
using ledger::AccountNumber;
using ledger::BookId;
using postgres::Connection;
using postgres::Params;
using postgres::Statement;
using postgres::to_result;

constexpr Statement select_accounts{
    "load_accounts", "SELECT a.book_id, a.account_no, a.floor, a.ceiling, a.closed, coalesce(s.balance, 0) "
                     "FROM book b JOIN account a ON a.book_id = b.book_id "
                     "LEFT JOIN account_snapshot s ON s.book_id = a.book_id AND s.account_no = a.account_no WHERE b.writer_group = $1"};
constexpr Statement select_heads{
    "load_heads",
    "SELECT b.book_id, b.closed_before, coalesce((SELECT max(p.last_seq) FROM journal_part_book p WHERE p.book_id = b.book_id), 0), "
    "coalesce((SELECT e.seq FROM event e WHERE e.book_id = b.book_id ORDER BY e.seq DESC LIMIT 1), 0) "
    "FROM book b WHERE b.writer_group = $1"};
constexpr Statement select_holds{
    "load_holds", "SELECT h.book_id, h.hold_id, h.flags, h.debit_account, h.credit_account, h.amount, h.code, h.reference, h.expires_at "
                  "FROM book b JOIN hold h ON h.book_id = b.book_id AND h.state = 1 WHERE b.writer_group = $1"};
// Rows of one part, book by book in order, a piece at a time.
constexpr Statement select_entries{"load_entries",
                                   "SELECT book_id, seq, debit_account, credit_account, debit_balance, credit_balance FROM journal "
                                   "WHERE part = $1 AND (book_id, seq) > ($2, $3) ORDER BY book_id, seq LIMIT $4"};
constexpr Statement select_recent{"load_recent", "SELECT " CHO40_JOURNAL_COLUMNS " FROM journal j JOIN book b ON b.book_id = j.book_id AND "
                                                 "b.writer_group = $1 WHERE j.part = $2 ORDER BY j.recorded_at DESC, j.seq DESC LIMIT $3"};

constexpr auto patience = std::chrono::minutes(5);
constexpr std::int64_t piece = 50'000;
// What is looked for most is what a client sends again within minutes; older ids are asked for in the journal.
constexpr std::int64_t recent_max = 50'000;

awaitable<Result<Done>> load_accounts(Connection& connection, std::string const& group, ledger::State& state)
{
    Params params(group);
    CHO_CO_TRY(auto accounts, to_result(co_await connection.execute(select_accounts, params, patience)));
    for (auto const row : accounts) {
        ledger::Account account;
        account.number = AccountNumber{row.get<std::int64_t>(1)};
        account.limits = {row.get<std::optional<Dong>>(2), row.get<std::optional<Dong>>(3)};
        account.closed = row.get<bool>(4);
        state.load_account(BookId{row.get<std::int64_t>(0)}, account, row.get<Dong>(5));
    }
    CHO_CO_TRY(auto heads, to_result(co_await connection.execute(select_heads, params, patience)));
    for (auto const row : heads) {
        state.load_head(BookId{row.get<std::int64_t>(0)}, row.get<std::int64_t>(2), row.get<std::int64_t>(3),
                        row.get<std::optional<Instant>>(1));
    }
    CHO_CO_TRY(auto holds, to_result(co_await connection.execute(select_holds, params, patience)));
    for (auto const row : holds) {
        ledger::Hold hold;
        hold.id = Id<ledger::Transfer>(row.get<Uuid>(1));
        hold.flags = ledger::TransferFlags::from_bits(row.get<std::int16_t>(2));
        hold.debit = AccountNumber{row.get<std::int64_t>(3)};
        hold.credit = AccountNumber{row.get<std::int64_t>(4)};
        hold.amount = row.get<Dong>(5);
        hold.code = static_cast<ledger::TransferCode>(row.get<std::int32_t>(6));
        hold.reference = row.get<std::string>(7);
        hold.expires_at = row.get<std::optional<Instant>>(8);
        state.load_hold(BookId{row.get<std::int64_t>(0)}, std::move(hold));
    }
    co_return Done{};
}

// The number of rows of the part.
awaitable<Result<std::int64_t>> replay_part(Connection& connection, std::int16_t part, ledger::State& state)
{
    std::int64_t count = 0, book = 0, seq = 0;
    for (;;) {
        Params params(part, book, seq, piece);
        CHO_CO_TRY(auto rows, to_result(co_await connection.execute(select_entries, std::move(params), patience)));
        for (auto const row : rows) {
            book = row.get<std::int64_t>(0);
            seq = row.get<std::int64_t>(1);
            bool const follows = state.load_entry(BookId{book}, seq, {AccountNumber{row.get<std::int64_t>(2)}, row.get<Dong>(4)},
                                                  {AccountNumber{row.get<std::int64_t>(3)}, row.get<Dong>(5)});
            if (!follows) {
                co_return fail(Errc::books_broken, fmt::format("book {}: row {} does not follow the one before it, or its accounts do not "
                                                               "exist; run `cho40 ledger verify`",
                                                               book, seq));
            }
        }
        count += rows.size();
        if (rows.size() < piece) co_return count;
    }
}

// The newest rows, from the newest part backwards: of two parts at least, and beyond those until there is any row. What is
// older is forgotten, which is to say that it will be looked up; nothing may be neither loaded nor forgotten.
awaitable<Result<Done>> load_recent(Connection& connection, std::string const& group, std::vector<JournalPart> const& parts,
                                    ledger::State& state)
{
    std::vector<ledger::JournalRow> newest_first;
    auto left = recent_max;
    auto part = parts.size();
    while (part > 0 && left > 0 && (newest_first.empty() || part + 2 > parts.size())) {
        Params params(group, parts[--part].number, left);
        CHO_CO_TRY(auto rows, to_result(co_await connection.execute(select_recent, std::move(params), patience)));
        for (auto const row : rows) newest_first.push_back(read_journal_row(row));
        left -= rows.size();
    }
    bool const all = part == 0 && left > 0;
    if (!all && !newest_first.empty()) state.forget_until(newest_first.back().recorded_at);
    for (auto i = newest_first.size(); i-- > 0;) state.load_recent(newest_first[i]);
    co_return Done{};
}

}  // namespace

awaitable<Result<LoadedLedger>> load_ledger(Connection& connection, std::string const& writer_group, std::vector<JournalPart> const& parts)
{
    LoadedLedger loaded;
    CHO_CO_TRY_DO(co_await load_accounts(connection, writer_group, loaded.state));
    for (auto const& part : parts) {
        if (part.state == PartState::sealed) continue;
        CHO_CO_TRY(loaded.rows_in_open_part, co_await replay_part(connection, part.number, loaded.state));
    }
    CHO_CO_TRY_DO(co_await load_recent(connection, writer_group, parts, loaded.state));
    co_return loaded;
}

}  // namespace cho40::stores
