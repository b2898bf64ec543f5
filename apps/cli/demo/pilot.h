#pragma once
#include "apps/cli/demo/stage.h"
#include <vector>

namespace cho40::cli::demo {

struct RailAccount {
    std::string id, address, rail, secret, channel;
};

struct Stall {
    std::string id, name, number, market, household, bank_bin, account_number, channel;
};

struct Market {
    std::string id, name;
    RailAccount collector;             // the provider that collects and settles, another one in each market
    std::vector<RailAccount> tellers;  // of money that goes straight to a stall's bank account: each stall has one of them,
    RailAccount vietqr;                // and this beside it
    std::vector<Stall> stalls;
};

struct Agency {
    std::string id, code, name;
    RailAccount vietqr;
};

struct SignIn {
    std::string login, password, who;
};

struct Pilot {
    std::vector<Market> markets;
    std::vector<Agency> agencies;
    std::vector<SignIn> sign_ins;
    std::string big_household;  // one whose quarter lies above the threshold
    Stall big_stall;
};

// The pilot's tables (deploy/pilot): markets.csv, stalls.csv, agencies.csv, users.csv.
struct PilotFiles {
    std::string markets, stalls, agencies, users;
};

// Brings the pilot into being through the public interfaces, and tells the sandbox who listens. Loading again changes
// nothing: every intention has a fixed key. `secret_seed` makes secrets and passwords, so that they differ from
// installation to installation and need not be stored.
[[nodiscard]] boost::asio::awaitable<Result<Pilot>> load_pilot(Stage stage, PilotFiles files, Secret secret_seed, Secret portal_secret);

// More stalls, shared out over the markets, until there are `count` in all.
[[nodiscard]] boost::asio::awaitable<Result<Done>> add_stalls(Stage stage, Pilot& pilot, std::size_t count);

}  // namespace cho40::cli::demo
