#pragma once
#include "adapters/http/codec.h"
#include "adapters/http/event_channel.h"
#include "adapters/http/server.h"
#include "adapters/http/stream.h"
#include <boost/asio/cancellation_signal.hpp>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace cho40::http {

// What all connections of a server share.
class ServerCore {
public:
    ServerCore(ServerOptions options, Router const& router, observability::Log const& log, observability::Metrics& metrics,
               Clock const& clock, Random& random);

    ServerOptions const options;
    Router const& router;
    observability::Log const& log;
    Clock const& clock;
    Random& random;
    observability::Counter accepted;
    observability::Counter turned_away;
    observability::Gauge open_now;

    // Counts one answer. `route` is null when none was found.
    void count(Route const* route, int status, std::chrono::steady_clock::duration took);
    void count_malformed(Errc code);
    [[nodiscard]] std::string const& date();             // of now, as HTTP writes it
    [[nodiscard]] std::string const& standing_fields() const { return standing_fields_; }

private:
    struct Measured {
        observability::Histogram seconds;
        std::vector<std::pair<int, observability::Counter>> by_status;
    };
    observability::Metrics& metrics_;
    std::unordered_map<Route const*, Measured> measured_;
    std::int64_t date_second_ = -1;
    std::string date_;
    std::string standing_fields_;  // security headers that every answer carries
};

// One connection: reads requests, runs their handlers one after the other, writes the answers.
class Session {
public:
    Session(ServerCore& core, boost::asio::any_io_executor executor, std::unique_ptr<Stream> stream, std::string peer, bool secure);

    [[nodiscard]] boost::asio::awaitable<void> run();

    // Finish the request that is running and close. An idle connection gets a moment: a request may be on its way.
    void drain();
    // End now.
    void cut();

    boost::asio::cancellation_signal stop;

private:
    enum class Reading { ready, closed, refused };

    [[nodiscard]] boost::asio::awaitable<Reading> read_request();
    [[nodiscard]] boost::asio::awaitable<bool> read_more();
    void feed();
    [[nodiscard]] Request make_request();
    [[nodiscard]] boost::asio::awaitable<Result<Response>> handle(Request request);
    [[nodiscard]] boost::asio::awaitable<bool> answer(Response response, bool head_only, bool keep_alive);
    [[nodiscard]] boost::asio::awaitable<bool> answer_events(std::string head, EventSource source);
    [[nodiscard]] boost::asio::awaitable<void> refuse();
    void begin_body();
    [[nodiscard]] boost::asio::awaitable<void> close(bool unread);
    [[nodiscard]] std::string head_of(Response const& response, bool keep_alive) const;
    void note(int status, bool quiet);

    ServerCore& core_;
    boost::asio::any_io_executor executor_;
    std::unique_ptr<Stream> stream_;
    std::string peer_;
    bool secure_;
    RequestDecoder decoder_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;  // of what is read but not used
    std::size_t end_ = 0;
    Deadline handler_deadline_;
    bool handler_expired_ = false;
    bool draining_ = false;
    bool cut_ = false;
    bool idle_ = true;
    EventChannel* events_ = nullptr;
    std::optional<Error> refusal_;

    // Of the request being served.
    Router::Found found_;
    std::string request_id_;
    std::string path_;
    Language language_ = Language::vi;
    std::string_view method_name_;
    std::chrono::steady_clock::time_point began_;
    std::size_t bytes_in_ = 0;
    std::uint64_t bytes_out_ = 0;
};

}  // namespace cho40::http
