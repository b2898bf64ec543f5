#include "adapters/http/stream.h"
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <sys/socket.h>

namespace cho40::http {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;

namespace {

class TlsStream final : public Stream {
public:
    TlsStream(asio::ip::tcp::socket socket, ssl::context& context, bool server, std::string host)
        : Stream(socket.get_executor()), stream_(std::move(socket), context), server_(server), host_(std::move(host))
    {
        boost::system::error_code ignored;
        stream_.next_layer().set_option(asio::ip::tcp::no_delay(true), ignored);
    }

    asio::awaitable<boost::system::error_code> handshake() override
    {
        if (!server_) {
            boost::system::error_code no_address;
            asio::ip::make_address(host_, no_address);
            // SNI carries names only (RFC 6066 §3); an address is checked against the certificate all the same.
            if (no_address && SSL_set_tlsext_host_name(stream_.native_handle(), host_.c_str()) != 1) {
                co_return make_error_code(asio::error::invalid_argument);
            }
            stream_.set_verify_mode(ssl::verify_peer);
            stream_.set_verify_callback(ssl::host_name_verification(host_));
        }
        auto const side = server_ ? ssl::stream_base::server : ssl::stream_base::client;
        auto [error] = co_await stream_.async_handshake(side, asio::as_tuple(asio::use_awaitable));
        co_return error;
    }

    asio::awaitable<Transfer> read_some(asio::mutable_buffer buffer) override
    {
        if (timed_out()) co_return Transfer{asio::error::timed_out, 0};
        auto [error, bytes] = co_await stream_.async_read_some(buffer, asio::as_tuple(asio::use_awaitable));
        co_return Transfer{error, bytes};
    }

    asio::awaitable<Transfer> write(asio::const_buffer first, asio::const_buffer second) override
    {
        if (timed_out()) co_return Transfer{asio::error::timed_out, 0};
        // One TLS record for small answers: the pieces are joined, a stream would encrypt them one by one.
        std::array<asio::const_buffer, 2> buffers = {first, second};
        std::string joined;
        if (second.size() > 0 && first.size() + second.size() <= joined_max) {
            joined.reserve(first.size() + second.size());
            joined.append(static_cast<char const*>(first.data()), first.size());
            joined.append(static_cast<char const*>(second.data()), second.size());
            buffers = {asio::buffer(joined), asio::const_buffer()};
        }
        auto [error, bytes] = co_await asio::async_write(stream_, buffers, asio::as_tuple(asio::use_awaitable));
        co_return Transfer{error, bytes};
    }

    asio::awaitable<void> shutdown() override
    {
        if (timed_out()) co_return;
        // The other side often just closes; the answer is delivered, so how it ends does not matter.
        co_await stream_.async_shutdown(asio::as_tuple(asio::use_awaitable));
        boost::system::error_code ignored;
        stream_.next_layer().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    }

    void cut() override
    {
        boost::system::error_code ignored;
        stream_.next_layer().close(ignored);
    }

    bool is_stale() override
    {
        auto& socket = stream_.next_layer();
        if (!socket.is_open() || SSL_pending(stream_.native_handle()) > 0) return true;
        char byte = 0;
        auto const n = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        // Whatever lies there unread (the close_notify of an orderly end, above all) means that it is over: the tickets of
        // TLS 1.3 were read with the first answer.
        return n >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
    }

protected:
    void interrupt() override
    {
        boost::system::error_code ignored;
        stream_.next_layer().cancel(ignored);
    }

private:
    static constexpr std::size_t joined_max = 16 * 1024;

    ssl::stream<asio::ip::tcp::socket> stream_;
    bool server_;
    std::string host_;
};

}  // namespace

std::unique_ptr<Stream> make_tls_server_stream(asio::ip::tcp::socket socket, ssl::context& context)
{
    return std::make_unique<TlsStream>(std::move(socket), context, true, std::string());
}

std::unique_ptr<Stream> make_tls_client_stream(asio::ip::tcp::socket socket, ssl::context& context, std::string host)
{
    return std::make_unique<TlsStream>(std::move(socket), context, false, std::move(host));
}

}  // namespace cho40::http
