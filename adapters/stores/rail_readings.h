#pragma once
#include "adapters/postgres/pool.h"
#include "adapters/stores/row_writers.h"
#include "qr-pay/records.h"
#include <optional>

namespace cho40::stores {

struct RailReadingTag;

// One window of a provider's list that is to be read, and how far it has come.
struct RailReading {
    enum class Purpose : std::int16_t {
        poll = 1,      // again and again, each window where the last one ended
        backfill = 2,  // once, because a person asked for it
        gap = 3,       // what the balances say is missing
    };
    struct Lines {
        std::int64_t read = 0, fresh = 0, known = 0, unreadable = 0;  // fresh: nobody had told of it
    };

    ledger::BookId book;
    Id<RailReadingTag> id;
    Id<qr_pay::RailAccountTag> rail_account;
    Purpose purpose = Purpose::poll;
    Instant from;
    std::optional<Instant> to;         // nothing: up to the moment it is asked for
    std::string place;                 // rails::TransferList; "" at the beginning
    std::optional<Instant> begun_at;   // the first page of the window was asked for
    Instant due_at;
    int failures = 0;
    std::string last_error;            // a stable code; "" where the last answer could be read
    Lines lines;
    Instant created_at;
    std::optional<Instant> finished_at;
};

// The polling of a rail account has one reading, under this id.
[[nodiscard]] Id<RailReadingTag> polling_of(Id<qr_pay::RailAccountTag> account);

// Travels with the command that asks for it.
struct NewRailReading final : ledger::AttachedRow {
    explicit NewRailReading(RailReading r) : reading(std::move(r)) {}
    RailReading reading;
};

// Table rail_reading: which lists are to be read, by one instance at a time. A turn is one page.
class RailReadings {
public:
    explicit RailReadings(postgres::Pool& pool) : pool_(pool) {}

    // Adds those that are not there yet.
    [[nodiscard]] boost::asio::awaitable<Result<Done>> add(std::vector<RailReading> readings);
    // Reads those that ended before then once more.
    [[nodiscard]] boost::asio::awaitable<Result<Done>> ask_again(std::vector<Uuid> ids, Instant ended_before, Instant now);
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<RailReading>>> find(Id<RailReadingTag> id);

    // One turn, and until when it lasts: nobody else is at this rail account's list meanwhile.
    struct Turn {
        RailReading reading;
        Instant until;
    };
    // The turn that has waited longest, if one is due. The first page of a window begins it.
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<Turn>>> take_turn(Instant now, Instant until);
    // What stands in the turn's reading is written, and the turn ends. False: it had lasted too long, and nothing was written.
    [[nodiscard]] boost::asio::awaitable<Result<bool>> end_turn(Turn turn);

private:
    postgres::Pool& pool_;
};

void add_rail_reading_writers(RowWriters& writers);

}  // namespace cho40::stores
