#pragma once
#include "apps/cli/demo/pilot.h"
#include "base/dong.h"

namespace cho40::cli::demo {

struct CountSum {
    std::int64_t count = 0;
    std::int64_t dong = 0;
    void add(Dong amount)
    {
        ++count;
        dong += amount.count();
    }
    friend bool operator==(CountSum const&, CountSum const&) = default;
};

// What buyers really did, by how the day book must call it.
struct Played {
    CountSum matched, short_, over, late, duplicate, nameless;
    std::int64_t requests = 0;
    std::int64_t notifications = 0;
};

// `payments` sales by QR over all stalls: most exact, some short and topped up, over, late, twice, without a code; some
// notifications repeated, all of straight-to-bank money told by two rails.
[[nodiscard]] boost::asio::awaitable<Result<Played>> play_sales(Stage stage, Pilot const& pilot, std::size_t payments);

// The day books of all stalls, added up. Equal to what was played, or the demonstration has failed.
[[nodiscard]] boost::asio::awaitable<Result<Played>> read_day_books(Stage stage, Pilot const& pilot);

struct FeesPlayed {
    std::int64_t notices = 0;
    std::int64_t paid = 0;
    std::int64_t receipts = 0;
    std::int64_t written = 0;
    CountSum money;
};
[[nodiscard]] boost::asio::awaitable<Result<FeesPlayed>> play_fees(Stage stage, Pilot const& pilot, std::size_t notices);

struct ReconPlayed {
    std::string partner, name;
    std::int64_t matched = 0;
    std::int64_t waiting = 0;
    std::int64_t breaks = 0;
    bool equations_hold = true;
};
[[nodiscard]] boost::asio::awaitable<Result<std::vector<ReconPlayed>>> play_reconciliation(Stage stage, Pilot const& pilot);

struct TaxPlayed {
    std::string household, period, state, state_text;
    Dong turnover, vat, pit;
    std::vector<std::string> notices;
};
[[nodiscard]] boost::asio::awaitable<Result<TaxPlayed>> play_filing(Stage stage, Pilot const& pilot);

}  // namespace cho40::cli::demo
