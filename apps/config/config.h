#pragma once
#include "base/result.h"
#include "base/secret.h"
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cho40::config {

// The service's configuration: deploy/cho40.toml lists every key with its default. Each key may be overridden by an
// environment variable: section.key becomes CHO40_SECTION_KEY (database.url: CHO40_DATABASE_URL).
struct Config {
    struct {
        std::string listen;           // address:port
        std::string tls_certificate;  // PEM files; empty: plain HTTP behind a proxy
        std::string tls_key;
        std::string public_url;       // as people reach us; in links and QR codes on receipts
        std::string web_directory;    // built vendor app and console
        std::string cluster_address;  // base URL for other instances; empty: this one is alone
    } server;
    struct {
        std::string url = {};
        std::int64_t connections = 2;
        std::string writer_group;
    } database;
    struct {
        bool check_batches = false;   // every batch is held against the laws of the books; in a demo it always is
    } ledger;
    struct {
        std::string url;              // unix://PATH; empty: live updates by polling
    } redis;
    struct {
        Secret key{""};               // 64 hex digits: seals rail secrets, hashes API keys, signs cursors
        bool demo = false;            // every public page says that its money is not real
    } installation;
    struct {
        std::int64_t poll_seconds = 60;            // between two readings of a provider's list
        std::int64_t poll_overlap_seconds = 1800;  // that each reads again
        std::int64_t gap_grace_seconds = 300;      // before a transfer that balances speak of is missed
    } rails;
    struct {
        std::int64_t approval_from = 5'000'000;  // đồng; from this amount on a second person has to agree
        std::string vietqr_url;                  // of the provider's refund call, up to "/api"; empty: refunds are transferred by hand
    } refunds;
    struct {
        std::int64_t approval_limit = 50'000'000;  // đồng that one person may approve in breaks, where nothing else was set for them
        std::int64_t write_off_limit = 0;          // đồng of difference that may be let go; never of public money
    } reconcile;
    struct {
        std::string gateway_url;      // T-VAN or provincial gateway
        std::string certificate;      // PEM, of the signer
        std::string signing_key;      // PEM
        std::int64_t poll_seconds = 2;
    } etax;
    struct {
        std::string url;              // national payment platform / case system that is told of paid fees
        Secret secret{""};
        std::string partner;
    } portal;
    struct {
        std::string level;
    } logging;
};

struct Problem {
    std::string key;
    std::size_t line = 0;  // 0: not from the file
    std::string text;
};

struct Loaded {
    Config config;
    std::vector<Problem> problems;  // every unknown key, wrong type and missing secret, in order of the file
};

using Environment = std::function<std::optional<std::string>(std::string const& name)>;
[[nodiscard]] Environment process_environment();

// `text` is TOML. Never fails: what is wrong stands in problems.
[[nodiscard]] Loaded load(std::string_view text, Environment const& environment);

// The names of all keys with one line of explanation each: for the documentation test.
struct KeyDocument {
    std::string key, type, fallback, text;
};
[[nodiscard]] std::vector<KeyDocument> all_keys();

}  // namespace cho40::config
