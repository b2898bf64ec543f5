#pragma once
#include "adapters/postgres/pool.h"
#include "adapters/stores/row_writers.h"
#include "qr-pay/balance_gaps.h"
#include "qr-pay/records.h"
#include <optional>

namespace cho40::stores {

struct RailGapTag;

// A bank account as one rail account tells of it: balances make a chain here.
struct BalanceChain {
    ledger::BookId book;
    Id<qr_pay::RailAccountTag> rail_account;
    std::string rail;
    std::string account_number;
    bool has_list = false;     // the provider can be asked for what is missing
    Instant from;              // of what is to be looked at, the earliest was booked
};

struct RailGap {
    ledger::BookId book;
    Id<RailGapTag> id;
    Id<qr_pay::RailAccountTag> rail_account;
    std::string rail;
    bool has_list = false;
    std::string account_number;
    Instant last_booked_at, first_booked_at;
    Dong last_balance, first_balance;
    Dong missing;
    Instant opened_at;
    std::optional<Instant> closed_at;
    std::string closed_by;     // "filled", "explained"; "" while it is open
    std::string explanation;
    std::int64_t version = 1;
};

[[nodiscard]] Id<RailGapTag> gap_id(BalanceChain const& chain, qr_pay::BalanceGap const& gap);

// A person said why nothing is missing, or why it will not come.
struct ExplainedGap final : ledger::AttachedRow {
    ExplainedGap(RailGap g, std::string why, Instant at) : gap(std::move(g)), explanation(std::move(why)), closed_at(at) {}
    RailGap gap;
    std::string explanation;
    Instant closed_at;
};

// Tables rail_gap and rail_gap_watch, and the balances in rail_inbox.
class GapStore {
public:
    explicit GapStore(postgres::Pool& pool) : pool_(pool) {}

    // One instance looks at a time. Until when everything that came had been looked at; nothing when another one is at it.
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<Instant>>> take_turn(Instant now, Instant until);
    [[nodiscard]] boost::asio::awaitable<Result<Done>> end_turn(Instant looked_until);

    // What got news since then, and what has an open gap that is not older than that.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<BalanceChain>>> chains_to_look_at(Instant news_since, Instant opened_since);
    // The chain's transfers from there on, with as many before them as say where it came from.
    struct Told {
        qr_pay::ToldBalance balance;
        Instant received_at;
    };
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<Told>>> told(BalanceChain chain);
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<RailGap>>> open_gaps(BalanceChain chain);

    // The number of those that were not open before.
    [[nodiscard]] boost::asio::awaitable<Result<std::int64_t>> open(BalanceChain chain, std::vector<qr_pay::BalanceGap> gaps, Instant at);
    [[nodiscard]] boost::asio::awaitable<Result<Done>> close_filled(std::vector<RailGap> gaps, Instant at);

    // For operators: the newest first.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<RailGap>>> list(bool open_only, std::optional<Uuid> before, int limit);
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<RailGap>>> find(Id<RailGapTag> id);
    // Open ones in which money came that no other rail told either, of one bank account on one day.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<RailGap>>> of_account(ledger::BookId book, std::string account_number, Day day);
    [[nodiscard]] boost::asio::awaitable<Result<std::int64_t>> count_open();

private:
    postgres::Pool& pool_;
};

void add_gap_writers(RowWriters& writers);

}  // namespace cho40::stores
