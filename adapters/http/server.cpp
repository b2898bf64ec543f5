#include "adapters/http/server.h"
#include "adapters/http/session.h"
#include "adapters/http/tls_context.h"
#include "base/check.h"
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <ctime>
#include <sys/socket.h>

namespace cho40::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr auto accept_pause = std::chrono::milliseconds(50);  // after "too many open files" and the like
constexpr auto cut_wait = std::chrono::seconds(2);            // for handlers to hear that they are cancelled

std::string standing_fields_of(ServerOptions const& options)
{
    std::string fields;
    if (options.tls || options.announce_tls) put_field(fields, "Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    put_field(fields, "X-Content-Type-Options", "nosniff");
    put_field(fields, "Referrer-Policy", "no-referrer");
    return fields;
}

}  // namespace

ServerCore::ServerCore(ServerOptions server_options, Router const& routes, observability::Log const& server_log,
                       observability::Metrics& metrics, Clock const& server_clock, Random& server_random)
    : options(std::move(server_options)), router(routes), log(server_log), clock(server_clock), random(server_random),
      accepted(metrics.counter("cho40_http_connections_accepted_total", "Connections accepted")),
      turned_away(metrics.counter("cho40_http_connections_refused_total", "Connections refused because too many are open")),
      open_now(metrics.gauge("cho40_http_connections_open", "Connections open now")), metrics_(metrics),
      standing_fields_(standing_fields_of(options))
{
}

void ServerCore::count(Route const* route, int status, std::chrono::steady_clock::duration took)
{
    auto found = measured_.find(route);
    std::string const operation = route ? route->operation_id : "none";
    if (found == measured_.end()) {
        auto seconds = metrics_.histogram("cho40_http_request_seconds", "From the first byte of a request to the last of its answer",
                                          observability::latency_bounds(), {{"operation", operation}});
        found = measured_.emplace(route, Measured{seconds, {}}).first;
    }
    auto& measured = found->second;
    measured.seconds.observe(std::chrono::duration<double>(took).count());
    for (auto const& [known, counter] : measured.by_status) {
        if (known == status) return counter.add();
    }
    auto const counter = metrics_.counter("cho40_http_requests_total", "Requests answered",
                                          {{"operation", operation}, {"status", std::to_string(status)}});
    counter.add();
    measured.by_status.emplace_back(status, counter);
}

void ServerCore::count_malformed(Errc code)
{
    metrics_.counter("cho40_http_malformed_total", "Requests refused before a handler saw them", {{"code", std::string(errc_name(code))}})
        .add();
}

std::string const& ServerCore::date()
{
    auto const second = std::chrono::floor<std::chrono::seconds>(clock.now()).time_since_epoch().count();
    if (second != date_second_) {
        date_second_ = second;
        std::time_t const time = second;
        std::tm parts{};
        gmtime_r(&time, &parts);
        // RFC 9110 §5.6.7 wants English names whatever the locale; the process never leaves "C".
        std::array<char, 40> text{};
        auto const length = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
        date_.assign(text.data(), length);
    }
    return date_;
}

class Server::Inside : public std::enable_shared_from_this<Inside> {
public:
    Inside(asio::any_io_executor executor, ServerOptions options, Router const& router, observability::Log const& log,
           observability::Metrics& metrics, Clock const& clock, Random& random)
        : executor_(executor), core_(std::move(options), router, log, metrics, clock, random), acceptor_(executor), pause_(executor),
          quiet_(executor)
    {
    }

    Result<Done> start()
    {
        auto const& options = core_.options;
        if (options.tls) { CHO_TRY(tls_, make_server_context(*options.tls)); }
        boost::system::error_code error;
        auto const address = asio::ip::make_address(options.address, error);
        if (error) return fail(Errc::invalid_config, "not an address to listen on: " + options.address);
        tcp::endpoint const endpoint(address, options.port);
        acceptor_.open(endpoint.protocol(), error);
        if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
        if (!error && options.share_port) {
            acceptor_.set_option(asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>(true), error);
        }
        if (!error) acceptor_.bind(endpoint, error);
        if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
        if (error) {
            return fail(Errc::unavailable,
                        "cannot listen on " + options.address + " port " + std::to_string(options.port) + ": " + error.message());
        }
        port_ = acceptor_.local_endpoint().port();
        accepting_ = true;
        asio::co_spawn(executor_, accept_all(), [self = shared_from_this()](std::exception_ptr failure) {
            self->accepting_ = false;
            if (failure) self->core_.log.error("http.accept_ended", {});
            self->quiet_.cancel();
        });
        core_.log.info("http.listening", {{"address", options.address}, {"port", port_}, {"tls", options.tls.has_value()}});
        return Done{};
    }

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::size_t connections() const { return sessions_.size(); }

    asio::awaitable<std::size_t> stop(std::chrono::steady_clock::duration limit)
    {
        auto const until = std::chrono::steady_clock::now() + limit;
        take_the_waiting();
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        pause_.cancel();
        for (auto const& [key, session] : sessions_) session->drain();
        co_await until_quiet(until);
        std::size_t const left = sessions_.size();
        for (auto const& [key, session] : sessions_) session->cut();
        co_await until_quiet(std::chrono::steady_clock::now() + cut_wait);
        core_.log.info("http.stopped", {{"cut", left}});
        co_return left;
    }

