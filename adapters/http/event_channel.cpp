#include "adapters/http/event_channel.h"
#include "adapters/http/codec.h"
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cho40::http {

namespace asio = boost::asio;

namespace {

constexpr std::size_t pending_bytes_max = 64 * 1024;

// As a chunk of the answer (RFC 9112 §7.1); an empty one ends it.
WireEvent chunk_of(std::string_view text)
{
    std::string chunk;
    chunk.reserve(text.size() + 20);
    put_chunk_size(chunk, text.size());
    chunk += text;
    chunk += "\r\n";
    return std::make_shared<std::string const>(std::move(chunk));
}

WireEvent const retry = chunk_of("retry: 2000\n\n");
WireEvent const comment = chunk_of(":\n\n");
WireEvent const end_of_answer = chunk_of({});

void put_line(std::string& out, std::string_view name, std::string_view value)
{
    out += name;
    for (char c : value) {
        if (c != '\n' && c != '\r' && c != '\0') out += c;
    }
    out += '\n';
}

}  // namespace

std::string event_text(std::string_view id, std::string_view event, std::string_view data)
{
    std::string out;
    out.reserve(id.size() + event.size() + data.size() + 32);
    if (!id.empty()) put_line(out, "id: ", id);
    if (!event.empty()) put_line(out, "event: ", event);
    while (true) {
        auto const end = data.find('\n');
        put_line(out, "data: ", data.substr(0, end));
        if (end == std::string_view::npos) break;
        data.remove_prefix(end + 1);
    }
    out += '\n';
    return out;
}

EventChannel::EventChannel(Stream& stream, asio::any_io_executor executor, std::chrono::milliseconds comment_every,
                           std::chrono::milliseconds write_max)
    : stream_(stream), comment_every_(comment_every), write_max_(write_max), filled_(executor), freed_(executor)
{
}

WireEvent wire_event(std::string_view id, std::string_view event, std::string_view data) { return chunk_of(event_text(id, event, data)); }

asio::awaitable<Result<Done>> EventChannel::send(WireEvent event)
{
    while (!closed_ && !pending_.empty() && pending_bytes_ + event->size() > pending_bytes_max) {
        // The writer has its own deadline: when the reader makes no progress the stream is cut and we are woken.
        freed_.expires_at(std::chrono::steady_clock::time_point::max());
        co_await freed_.async_wait(asio::as_tuple(asio::use_awaitable));
        auto const state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none) { co_return fail(Errc::unavailable, "the event stream is over"); }
    }
    if (closed_) co_return fail(Errc::unavailable, "the event stream is over");
    put(std::move(event));
    filled_.cancel();
    co_return Done{};
}

void EventChannel::put(WireEvent event)
{
    pending_bytes_ += event->size();
    pending_.push_back(std::move(event));
}

void EventChannel::close()
{
    closed_ = true;
    filled_.cancel();
    freed_.cancel();
}

asio::awaitable<bool> EventChannel::serve(EventSource source)
{
    auto const executor = co_await asio::this_coro::executor;
    put(retry);
    stream_.never_expires();
    // Ends with the first of: everything written and closed, the reader gone. The source is cancelled with them; when the
    // source ends by itself it closes the channel and waits for the writer.
    auto writing = asio::co_spawn(executor, write_out(), asio::deferred);
    auto watching = asio::co_spawn(executor, watch_reader(), asio::deferred);
    auto feeding = asio::co_spawn(executor, run_source(std::move(source)), asio::deferred);
    auto group = asio::experimental::make_parallel_group(std::move(writing), std::move(watching), std::move(feeding));
    auto [order, write_error, watch_error, source_error] = co_await group.async_wait(asio::experimental::wait_for_one(),
                                                                                     asio::use_awaitable);
    closed_ = true;
    // Cancelled losers end with operation_aborted; only a source that was first says something of its own.
    if (order[0] == 2 && source_error) std::rethrow_exception(source_error);
    co_return ended_;
}

asio::awaitable<void> EventChannel::run_source(EventSource source)
{
    co_await source(*this);
    close();
    while (!ended_) {
        freed_.expires_at(std::chrono::steady_clock::time_point::max());
        co_await freed_.async_wait(asio::as_tuple(asio::use_awaitable));
        auto const state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none) co_return;
    }
}

asio::awaitable<void> EventChannel::write_out()
{
    while (true) {
        if (!pending_.empty()) {
            bool const written = co_await write_pending();
            if (!written) break;
            freed_.cancel();
            continue;
        }
        if (closed_) {
            put(end_of_answer);
            ended_ = co_await write_pending();
            break;
        }
        filled_.expires_after(comment_every_);
        auto const [error] = co_await filled_.async_wait(asio::as_tuple(asio::use_awaitable));
        if (!error && pending_.empty()) put(comment);
        auto const state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none) break;
    }
    closed_ = true;
    freed_.cancel();
}

asio::awaitable<bool> EventChannel::write_pending()
{
    auto const events = std::exchange(pending_, {});
    pending_bytes_ = 0;
    for (std::size_t i = 0; i < events.size(); i += 2) {
        auto const second = i + 1 < events.size() ? asio::buffer(*events[i + 1]) : asio::const_buffer();
        stream_.expires_after(write_max_);
        auto const done = co_await stream_.write(asio::buffer(*events[i]), second);
        stream_.never_expires();
        bytes_written_ += done.bytes;
        if (done.error) co_return false;
    }
    co_return true;
}

asio::awaitable<void> EventChannel::watch_reader()
{
    std::array<char, 64> scratch{};
    while (true) {
        auto const got = co_await stream_.read_some(asio::buffer(scratch));
        if (got.error) co_return;
    }
}

}  // namespace cho40::http
