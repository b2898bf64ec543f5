#include "adapters/identity/ledger_key_json.h"
#include "adapters/stores/journal_reader.h"
#include "apps/cli/database.h"
#include "apps/cli/io.h"
#include "apps/cli/ledger_key.h"
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
    std::int64_t heads = 0;
    std::int64_t signatures = 0;  // of the heads, checked
};

// What the books say of themselves and the newest head are read before the rows: what is posted and signed meanwhile is no
// concern of this run.
boost::asio::awaitable<Result<Done>> verify_book(stores::JournalReader& reader, ledger::BookId book, ledger::Verifier& verifier,
                                                 std::optional<ledger::Fault>& fault)
{
    CHO_CO_TRY(auto standing, co_await reader.standing(book));
    verifier.expect(std::move(standing));
    CHO_CO_TRY(auto const newest, co_await reader.newest_head(book));
    std::int64_t after = 0;
    for (;;) {
        CHO_CO_TRY(auto rows, co_await reader.rows(book, after, stores::JournalReader::rows_at_once));
        if (rows.empty()) break;
        CHO_CO_TRY(auto heads, co_await reader.heads(book, after, rows.back().seq));
        for (auto const& head : heads) verifier.expect(head);
        for (auto const& row : rows) {
            fault = verifier.on_row(row);
            if (fault) co_return Done{};
        }
        after = rows.back().seq;
        if (rows.size() < stores::JournalReader::rows_at_once) break;
    }
    if (newest && newest->size > after) {
        fault = ledger::Fault{"chain_intact", book, after + 1,
                              std::to_string(newest->size) + " rows were signed for, " + std::to_string(after) + " stand"};
    }
    co_return Done{};
}

boost::asio::awaitable<Result<Verdict>> verify(postgres::Pool& pool, std::vector<ledger::HeadKey const*> keys)
{
    stores::JournalReader reader(pool);
    ledger::Verifier verifier(std::move(keys));
    Verdict verdict;
    CHO_CO_TRY(auto books, co_await reader.books());
    for (auto const book : books) {
        CHO_CO_TRY_DO(co_await verify_book(reader, book, verifier, verdict.fault));
        if (verdict.fault) break;
    }
    if (!verdict.fault) verdict.fault = verifier.finish();
    if (!verdict.fault) { CHO_CO_TRY(verdict.fault, co_await reader.find_foreign_rows()); }
    if (!verdict.fault) { CHO_CO_TRY(verdict.fault, co_await reader.find_unmirrored_transit()); }
    if (!verdict.fault) { CHO_CO_TRY(verdict.fault, co_await reader.find_unsigned_rows()); }
    verdict.rows = verifier.rows();
    verdict.books = verifier.books();
    verdict.heads = verifier.heads();
    verdict.signatures = verifier.signatures();
    co_return verdict;
}

void print(Verdict const& verdict, bool as_json)
{
    json out = {{"ok", !verdict.fault},
                {"books", verdict.books},
                {"rows", verdict.rows},
                {"heads", verdict.heads},
                {"signatures", verdict.signatures}};
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
        std::cout << "the books hold: " << verdict.books << " books, " << verdict.rows << " rows, " << verdict.heads
                  << " heads; sums are zero, balances equal their entries, what is held is what holds hold, no gaps, chain intact\n";
    }
    if (!verdict.fault && verdict.signatures < verdict.heads) {
        std::cerr << "The signatures of the heads were not checked: name the installation key with CHO40_INSTALLATION_KEY or in the file\n"
                     "CHO40_CONFIG names, or the public key with --key.\n";
    }
}

}  // namespace

void add_ledger_commands(CLI::App& app)
{
    auto* ledger = app.add_subcommand("ledger", "The books");
    ledger->require_subcommand(1);
    auto* command = ledger->add_subcommand(
        "verify", "Proves the books: every book sums to zero, every balance equals its entries, what is held and what\n"
                  "is available make the total, sequences are gapless, the hash chain is intact. Exit 1 with the first fault otherwise.\n"
                  "Example: cho40 ledger verify --json");
    auto database = std::make_shared<std::string>();
    auto as_json = std::make_shared<bool>(false);
    auto key_files = std::make_shared<std::vector<std::string>>();
    add_database_option(*command, *database);
    command->add_flag("--json", *as_json, "One JSON object");
    command->add_option("--key", *key_files,
                        "public key whose signatures count, besides the installation's: PEM or the JSON of\n"
                        "/.well-known/cho40-ledger-key; several times for older ones");
    command->callback([database, as_json, key_files] {
        auto const own = installation_ledger_key();
        std::vector<identity::LedgerPublicKey> given;
        for (auto const& file : *key_files) given.push_back(value_or_stop(identity::read_public_key(read_input(file)), file));
        std::vector<ledger::HeadKey const*> keys;
        if (own) keys.push_back(&*own);
        for (auto const& key : given) keys.push_back(&key);
        Database connected(*database);
        auto const verdict = connected.get(verify(connected.pool(), std::move(keys)));
        print(verdict, *as_json);
        if (verdict.fault) throw Stop{Exit::negative, ""};
    });
}

}  // namespace cho40::cli
