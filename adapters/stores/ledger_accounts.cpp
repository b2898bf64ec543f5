#include "adapters/stores/ledger_reads.h"
#include "adapters/stores/row_readers.h"
#include <algorithm>
#include <ranges>

// Accounts of a book, a page at a time.
namespace cho40::stores {
namespace {

using boost::asio::awaitable;
using ledger::AccountReport;
using postgres::Segment;
using postgres::Statement;
using postgres::to_result;

constexpr Statement select_accounts{"read_select_accounts",
                                    "SELECT a.account_no, a.floor, a.ceiling, a.closed, coalesce(s.balance, 0) FROM account a "
                                    "LEFT JOIN account_snapshot s ON s.book_id = a.book_id AND s.account_no = a.account_no "
                                    "WHERE a.book_id = $1 AND a.account_no > $2 ORDER BY a.account_no LIMIT $3"};
constexpr Statement sum_holds_of{
    "read_sum_holds_of",
    "SELECT e.account_no, sum(e.debits)::int8, sum(e.credits)::int8 FROM ("
    "SELECT debit_account AS account_no, amount AS debits, 0 AS credits FROM hold WHERE book_id = $1 AND state = 1 AND debit_account = ANY($2) "
    "UNION ALL "
    "SELECT credit_account, 0, amount FROM hold WHERE book_id = $1 AND state = 1 AND credit_account = ANY($2)) e GROUP BY e.account_no"};

// Rows that one statement walks along while others wait behind it.
constexpr std::int64_t walk_window = 65'536;

// As of the last sealing.
AccountReport read_account(postgres::Row const& row)
{
    AccountReport report;
    report.account = {ledger::AccountNumber{row.get<std::int64_t>(0)},
                      {row.get<std::optional<Dong>>(1), row.get<std::optional<Dong>>(2)},
                      row.get<bool>(3)};
    report.balance.posted = row.get<Dong>(4);
    return report;
}

std::int64_t number_of(AccountReport const& report) { return report.account.number.value; }

// Pre: the page is in order and has the account.
AccountReport& find(std::vector<AccountReport>& page, std::int64_t number)
{
    return *std::ranges::lower_bound(page, number, {}, number_of);
}

// False: the memory does not know all of them.
bool recall(ledger::State const& memory, ledger::BookId book, std::vector<AccountReport>& page)
{
    for (auto& report : page) {
        auto const account = memory.account(book, report.account.number);
        auto const balance = memory.balance(book, report.account.number);
        if (!account || !balance) return false;
        report = {*account, *balance, memory.journal_seq(book)};
    }
    return true;
}

}  // namespace

LedgerReads::Answer<std::vector<AccountReport>> LedgerReads::accounts(ledger::BookId book, ledger::AccountNumber after, std::size_t limit)
{
    // The map before the snapshots: what is sealed in between is walked along once more, not left out.
    CHO_CO_TRY(auto const map, co_await maps_.find(book));
    Segment segment;
    segment.add(select_accounts, book.value, after.value, static_cast<std::int64_t>(std::min(limit, ledger::page_max)));
    CHO_CO_TRY(auto const replies, to_result(co_await pool_.read(std::move(segment))));
    auto page = read_all(replies[0], read_account);
    auto const* memory = memory_ ? memory_() : nullptr;
    if (page.empty() || (memory && recall(*memory, book, page))) co_return page;
    CHO_CO_TRY_DO(co_await add_newest(book, *map, page));
    co_return page;
}

awaitable<Result<Done>> LedgerReads::add_newest(ledger::BookId book, BookMap const& map, std::vector<AccountReport>& page)
{
    std::vector<std::int64_t> numbers;
    for (auto const& report : page) numbers.push_back(number_of(report));
    CHO_CO_TRY(auto const newest, co_await head_of(book, map));
    auto missing = numbers;
    for (auto high = newest + 1; high > map.sealed_last + 1 && !missing.empty();) {
        auto const from = std::max(map.sealed_last, high - 1 - walk_window);
        Segment segment;
        for (auto const part : map.hot) segment.add(statements_.get(PartQuery::balances, part), book.value, from, high, missing);
        CHO_CO_TRY(auto const replies, to_result(co_await pool_.read(std::move(segment))));
        // From the oldest part: what a newer one says of an account replaces it.
        for (auto const& reply : replies) {
            for (auto const row : reply) {
                auto const number = row.get<std::int64_t>(0);
                find(page, number).balance.posted = row.get<Dong>(1);
                std::erase(missing, number);
            }
        }
        high = from + 1;
    }
    Segment segment;
    segment.add(sum_holds_of, book.value, numbers);
    CHO_CO_TRY(auto const replies, to_result(co_await pool_.read(std::move(segment))));
    for (auto const row : replies[0]) {
        auto& balance = find(page, row.get<std::int64_t>(0)).balance;
        balance.debits_held = row.get<Dong>(1);
        balance.credits_held = row.get<Dong>(2);
    }
    for (auto& report : page) report.seq = newest;
    co_return Done{};
}

}  // namespace cho40::stores
