#include "adapters/stores/journal_reader.h"
#include "apps/cli/database.h"
#include "apps/cli/io.h"
#include "ledger/invariants/invariant.h"
#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

namespace cho40::cli {
namespace {

using nlohmann::json;

struct Verdict {
    std::optional<ledger::Fault> fault;
    std::int64_t rows = 0;
    std::int64_t books = 0;
};

boost::asio::awaitable<Result<Verdict>> verify(postgres::Pool& pool)
{
    stores::JournalReader reader(pool);
    ledger::Verifier verifier;
    Verdict verdict;
    CHO_CO_TRY(auto books, co_await reader.books());
    for (auto const book : books) {
        for (std::int64_t after = 0;;) {
            CHO_CO_TRY(auto rows, co_await reader.rows(book, after, stores::JournalReader::rows_at_once));
            for (auto const& row : rows) {
                if (!verdict.fault) verdict.fault = verifier.on_row(row);
                after = row.seq;
            }
            if (verdict.fault || rows.size() < stores::JournalReader::rows_at_once) break;
        }
        if (verdict.fault) break;
    }
    if (!verdict.fault) verdict.fault = verifier.finish();
    if (!verdict.fault) { CHO_CO_TRY(verdict.fault, co_await reader.find_foreign_rows()); }
    verdict.rows = verifier.rows();
    verdict.books = verifier.books();
    co_return verdict;
}

void print(Verdict const& verdict, bool as_json)
{
    json out = {{"ok", !verdict.fault}, {"books", verdict.books}, {"rows", verdict.rows}};
    if (verdict.fault) {
        out["fault"] = {
            {"law", verdict.fault->law}, {"book", verdict.fault->book.value}, {"seq", verdict.fault->seq}, {"what", verdict.fault->what}};
    }
    if (as_json) {
        print_json(out);
    } else if (verdict.fault) {
        std::cout << "broken: " << verdict.fault->law << ": book " << verdict.fault->book.value << ", row " << verdict.fault->seq << ": "
                  << verdict.fault->what << '\n';
    } else {
        std::cout << "the books hold: " << verdict.books << " books, " << verdict.rows
                  << " rows; sums are zero, balances equal their entries, no gaps, chain intact\n";
    }
}

}  // namespace

void add_ledger_commands(CLI::App& app)
{
    auto* ledger = app.add_subcommand("ledger", "The books");
    ledger->require_subcommand(1);
    auto* command = ledger->add_subcommand("verify",
                                           "Proves the books: every book sums to zero, every balance equals its entries, sequences are\n"
                                           "gapless, the hash chain is intact. Exit 1 with the first fault otherwise.\n"
                                           "Example: cho40 ledger verify --json");
    auto database = std::make_shared<std::string>();
    auto as_json = std::make_shared<bool>(false);
    add_database_option(*command, *database);
    command->add_flag("--json", *as_json, "One JSON object");
    command->callback([database, as_json] {
        Database connected(*database);
        auto const verdict = connected.get(verify(connected.pool()));
        print(verdict, *as_json);
        if (verdict.fault) throw Stop{Exit::negative, ""};
    });
}

}  // namespace cho40::cli
