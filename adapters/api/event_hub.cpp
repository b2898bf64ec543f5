#include "adapters/api/event_hub.h"
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cho40::api {
namespace {

constexpr auto forever = std::chrono::steady_clock::time_point::max();

boost::asio::awaitable<void> rest(boost::asio::steady_timer& timer)
{
    boost::system::error_code ignored;  // cancelled by a bell, or by whoever ends the coroutine (asked below)
    co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    auto const state = co_await boost::asio::this_coro::cancellation_state;
    if (state.cancelled() != boost::asio::cancellation_type::none) {
        throw boost::system::system_error(boost::asio::error::operation_aborted);
    }
}

}  // namespace

Uuid journal_stream(ledger::BookId book)
{
    Uuid id;
    for (std::size_t i = 0; i < 8; ++i) id.bytes[15 - i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(book.value) >> (8 * i));
    return id;
}

EventHub::Listener::Listener(EventHub& hub, ledger::BookId book, Uuid stream)
    : hub_(hub), book_(book), stream_(stream), timer_(hub.executor_)
{
    hub_.listeners_.emplace(stream_, this);
    ++hub_.books_[book.value].listeners;
}

EventHub::Listener::~Listener()
{
    auto const [from, to] = hub_.listeners_.equal_range(stream_);
    for (auto it = from; it != to; ++it) {
        if (it->second != this) continue;
        hub_.listeners_.erase(it);
        break;
    }
    if (!hub_.listeners_.contains(stream_)) hub_.frames_.forget(stream_);
    auto const book = hub_.books_.find(book_.value);
    if (--book->second.listeners == 0) hub_.books_.erase(book);
}

boost::asio::awaitable<void> EventHub::Listener::wait(std::chrono::steady_clock::duration at_most)
{
    if (!rung_) {
        if (at_most == std::chrono::steady_clock::duration::max()) timer_.expires_at(forever);
        else timer_.expires_after(at_most);
        co_await rest(timer_);
    }
    rung_ = false;
}

boost::asio::awaitable<void> EventHub::watch(ReadNews news, ReadHead head, std::chrono::steady_clock::duration every)
{
    while (true) {
        pause_.expires_after(every);
        co_await rest(pause_);
        std::vector<ledger::BookId> books;
        for (auto const& [book, state] : books_) books.push_back(ledger::BookId{book});
        for (auto const book : books) co_await look(book, news, head);
    }
}

boost::asio::awaitable<void> EventHub::look(ledger::BookId book, ReadNews& news, ReadHead& head)
{
    auto found = books_.find(book.value);
    if (found == books_.end()) co_return;
    auto const known = found->second.known;
    if (!known) {
        auto const newest = co_await head(book);
        found = books_.find(book.value);
        if (!newest || found == books_.end()) co_return;
        found->second.known = std::max(*newest, found->second.known.value_or(0));
        ring_all(book);  // what came between their first reading and this look
        co_return;
    }
    auto const fresh = co_await news(book, *known);
    found = books_.find(book.value);
    if (!fresh || found == books_.end()) co_return;
    for (auto const& stream : fresh->streams) ring(stream);
    found->second.known = std::max(fresh->head, found->second.known.value_or(0));
}

void EventHub::ring_all(ledger::BookId book)
{
    std::vector<Uuid> streams;
    for (auto const& [stream, listener] : listeners_) {
        if (listener->book_ == book && (streams.empty() || streams.back() != stream)) streams.push_back(stream);
    }
    for (auto const& stream : streams) ring(stream);
}

void EventHub::ring(Uuid stream)
{
    frames_.forget(stream);
    auto const [from, to] = listeners_.equal_range(stream);
    for (auto it = from; it != to; ++it) {
        it->second->rung_ = true;
        it->second->timer_.cancel();
    }
}

void EventHub::ring(ledger::Batch const& batch)
{
    if (listeners_.empty()) return;
    for (auto const& numbered : batch.events) {
        ring(numbered.event.stream);
        auto const book = books_.find(numbered.book.value);
        if (book == books_.end() || !book->second.known) continue;
        // Only what follows on what is known leaves nothing between them unrung.
        if (*book->second.known + 1 == numbered.seq) book->second.known = numbered.seq;
    }
    std::optional<ledger::BookId> rung;
    for (auto const& row : batch.journal) {
        if (rung != row.book) ring(journal_stream(row.book));
        rung = row.book;
    }
}

}  // namespace cho40::api
