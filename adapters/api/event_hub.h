#pragma once
#include "ledger/state.h"
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <unordered_map>

namespace cho40::api {

// The bell of a book's journal: no stream of events has such an id.
[[nodiscard]] Uuid journal_stream(ledger::BookId book);

// Doorbells for event streams of this process: rung after each durable batch. A listener that hears its bell reads the
// feed from the database; a lost ring costs a poll interval, never an event.
class EventHub {
public:
    static constexpr auto poll_interval = std::chrono::seconds(1);

    explicit EventHub(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

    class Listener {
    public:
        Listener(EventHub& hub, Uuid stream);
        ~Listener();
        Listener(Listener const&) = delete;
        Listener& operator=(Listener const&) = delete;
        // Returns when the stream's bell rang since the last wait, or after poll_interval. Listens to cancellation.
        [[nodiscard]] boost::asio::awaitable<void> wait();

    private:
        friend class EventHub;
        EventHub& hub_;
        Uuid stream_;
        boost::asio::steady_timer timer_;
        bool rung_ = false;
    };

    void ring(ledger::Batch const& batch);
    void ring(Uuid stream);
    [[nodiscard]] std::size_t listeners() const { return listeners_.size(); }

private:
    boost::asio::any_io_executor executor_;
    std::unordered_multimap<Uuid, Listener*> listeners_;
};

}  // namespace cho40::api
