#pragma once
#include "adapters/http/message.h"
#include "adapters/observability/metrics.h"
#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <memory>
#include <string>

namespace cho40::http {

struct ClientOptions {
    std::string name = "client";              // label in metrics: which peer this is
    std::size_t connections_max = 16;         // per origin (scheme, host, port)
    std::size_t waiting_max = 256;            // calls that wait for a connection; beyond: unavailable, not sent
    std::size_t response_bytes_max = 8 * 1024 * 1024;
    std::size_t header_bytes_max = 64 * 1024;
    std::chrono::milliseconds connect_max = std::chrono::seconds(5);  // name, TCP and TLS together
    std::chrono::milliseconds idle_max = std::chrono::seconds(20);    // a pooled connection older than this is not reused
    std::string ca_file = {};                 // PEM to trust beside the system's; empty: the system's only
    std::string client_certificate_file = {};  // PEM, for mTLS
    std::string client_key_file = {};
};

struct Outgoing {
    Method method = Method::get;
    std::string url;  // http:// or https://
    Headers headers = {};
    std::string body = {};
    std::chrono::milliseconds deadline = std::chrono::seconds(15);  // for the whole call, waiting for a connection included

    Outgoing() = default;
    Outgoing(Method m, std::string u, std::string b = {}) : method(m), url(std::move(u)), body(std::move(b)) {}
};

// What the other side may have seen of a call that has no answer.
enum class Sent {
    no,        // surely nothing that it could act on: trying again is safe
    unknown,   // perhaps all of it: try again only with the same key, or ask
    answered,  // there is a whole answer (of any status)
};

struct CallResult {
    // A whole answer of any status, or: upstream_timeout (deadline), upstream_error (connection, TLS, protocol, too
    // large), unavailable (waiting_max), invalid_input (the URL).
    Result<Response> response = Response();
    Sent sent = Sent::no;
};

// Keep-alive HTTP/1.1 client with a pool per origin. TLS always verifies the chain and the host name, with SNI. Follows no
// redirects, keeps no cookies. Used from one loop; calls in flight must end (or be cancelled) before it is destroyed.
class Client {
public:
    Client(boost::asio::any_io_executor executor, ClientOptions options, observability::Metrics& metrics);
    ~Client();
    Client(Client const&) = delete;
    Client& operator=(Client const&) = delete;

    [[nodiscard]] boost::asio::awaitable<CallResult> call(Outgoing request);

    // Closes pooled connections that nobody uses.
    void close_idle();

private:
    class Inside;
    std::shared_ptr<Inside> inside_;
};

}  // namespace cho40::http
