#include "adapters/http/connect.h"
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace cho40::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using Endpoints = std::vector<tcp::endpoint>;

std::string Origin::host_field() const
{
    auto field = host.find(':') == std::string::npos ? host : "[" + host + "]";
    if (port != (secure ? "443" : "80")) field += ":" + port;
    return field;
}

Result<Address> parse_url(std::string_view text)
{
    namespace urls = boost::urls;
    auto const url = urls::parse_uri(boost::core::string_view(text.data(), text.size()));
    // The text itself may carry a key in its query: it is not repeated in the error.
    if (!url) return fail(Errc::invalid_input, "not an absolute URL");
    bool const secure = url->scheme_id() == urls::scheme::https;
    if (!secure && url->scheme_id() != urls::scheme::http) return fail(Errc::invalid_input, "not an http or https URL");
    if (url->has_userinfo()) return fail(Errc::invalid_input, "a URL must not carry user information");
    Address address;
    address.origin.secure = secure;
    auto const host = url->host_address();  // without the brackets of IPv6
    address.origin.host.assign(host.data(), host.size());
    if (address.origin.host.empty()) return fail(Errc::invalid_input, "the URL has no host");
    auto const port = url->port();
    address.origin.port = port.empty() ? (secure ? "443" : "80") : std::string(port.data(), port.size());
    auto const path = url->encoded_path();
    address.target.assign(path.data(), path.size());
    if (address.target.empty()) address.target = "/";
    if (url->has_query()) {
        auto const query = url->encoded_query();
        address.target += '?';
        address.target.append(query.data(), query.size());
    }
    return address;
}

asio::awaitable<Result<Endpoints>> resolve(std::string host, std::string port)
{
    boost::system::error_code not_an_address;
    auto const address = asio::ip::make_address(host, not_an_address);
    if (!not_an_address) {
        Endpoints one = {tcp::endpoint(address, static_cast<std::uint16_t>(std::strtoul(port.c_str(), nullptr, 10)))};
        co_return one;
    }

    auto start = [host, port](auto handler) {
        auto const slot = asio::get_associated_cancellation_slot(handler);
        auto const loop = asio::get_associated_executor(handler);
        struct State {
            State(decltype(handler) h, asio::any_io_executor executor) : handler(std::move(h)), resolver(executor) {}
            decltype(handler) handler;
            tcp::resolver resolver;
            bool done = false;
        };
        auto state = std::make_shared<State>(std::move(handler), loop);
        auto finish = [state, loop](boost::system::error_code error, Endpoints found) {
            if (std::exchange(state->done, true)) return;
            asio::post(loop, [state, error, found = std::move(found)]() mutable {
                auto waiting = std::move(state->handler);
                std::move(waiting)(error, std::move(found));
            });
        };
        auto slot_now = slot;
        if (slot_now.is_connected()) {
            slot_now.assign([finish](asio::cancellation_type) { finish(asio::error::operation_aborted, {}); });
        }
        state->resolver.async_resolve(host, port, [finish](boost::system::error_code error, tcp::resolver::results_type results) {
            Endpoints found;
            for (auto const& entry : results) found.push_back(entry.endpoint());
            finish(error, std::move(found));
        });
    };
    auto operation = asio::async_initiate<decltype(asio::as_tuple(asio::use_awaitable)) const, void(boost::system::error_code, Endpoints)>(
        start, asio::as_tuple(asio::use_awaitable));
    auto [error, found] = co_await std::move(operation);
    if (error) co_return fail(Errc::upstream_error, "the name " + host + " is not known: " + error.message());
    co_return std::move(found);
}

asio::awaitable<Result<std::shared_ptr<tcp::socket>>> connect(std::string host, std::string port)
{
    CHO_CO_TRY(auto const endpoints, co_await resolve(host, port));
    auto const executor = co_await asio::this_coro::executor;
    std::string why = "no address";
    for (auto const& endpoint : endpoints) {
        auto socket = std::make_shared<tcp::socket>(executor);
        auto const [error] = co_await socket->async_connect(endpoint, asio::as_tuple(asio::use_awaitable));
        if (!error) co_return socket;
        why = error.message();
    }
    co_return fail(Errc::upstream_error, "cannot connect to " + host + " port " + port + ": " + why);
}

}  // namespace cho40::http
