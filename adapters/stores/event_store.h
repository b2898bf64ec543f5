#pragma once
#include "adapters/postgres/pool.h"
#include "ledger/account.h"

namespace cho40::stores {

struct StoredEvent {
    ledger::BookId book;
    std::int64_t seq = 0;
    Uuid id;
    Uuid stream;
    std::string type;
    Uuid resource;
    std::string data;  // flat JSON object
    Instant at;
};

// The event feed, as it is read: by stream for phones, by book for those who tell the outside.
class EventStore {
public:
    explicit EventStore(postgres::Pool& pool) : pool_(pool) {}

    [[nodiscard]] boost::asio::awaitable<Result<std::vector<StoredEvent>>> of_stream(ledger::BookId book, Uuid stream, std::int64_t after,
                                                                                     int limit);
    // Which streams of a book have events after a place, each with the place of its newest.
    struct Fresh {
        Uuid stream;
        std::int64_t seq = 0;
    };
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<Fresh>>> streams_after(ledger::BookId book, std::int64_t after);
    // The newest seq of a book, 0 when it has none.
    [[nodiscard]] boost::asio::awaitable<Result<std::int64_t>> head(ledger::BookId book);

    // For relays: events of every book after the consumer's own place, oldest first; and moving that place on.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<StoredEvent>>> pending(std::string consumer, std::string type_prefix,
                                                                                   int limit);
    [[nodiscard]] boost::asio::awaitable<Result<Done>> move_cursor(std::string consumer, ledger::BookId book, std::int64_t seq,
                                                                   Instant now);

private:
    postgres::Pool& pool_;
};

}  // namespace cho40::stores
