#include "adapters/documents/proof_json.h"
#include "adapters/http/ids.h"
#include "adapters/identity/ledger_key_json.h"
#include "adapters/stores/merkle_store.h"
#include "apps/cli/database.h"
#include "apps/cli/ledger_key.h"
#include "ledger/notary.h"
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <iostream>
#include <nlohmann/json.hpp>

namespace cho40::cli {
namespace {

using identity::LedgerPublicKey;
using nlohmann::json;

struct ProofOptions {
    std::string database;
    bool as_json = false;
    std::string transfer;
    bool from_first = false;
    std::string file;
    std::string key_file;
};

Id<ledger::Transfer> parse_transfer(std::string const& text)
{
    if (auto const id = Uuid::from_string(text)) return Id<ledger::Transfer>(*id);
    if (auto const id = Uuid::from_base32(text)) return Id<ledger::Transfer>(*id);
    if (auto const id = http::parse_id_text("trf", text)) return Id<ledger::Transfer>(*id);
    throw Stop{Exit::usage, "\"" + text + "\" is not the id of a transfer (a UUID, 26 characters of base32, or trf_…)"};
}

// For a signature made here: what is wrong comes back as the error of sign_now() and is said once more in one word.
struct Complaints final : ledger::NotaryWatch {
    void on_signed(ledger::SignedHead const&) override {}
    void on_alarm(ledger::HeadAlarm alarm, ledger::BookId book, std::int64_t size) override
    {
        std::cerr << fmt::format("cho40: book {}, at {} rows: {}\n", book.value, size, ledger::head_alarm_name(alarm));
    }
};

// The row of the transfer, with a head that covers it.
ledger::JournalRow covered_row(Database& database, stores::ProofStore& store, Id<ledger::Transfer> transfer,
                               std::optional<identity::LedgerKey> const& key)
{
    auto row = database.get(store.find_row(transfer, std::nullopt));
    if (!row) throw Stop{Exit::negative, "there is no such transfer"};
    auto const newest = database.get(store.newest_head(row->book));
    if (newest && newest->size >= row->seq) return *std::move(row);
    if (!key) {
        throw Stop{Exit::negative,
                   "no signed head covers this transfer yet: let the service run for a second, or name the installation key "
                   "with CHO40_INSTALLATION_KEY"};
    }
    SystemClock const clock;
    Complaints complaints;
    stores::MerkleStore heads(database.pool(), installation().database.writer_group);
    ledger::Notary notary(database.executor(), heads, *key, clock, complaints);
    (void)database.get(notary.sign_now(row->book));
    return *std::move(row);
}

void prove(ProofOptions const& o)
{
    auto const transfer = parse_transfer(o.transfer);
    auto const key = installation_ledger_key();
    Database database(o.database);
    stores::ProofStore store(database.pool());
    auto const row = covered_row(database, store, transfer, key);
    auto const proof = database.get(ledger::proof_of(store, transfer, {.book = row.book, .from_first = o.from_first}));
    std::optional<std::string> public_key;
    if (key && key->id() == proof.head.key) public_key = key->public_key().bytes();
    if (!public_key) std::cerr << "The key that signed is not this installation's; who checks needs the public key beside the proof.\n";
    print_json(documents::proof_json(proof, public_key), o.as_json ? -1 : 2);
}

struct TrustedKey {
    LedgerPublicKey key;
    std::string origin;
};

TrustedKey trusted_key(ProofOptions const& o, documents::ProofFile const& file)
{
    if (!o.key_file.empty()) return {value_or_stop(identity::read_public_key(read_input(o.key_file)), o.key_file), "of " + o.key_file};
    if (auto const key = installation_ledger_key()) return {key->public_key(), "of this installation"};
    if (!file.public_key) throw Stop{Exit::usage, "the proof brings no public key: name one with --key"};
    return {value_or_stop(LedgerPublicKey::from_bytes(*file.public_key), "/public_key"),
            "that came with the proof; compare its id with the one the office publishes"};
}

void check(ProofOptions const& o)
{
    auto const file = value_or_stop(documents::read_proof(read_input(o.file)), o.file);
    auto const trusted = trusted_key(o, file);
    auto fault = ledger::check_proof(file.proof, trusted.key);
    if (!fault && file.public_key && *file.public_key != trusted.key.bytes()) fault = ledger::ProofFault::other_key;

    auto const& row = file.proof.row;
    auto const& head = file.proof.later ? file.proof.later->head : file.proof.head;
    if (o.as_json) {
        json out = {{"ok", !fault},
                    {"transfer", row.transfer.id.uuid.to_string()},
                    {"book", std::to_string(row.book.value)},  // as in the proof: more than a JSON number may hold
                    {"seq", row.seq},
                    {"size", head.size},
                    {"at", to_rfc3339_micro(head.at)},
                    {"key_id", trusted.key.id_text()}};
        if (fault) out["fault"] = {{"name", ledger::proof_fault_name(*fault)}, {"what", ledger::proof_fault_text(*fault)}};
        print_json(out);
    } else if (fault) {
        std::cout << fmt::format("false: {}: {}\n", ledger::proof_fault_name(*fault), ledger::proof_fault_text(*fault));
    } else {
        std::cout << fmt::format("true: transfer {} of {} VND is row {} of book {}, which had {} rows at {}\n",
                                 row.transfer.id.uuid.to_string(), row.transfer.amount.count(), row.seq, row.book.value, head.size,
                                 to_rfc3339(head.at));
    }
    std::cerr << fmt::format("Checked with the key {} {}.\n", trusted.key.id_text(), trusted.origin);
    if (fault) throw Stop{Exit::negative, ""};
}

void show_key(ProofOptions const& o)
{
    auto const key = installation_ledger_key();
    if (!key) throw Stop{Exit::usage, "name the installation key with CHO40_INSTALLATION_KEY or in the file CHO40_CONFIG names"};
    if (o.as_json) {
        print_json(identity::key_json(key->public_key()));
    } else {
        std::cout << key->public_key().pem();
        std::cerr << "Key id " << key->public_key().id_text() << '\n';
    }
}

}  // namespace

void add_ledger_proofs_commands(CLI::App& app)
{
    auto options = std::make_shared<ProofOptions>();
    auto& o = *options;
    auto& ledger = *app.get_subcommand("ledger");

    auto* proving = ledger.add_subcommand("prove", "Writes the proof that a transfer stands in a signed book. Exit 1 when there is none.\n"
                                                   "Example: cho40 ledger prove trf_01jd2w6x3k9q7m5v8t4r2n0abc > proof.json");
    add_database_option(*proving, o.database);
    proving->add_option("transfer", o.transfer, "its id: a UUID, 26 characters of base32, or trf_…")->required();
    proving->add_flag("--from-first", o.from_first, "against the first head that covered it, and from there to the newest");
    proving->add_flag("--json", o.as_json, "On one line");
    proving->callback([options] { prove(*options); });

    auto* checking = ledger.add_subcommand("check-proof",
                                           "Checks a proof; needs no database and no service. Exit 1 with the reason when it\n"
                                           "does not hold, 2 when it cannot be read.\n"
                                           "Example: cho40 ledger check-proof proof.json --key ledger-key.pem");
    checking->add_option("file", o.file, "the proof; - reads standard input")->required();
    checking->add_option("--key", o.key_file,
                         "public key, PEM or the JSON of /.well-known/cho40-ledger-key; default: the installation's, else the proof's own");
    checking->add_flag("--json", o.as_json, "One JSON object");
    checking->callback([options] { check(*options); });

    auto* key = ledger.add_subcommand("public-key", "The key that anybody checks signed heads and proofs with.\n"
                                                    "Example: cho40 ledger public-key > ledger-key.pem");
    key->add_flag("--json", o.as_json, "As /.well-known/cho40-ledger-key answers");
    key->callback([options] { show_key(*options); });
}

}  // namespace cho40::cli
