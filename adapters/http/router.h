#pragma once
#include "adapters/http/message.h"
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::http {

using Handler = std::function<boost::asio::awaitable<Result<Response>>(Request)>;

inline constexpr std::size_t body_bytes_default = 1024 * 1024;
inline constexpr std::size_t file_bytes_max = 25 * 1024 * 1024;
inline constexpr std::size_t day_file_bytes_max = 48 * 1024 * 1024;             // a partner's day as it comes in, packed or not,
inline constexpr std::size_t day_file_unpacked_bytes_max = 192 * 1024 * 1024;  // and unpacked: more than a million lines

struct RouteOptions {
    std::size_t body_bytes_max = body_bytes_default;
    bool documented = true;  // must have an operation in openapi.json; pages, health and static files have none
    bool quiet = false;      // no access log line for answers below 400 (health checks, metrics)
};

struct Route {
    Method method;
    std::string pattern;       // "/v1/payments/{payment}"
    std::string operation_id;  // "payments.get"; also the label in metrics
    RouteOptions options;
    Handler handler;
};

// The table of all routes. Filled before the server starts, then only read.
// A pattern is literal segments and {name} for one whole segment; the last may be {name...}, which takes the rest of the
// path, also when it is empty. Literals win over {name}, and {name} over {name...}. HEAD is answered by the GET route
// without its body, OPTIONS by the router.
class Router {
public:
    Router();
    ~Router();
    Router(Router&&) noexcept;
    Router& operator=(Router&&) noexcept;

    // Stops the process (CHO_CHECK) on a malformed pattern, a second route for the same method and pattern, or an
    // operation id used twice: these are bugs, seen at start.
    void add(Method method, std::string pattern, std::string operation_id, Handler handler, RouteOptions options = {});

    struct Found {
        Route const* route = nullptr;              // null: not_found or method_not_allowed
        std::vector<Parameter> path_parameters;    // decoded
        std::vector<std::string_view> allowed;     // for 405 and OPTIONS: the methods of this path
    };
    // `path` is percent-encoded; a bad escape is not found.
    [[nodiscard]] Found find(Method method, std::string_view path) const;

    // Who answers GET for an address that no route knows, in words for people. Without one, and for every other method, it
    // is the problem not_found.
    void answer_unknown(Handler handler) { unknown_ = std::move(handler); }
    [[nodiscard]] Handler const& unknown() const { return unknown_; }

    [[nodiscard]] std::vector<Route const*> routes() const;  // in the order of add()

private:
    struct Node;
    std::unique_ptr<Node> root_;
    std::vector<std::unique_ptr<Route>> routes_;
    Handler unknown_;
};

}  // namespace cho40::http
