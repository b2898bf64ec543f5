#pragma once
#include "adapters/http/message.h"
#include "adapters/http/router.h"
#include "adapters/observability/job_group.h"
#include "adapters/observability/log.h"
#include "adapters/observability/metrics.h"
#include "base/time.h"
#include "base/uuid.h"
#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cho40::http {

struct TlsServerFiles {
    std::string certificate_chain_file;  // PEM
    std::string private_key_file;        // PEM
    std::string client_ca_file = {};     // when given, clients must show a certificate signed by one of these (mTLS)
};

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  // 0: any free port, see Server::port()
    bool share_port = false;  // SO_REUSEPORT: several processes accept on one port
    std::optional<TlsServerFiles> tls = {};
    std::size_t connections_max = 16'384;  // beyond: 503 and close
    std::size_t header_bytes_max = 16 * 1024;
    std::size_t target_bytes_max = 8 * 1024;
    std::chrono::milliseconds idle_max = std::chrono::seconds(60);    // between two requests of a connection
    std::chrono::milliseconds header_max = std::chrono::seconds(10);  // first to last byte of a request's head
    std::chrono::milliseconds body_max = std::chrono::seconds(30);
    std::chrono::milliseconds write_max = std::chrono::seconds(30);   // without any progress
    std::chrono::milliseconds handler_max = std::chrono::seconds(60); // then 503 and the handler is cancelled
    std::chrono::milliseconds event_comment_every = std::chrono::seconds(15);
    std::vector<std::string> trusted_proxies = {"127.0.0.1", "::1"};  // whose X-Forwarded-For and -Proto are believed
    std::string content_security_policy =
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    bool announce_tls = false;  // send Strict-Transport-Security also without TLS of our own (a proxy speaks it)
};

// HTTP/1.1 over TCP or TLS on one loop. The router must outlive it.
class Server {
public:
    Server(boost::asio::any_io_executor executor, ServerOptions options, Router const& router, observability::Log const& log,
           observability::Metrics& metrics, Clock const& clock, Random& random = system_random());
    ~Server();
    Server(Server const&) = delete;
    Server& operator=(Server const&) = delete;

    // Binds and starts to accept. Errors: invalid_config (address, certificate), unavailable (port taken).
    [[nodiscard]] Result<Done> start();
    [[nodiscard]] std::uint16_t port() const;  // the one really bound
    [[nodiscard]] std::size_t connections() const;

    // Stops accepting, ends event streams, lets requests that are running finish (their answers say
    // Connection: close), closes idle connections at once, and cuts what is left after `limit`. Returns how many were cut.
    [[nodiscard]] boost::asio::awaitable<std::size_t> stop(std::chrono::steady_clock::duration limit);

private:
    class Inside;
    std::shared_ptr<Inside> inside_;
};

}  // namespace cho40::http
