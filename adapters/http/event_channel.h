#pragma once
#include "adapters/http/message.h"
#include "adapters/http/stream.h"
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <string>
#include <vector>

namespace cho40::http {

// One open event stream: the source fills a bounded buffer, a second coroutine writes it out, a third notices when the
// reader goes away. All on one loop.
class EventChannel final : public EventSink {
public:
    EventChannel(Stream& stream, boost::asio::any_io_executor executor, std::chrono::milliseconds comment_every,
                 std::chrono::milliseconds write_max);

    using EventSink::send;
    boost::asio::awaitable<Result<Done>> send(WireEvent event) override;
    [[nodiscard]] bool closed() const override { return closed_; }

    // Runs `source` until it ends, the reader goes away, or close() is called. Returns true when the end of the answer was
    // written. Throws what the source throws.
    [[nodiscard]] boost::asio::awaitable<bool> serve(EventSource source);

    // What is in the buffer is still written, then the stream ends.
    void close();

    [[nodiscard]] std::uint64_t bytes_written() const { return bytes_written_; }

private:
    boost::asio::awaitable<void> run_source(EventSource source);
    boost::asio::awaitable<void> write_out();
    boost::asio::awaitable<void> watch_reader();
    void put(WireEvent event);
    [[nodiscard]] boost::asio::awaitable<bool> write_pending();

    Stream& stream_;
    std::chrono::milliseconds comment_every_;
    std::chrono::milliseconds write_max_;
    std::vector<WireEvent> pending_;  // not written yet
    std::size_t pending_bytes_ = 0;
    bool closed_ = false;  // nothing more is taken
    bool ended_ = false;   // the last chunk is written
    std::uint64_t bytes_written_ = 0;
    boost::asio::steady_timer filled_;  // cancelled when there is something to write
    boost::asio::steady_timer freed_;   // cancelled when there is room again
};

// One event as text/event-stream writes it. Line breaks cannot be smuggled through id or event: they are left out.
[[nodiscard]] std::string event_text(std::string_view id, std::string_view event, std::string_view data);

}  // namespace cho40::http
