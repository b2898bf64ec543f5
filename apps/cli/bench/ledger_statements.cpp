#include "apps/cli/bench/ledger_statements.h"
#include "adapters/stores/ledger_reads.h"
#include <algorithm>

namespace cho40::cli::bench {
namespace {

using boost::asio::awaitable;

constexpr std::size_t statements = 2'000;
constexpr std::size_t lines = 200;

struct Timed {
    std::vector<double> milliseconds;
    std::size_t lines = 0;
};

awaitable<Result<Timed>> ask(stores::LedgerReads& reads, ledger::BookId book, std::size_t accounts)
{
    QuickRandom random(book.value);
    CHO_CO_TRY(auto const head, co_await reads.head(book));
    CHO_CO_TRY(auto const first, co_await reads.feed(book, 0, 1));
    CHO_CO_TRY(auto const last, co_await reads.feed(book, head - 1, 1));
    auto const span = static_cast<std::uint64_t>((last[0].recorded_at - first[0].recorded_at).count());
    Timed timed;
    for (std::size_t i = 0; i < statements + statements / 10; ++i) {
        ledger::StatementQuery query;
        query.book = book;
        query.account = ledger::AccountNumber{1 + static_cast<std::int64_t>(random.next() % accounts)};
        query.from = first[0].recorded_at + Instant::duration(static_cast<std::int64_t>(random.next() % (span + 1)));
        query.to = last[0].recorded_at + std::chrono::hours(1);
        auto const began = Steady::now();
        CHO_CO_TRY(auto const stream, co_await reads.statement(query));
        CHO_CO_TRY(auto const page, co_await stream->next(lines));
        auto const took = std::chrono::duration<double, std::milli>(Steady::now() - began).count();
        if (i < statements / 10) continue;  // connections prepare, the database warms up
        timed.milliseconds.push_back(took);
        timed.lines += page.size();
    }
    std::ranges::sort(timed.milliseconds);
    co_return timed;
}

}  // namespace

void measure_statements(Database& database, Engine& engine, std::vector<Figure>& figures)
{
    auto const& options = engine.options();
    // Books at rest: a server that still has to write away what was posted does that in front of whoever reads.
    database.get([](Database& d) -> awaitable<Result<Done>> {
        CHO_CO_TRY(auto connection, postgres::to_result(co_await postgres::Connection::connect(d.executor(), d.info())));
        co_return postgres::to_result(co_await connection->run_script("CHECKPOINT", std::chrono::minutes(5)));
    }(database));
    stores::LedgerReads reads(database.pool(), [&engine] { return &engine.writer().state(); });
    // The account that all transfers debit is the first.
    auto const timed = database.get(ask(reads, ledger::BookId{options.book}, options.one_account ? 1 : options.accounts));
    auto const at = [&](double p) { return timed.milliseconds[static_cast<std::size_t>(static_cast<double>(statements) * p)]; };
    std::string const name = options.one_account ? "statement_busy" : "statement";
    figures.push_back({name + "_p99", at(0.99), "ms", "<=", 5});
    figures.push_back({name + "_p50", at(0.5), "ms", "", 0});
    figures.push_back({name + "_lines", static_cast<double>(timed.lines) / static_cast<double>(statements), "lines", "", 0});
}

}  // namespace cho40::cli::bench
