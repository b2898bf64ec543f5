#pragma once
#include "adapters/api/shared_frames.h"
#include "ledger/state.h"
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace cho40::api {

// The bell of a book's journal: no stream of events has such an id.
[[nodiscard]] Uuid journal_stream(ledger::BookId book);

// What is new in a book after a place in its events.
struct News {
    std::int64_t head = 0;      // place of the newest
    std::vector<Uuid> streams;  // that have any
};

// Doorbells for event streams of this process. The writer of a book rings them after each durable batch; for books that
// another instance writes, one look at the database a second rings them for all who listen. Who hears the bell reads what
// is new, and readers of the same share one reading: thousands of screens of a stall cost what one does.
class EventHub {
public:
    static constexpr auto poll_interval = std::chrono::seconds(1);

    using ReadNews = std::function<boost::asio::awaitable<Result<News>>(ledger::BookId, std::int64_t after)>;
    using ReadHead = std::function<boost::asio::awaitable<Result<std::int64_t>>(ledger::BookId)>;

    explicit EventHub(boost::asio::any_io_executor executor) : executor_(executor), frames_(executor), pause_(executor) {}

    class Listener {
    public:
        Listener(EventHub& hub, ledger::BookId book, Uuid stream);
        ~Listener();
        Listener(Listener const&) = delete;
        Listener& operator=(Listener const&) = delete;
        // Returns when the stream's bell rang since the last wait, or after `at_most`. Listens to cancellation.
        [[nodiscard]] boost::asio::awaitable<void> wait(
            std::chrono::steady_clock::duration at_most = std::chrono::steady_clock::duration::max());

    private:
        friend class EventHub;
        EventHub& hub_;
        ledger::BookId book_;
        Uuid stream_;
        boost::asio::steady_timer timer_;
        bool rung_ = false;
    };

    // Rings for what other instances write, until it is cancelled. A look that fails is made again.
    [[nodiscard]] boost::asio::awaitable<void> watch(ReadNews news, ReadHead head,
                                                     std::chrono::steady_clock::duration every = poll_interval);

    void ring(ledger::Batch const& batch);
    void ring(Uuid stream);
    [[nodiscard]] std::size_t listeners() const { return listeners_.size(); }
    [[nodiscard]] SharedFrames& frames() { return frames_; }

private:
    struct Book {
        std::size_t listeners = 0;
        std::optional<std::int64_t> known;  // everything up to here was rung for
    };

    [[nodiscard]] boost::asio::awaitable<void> look(ledger::BookId book, ReadNews& news, ReadHead& head);
    void ring_all(ledger::BookId book);

    boost::asio::any_io_executor executor_;
    std::unordered_multimap<Uuid, Listener*> listeners_;
    std::unordered_map<std::int64_t, Book> books_;  // that are listened to
    SharedFrames frames_;
    boost::asio::steady_timer pause_;
};

}  // namespace cho40::api