    void abandon()
    {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        for (auto const& [key, session] : sessions_) session->cut();
    }

private:
    asio::awaitable<void> accept_all()
    {
        while (acceptor_.is_open()) {
            auto [error, socket] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
            if (error == asio::error::operation_aborted) co_return;
            if (error) {
                core_.log.warning("http.accept_failed", {{"error", error.message()}});
                pause_.expires_after(accept_pause);
                co_await pause_.async_wait(asio::as_tuple(asio::use_awaitable));
                continue;
            }
            serve(std::move(socket));
        }
    }

    // What the kernel has already accepted for us would be reset when the listening socket closes.
    void take_the_waiting()
    {
        boost::system::error_code error;
        acceptor_.non_blocking(true, error);
        while (!error) {
            tcp::socket socket(executor_);
            acceptor_.accept(socket, error);
            if (!error) serve(std::move(socket));
        }
    }

    void serve(tcp::socket socket)
    {
        core_.accepted.add();
        boost::system::error_code error;
        auto const remote = socket.remote_endpoint(error);
        if (error) return;  // gone before we looked
        if (sessions_.size() >= core_.options.connections_max) return turn_away(std::move(socket));
        bool const secure = tls_ != nullptr;
        auto stream = secure ? make_tls_server_stream(std::move(socket), *tls_) : make_tcp_stream(std::move(socket));
        auto session = std::make_shared<Session>(core_, executor_, std::move(stream), remote.address().to_string(), secure);
        auto* const key = session.get();
        sessions_.emplace(key, session);
        core_.open_now.set(static_cast<double>(sessions_.size()));
        auto ended = [self = shared_from_this(), session](std::exception_ptr failure) {
            self->report(failure);
            // The coroutine still holds the session's cancellation slot here; it goes one turn later.
            asio::post(self->executor_, [self, session] {
                self->sessions_.erase(session.get());
                self->core_.open_now.set(static_cast<double>(self->sessions_.size()));
                if (self->sessions_.empty()) self->quiet_.cancel();
            });
        };
        asio::co_spawn(executor_, session->run(), asio::bind_cancellation_slot(session->stop.slot(), std::move(ended)));
    }

    void turn_away(tcp::socket socket)
    {
        core_.turned_away.add();
        boost::system::error_code ignored;
        if (!tls_) {
            // Best effort and without waiting: a socket that is new has room for this.
            constexpr std::string_view body =
                R"({"type":"https://docs.cho40.example/problems/unavailable","title":"Tạm thời chưa phục vụ được, hãy thử lại",)"
                R"("status":503,"code":"unavailable","retry":{"advice":"retry_after","after_seconds":2}})";
            std::string text;
            put_status_line(text, 503);
            put_field(text, "Content-Type", "application/problem+json; charset=utf-8");
            put_field(text, "Content-Length", std::to_string(body.size()));
            put_field(text, "Retry-After", "2");
            put_field(text, "Cache-Control", "no-store");
            text += core_.standing_fields();
            text += "Connection: close\r\n\r\n";
            text += body;
            socket.non_blocking(true, ignored);
            socket.send(asio::buffer(text), 0, ignored);
            socket.shutdown(tcp::socket::shutdown_send, ignored);
        }
        socket.close(ignored);
    }

    void report(std::exception_ptr const& failure) const
    {
        if (!failure) return;
        try {
            std::rethrow_exception(failure);
        } catch (boost::system::system_error const& e) {
            if (e.code() != asio::error::operation_aborted) core_.log.error("http.session_failed", {{"error", e.what()}});
        } catch (std::exception const& e) {
            core_.log.error("http.session_failed", {{"error", e.what()}});
        }
    }

    asio::awaitable<void> until_quiet(std::chrono::steady_clock::time_point until)
    {
        while ((accepting_ || !sessions_.empty()) && std::chrono::steady_clock::now() < until) {
            quiet_.expires_at(until);
            co_await quiet_.async_wait(asio::as_tuple(asio::use_awaitable));
        }
    }

    asio::any_io_executor executor_;
    ServerCore core_;
    std::shared_ptr<asio::ssl::context> tls_;
    tcp::acceptor acceptor_;
    asio::steady_timer pause_;
    asio::steady_timer quiet_;  // cancelled when the last session ends
    std::unordered_map<Session*, std::shared_ptr<Session>> sessions_;
    std::uint16_t port_ = 0;
    bool accepting_ = false;
};

Server::Server(asio::any_io_executor executor, ServerOptions options, Router const& router, observability::Log const& log,
               observability::Metrics& metrics, Clock const& clock, Random& random)
    : inside_(std::make_shared<Inside>(std::move(executor), std::move(options), router, log, metrics, clock, random))
{
}

Server::~Server() { inside_->abandon(); }

Result<Done> Server::start() { return inside_->start(); }
std::uint16_t Server::port() const { return inside_->port(); }
std::size_t Server::connections() const { return inside_->connections(); }

asio::awaitable<std::size_t> Server::stop(std::chrono::steady_clock::duration limit) { return inside_->stop(limit); }

}  // namespace cho40::http
