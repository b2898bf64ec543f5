#pragma once
#include "adapters/http/stream.h"
#include "base/result.h"
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <string>
#include <vector>

namespace cho40::http {

struct Origin {
    bool secure = false;
    std::string host;  // a name or an address, without brackets
    std::string port;

    [[nodiscard]] std::string key() const { return (secure ? "https://" : "http://") + host + ":" + port; }
    // As the Host header carries it: the port only when it is not the scheme's.
    [[nodiscard]] std::string host_field() const;
};

struct Address {
    Origin origin;
    std::string target;  // path and query
};

// Error invalid_input: not an absolute http(s) URL, or one with user information.
[[nodiscard]] Result<Address> parse_url(std::string_view url);

// All addresses of a name. Listens to cancellation, which the system's resolver does not: a late answer is dropped.
[[nodiscard]] boost::asio::awaitable<Result<std::vector<boost::asio::ip::tcp::endpoint>>> resolve(std::string host, std::string port);

// The first address that accepts. Error upstream_error.
[[nodiscard]] boost::asio::awaitable<Result<std::shared_ptr<boost::asio::ip::tcp::socket>>> connect(std::string host, std::string port);

}  // namespace cho40::http
