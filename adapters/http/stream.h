#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

// Bytes both ways, TCP or TLS. Everything that knows Asio's TLS lies behind this (compile time: decision 2).
namespace boost::asio::ssl {
class context;
}

namespace cho40::http {

struct Transfer {
    boost::system::error_code error;
    std::size_t bytes = 0;
};

// Calls back once when its time has come. Moving it is cheap: the timer is armed again only for an earlier time, a later
// one is noticed when it fires.
class Deadline {
public:
    Deadline(boost::asio::any_io_executor executor, std::function<void()> expired);
    ~Deadline();
    Deadline(Deadline const&) = delete;
    Deadline& operator=(Deadline const&) = delete;

    void expires_after(std::chrono::steady_clock::duration limit);
    void never();

private:
    struct State;
    static void arm(std::shared_ptr<State> const& state);
    std::shared_ptr<State> state_;
};

class Stream {
public:
    virtual ~Stream() = default;

    // TLS handshake; nothing over TCP. Pre: a deadline is set.
    virtual boost::asio::awaitable<boost::system::error_code> handshake() = 0;
    virtual boost::asio::awaitable<Transfer> read_some(boost::asio::mutable_buffer buffer) = 0;
    // Writes all of both, in this order.
    virtual boost::asio::awaitable<Transfer> write(boost::asio::const_buffer first, boost::asio::const_buffer second) = 0;
    // Tells the other side that nothing more comes (TLS close_notify, TCP FIN). Errors do not matter any more.
    // Pre: a deadline is set; TLS waits for the other side's word.
    virtual boost::asio::awaitable<void> shutdown() = 0;
    // Ends everything at once; what is waiting returns with an error.
    virtual void cut() = 0;
    // Whether the other side has closed or sent something while nobody was reading: such a connection is not used again.
    [[nodiscard]] virtual bool is_stale() = 0;

    // One deadline holds for reading and writing until it is set anew. When it passes, what is waiting fails, and so does
    // everything after it until a new deadline is set: a slow sender can still be told so.
    void expires_after(std::chrono::steady_clock::duration limit)
    {
        timed_out_ = false;
        deadline_.expires_after(limit);
    }
    void never_expires() { deadline_.never(); }
    [[nodiscard]] bool timed_out() const { return timed_out_; }

protected:
    explicit Stream(boost::asio::any_io_executor executor);
    // Makes what is waiting fail; the connection stays.
    virtual void interrupt() = 0;

private:
    bool timed_out_ = false;
    Deadline deadline_;
};

[[nodiscard]] std::unique_ptr<Stream> make_tcp_stream(boost::asio::ip::tcp::socket socket);
[[nodiscard]] std::unique_ptr<Stream> make_tls_server_stream(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& context);
// `host` is sent as SNI and must be in the certificate.
[[nodiscard]] std::unique_ptr<Stream> make_tls_client_stream(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& context,
                                                             std::string host);

}  // namespace cho40::http
