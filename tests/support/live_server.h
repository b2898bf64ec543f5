#pragma once
#include "adapters/http/codec.h"
#include "adapters/http/server.h"
#include <arpa/inet.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <functional>
#include <gtest/gtest.h>
#include <mutex>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace cho40::tests {

// A server on a free port with a loop of its own, and what it logged.
class LiveServer {
public:
    explicit LiveServer(std::function<void(http::Router&)> const& routes, http::ServerOptions options = {})
        : log_(clock_, observability::Level::debug,
               [this](std::string_view line) {
                   std::lock_guard const guard(lock_);
                   lines_ += line;
               }),
          server_((routes(router_), loop_.get_executor()), std::move(options), router_, log_, metrics, clock_)
    {
        auto const started = server_.start();
        if (!started) ADD_FAILURE() << started.error().detail;
        thread_ = std::thread([this] { loop_.run(); });
    }
    ~LiveServer()
    {
        stop(std::chrono::seconds(5));
        work_.reset();
        thread_.join();
    }

    std::size_t stop(std::chrono::milliseconds limit)
    {
        return boost::asio::co_spawn(loop_, server_.stop(limit), boost::asio::use_future).get();
    }
    // Runs something on the server's loop and waits for it.
    template <class T>
    T on_loop(boost::asio::awaitable<T> work)
    {
        return boost::asio::co_spawn(loop_, std::move(work), boost::asio::use_future).get();
    }
    boost::asio::io_context& loop() { return loop_; }
    [[nodiscard]] std::uint16_t port() const { return server_.port(); }
    [[nodiscard]] std::string url(std::string const& path) const { return "http://127.0.0.1:" + std::to_string(port()) + path; }
    // Whether a line appears in /metrics within ten seconds.
    bool wait_for_metric(std::string const& line)
    {
        for (int i = 0; i < 1000; ++i) {
            if (metrics.text().find(line) != std::string::npos) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        return false;
    }
    std::string log_lines()
    {
        std::lock_guard const guard(lock_);
        return lines_;
    }

    observability::Metrics metrics;

private:
    SystemClock clock_;
    std::mutex lock_;
    std::string lines_;
    observability::Log log_;
    http::Router router_;
    boost::asio::io_context loop_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{loop_.get_executor()};
    http::Server server_;
    std::thread thread_;
};

// A client that sends exactly the bytes it is told to, in as many pieces as the test wants.
class RawConnection {
public:
    explicit RawConnection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) ADD_FAILURE() << "connect";
    }
    ~RawConnection() { ::close(socket_); }
    RawConnection(RawConnection const&) = delete;
    RawConnection& operator=(RawConnection const&) = delete;

    bool send(std::string_view bytes) const
    {
        while (!bytes.empty()) {
            auto const n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (n <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
        return true;
    }
    void end_sending() const { ::shutdown(socket_, SHUT_WR); }

    // One answer, whole; fails the test when it does not come within ten seconds.
    http::Response read_response(bool answers_head = false)
    {
        http::ResponseDecoder decoder({}, answers_head);
        while (!decoder.done()) {
            if (!rest_.empty()) {
                auto const used = decoder.put(rest_);
                if (!used) {
                    ADD_FAILURE() << used.error().detail << ": " << rest_;
                    return http::Response(0);
                }
                rest_.erase(0, *used);
                if (decoder.done()) break;
            }
            if (!read_some()) {
                auto const end = decoder.put_end();
                if (!end) {
                    ADD_FAILURE() << end.error().detail;
                    return http::Response(0);
                }
            }
        }
        return decoder.take();
    }
    // Everything until the other side closes.
    std::string read_to_end()
    {
        while (read_some()) {}
        return std::exchange(rest_, {});
    }
    // Reads until `text` has arrived and returns all up to its end.
    std::string read_until(std::string_view text)
    {
        while (rest_.find(text) == std::string::npos) {
            if (!read_some()) {
                ADD_FAILURE() << "the connection ended before \"" << text << "\" came; there was: " << rest_;
                return {};
            }
        }
        auto const end = rest_.find(text) + text.size();
        auto out = rest_.substr(0, end);
        rest_.erase(0, end);
        return out;
    }

private:
    bool read_some()
    {
        pollfd waiting{socket_, POLLIN, 0};
        if (::poll(&waiting, 1, 10'000) != 1) {
            ADD_FAILURE() << "nothing came within ten seconds; there was: " << rest_;
            return false;
        }
        std::array<char, 16384> bytes{};
        auto const n = ::recv(socket_, bytes.data(), bytes.size(), 0);
        if (n <= 0) return false;
        rest_.append(bytes.data(), static_cast<std::size_t>(n));
        return true;
    }

    int socket_;
    std::string rest_;
};

}  // namespace cho40::tests
