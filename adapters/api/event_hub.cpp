#include "adapters/api/event_hub.h"
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cho40::api {

Uuid journal_stream(ledger::BookId book)
{
    Uuid id;
    for (std::size_t i = 0; i < 8; ++i) id.bytes[15 - i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(book.value) >> (8 * i));
    return id;
}

EventHub::Listener::Listener(EventHub& hub, Uuid stream) : hub_(hub), stream_(stream), timer_(hub.executor_)
{
    hub_.listeners_.emplace(stream_, this);
}

EventHub::Listener::~Listener()
{
    auto const [from, to] = hub_.listeners_.equal_range(stream_);
    for (auto it = from; it != to; ++it) {
        if (it->second != this) continue;
        hub_.listeners_.erase(it);
        return;
    }
}

boost::asio::awaitable<void> EventHub::Listener::wait()
{
    if (!rung_) {
        timer_.expires_after(poll_interval);
        boost::system::error_code ignored;  // cancelled by the bell, or by whoever ends the stream (asked below)
        co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
        auto const state = co_await boost::asio::this_coro::cancellation_state;
        if (state.cancelled() != boost::asio::cancellation_type::none) {
            throw boost::system::system_error(boost::asio::error::operation_aborted);
        }
    }
    rung_ = false;
}

void EventHub::ring(Uuid stream)
{
    auto const [from, to] = listeners_.equal_range(stream);
    for (auto it = from; it != to; ++it) {
        it->second->rung_ = true;
        it->second->timer_.cancel();
    }
}

void EventHub::ring(ledger::Batch const& batch)
{
    if (listeners_.empty()) return;
    for (auto const& numbered : batch.events) ring(numbered.event.stream);
    std::optional<ledger::BookId> rung;
    for (auto const& row : batch.journal) {
        if (rung != row.book) ring(journal_stream(row.book));
        rung = row.book;
    }
}

}  // namespace cho40::api
