#include "adapters/http/router.h"
#include "adapters/http/percent.h"
#include "base/check.h"
#include <algorithm>

namespace cho40::http {

// One segment of the paths. Literals by name, then at most one {name}, then at most one {name...}.
struct Router::Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::unique_ptr<Node> one;
    std::unique_ptr<Node> rest;
    std::vector<Route const*> routes;  // that end here
};

namespace {

std::vector<std::string_view> segments_of(std::string_view path)
{
    std::vector<std::string_view> segments;
    path.remove_prefix(1);
    while (true) {
        auto const slash = path.find('/');
        segments.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos) return segments;
        path.remove_prefix(slash + 1);
    }
}

bool is_name(std::string_view name)
{
    return !name.empty() && std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

struct Segment {
    enum class Kind { literal, one, rest };
    Kind kind = Kind::literal;
    std::string_view text;  // the literal, or the parameter's name
};

Segment read_segment(std::string_view text)
{
    if (!text.starts_with('{')) {
        CHO_CHECK(text.find_first_of("{}%?# ") == std::string_view::npos);
        return {Segment::Kind::literal, text};
    }
    CHO_CHECK(text.ends_with('}'));
    auto name = text.substr(1, text.size() - 2);
    auto kind = Segment::Kind::one;
    if (name.ends_with("...")) {
        kind = Segment::Kind::rest;
        name.remove_suffix(3);
    }
    CHO_CHECK(is_name(name));
    return {kind, name};
}

}  // namespace

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(Method method, std::string pattern, std::string operation_id, Handler handler, RouteOptions options)
{
    CHO_CHECK(pattern.starts_with('/'));
    CHO_CHECK(method != Method::head && method != Method::options && method != Method::other);
    CHO_CHECK(std::ranges::none_of(routes_, [&](auto const& r) { return r->operation_id == operation_id; }));
    routes_.push_back(std::make_unique<Route>(Route{method, std::move(pattern), std::move(operation_id), options, std::move(handler)}));
    Route const* const route = routes_.back().get();

    Node* node = root_.get();
    bool ended = false;
    for (auto text : segments_of(route->pattern)) {
        CHO_CHECK(!ended);  // nothing may follow {name...}
        auto const segment = read_segment(text);
        std::unique_ptr<Node>* next = nullptr;
        switch (segment.kind) {
        case Segment::Kind::literal: next = &node->literals[std::string(segment.text)]; break;
        case Segment::Kind::one: next = &node->one; break;
        case Segment::Kind::rest:
            next = &node->rest;
            ended = true;
            break;
        }
        if (!*next) *next = std::make_unique<Node>();
        node = next->get();
    }
    CHO_CHECK(std::ranges::none_of(node->routes, [&](auto const* r) { return r->method == method; }));
    node->routes.push_back(route);
}

Router::Found Router::find(Method method, std::string_view path) const
{
    Found found;
    if (!path.starts_with('/')) return found;
    auto const wanted = method == Method::head ? Method::get : method;

    // A pattern has few segments, so trying literal, {name}, {name...} in this order with backtracking stays cheap. The
    // path is walked in place: this runs for every request.
    struct Walk {
        Method wanted;
        Node const* general = nullptr;  // the first node that fits the path but lacks the method

        Route const* at(Node const& node, std::string_view rest)  // rest: what follows the '/' of this level
        {
            auto const slash = rest.find('/');
            auto const segment = rest.substr(0, slash);
            bool const last = slash == std::string_view::npos;
            auto const next = [&](Node const& child) -> Route const* { return last ? end(child) : at(child, rest.substr(slash + 1)); };
            if (auto const literal = node.literals.find(segment); literal != node.literals.end()) {
                if (auto const* route = next(*literal->second)) return route;
            }
            if (node.one && !segment.empty()) {
                if (auto const* route = next(*node.one)) return route;
            }
            if (node.rest) return end(*node.rest);
            return nullptr;
        }

        Route const* end(Node const& node)
        {
            for (auto const* route : node.routes) {
                if (route->method == wanted) return route;
            }
            if (!node.routes.empty() && !general) general = &node;
            return nullptr;
        }
    };
    Walk walk{wanted};
    auto const* const route = walk.at(*root_, path.substr(1));
    if (!route) {
        if (walk.general) {
            for (auto const* other : walk.general->routes) {
                found.allowed.push_back(method_name(other->method));
                if (other->method == Method::get) found.allowed.push_back("HEAD");
            }
            found.allowed.push_back("OPTIONS");
        }
        return found;
    }

    std::string_view pattern = route->pattern;
    std::string_view rest = path;
    while (!pattern.empty()) {
        pattern.remove_prefix(1);
        rest.remove_prefix(1);
        auto const pattern_end = std::min(pattern.find('/'), pattern.size());
        auto const segment = read_segment(pattern.substr(0, pattern_end));
        pattern.remove_prefix(pattern_end);
        auto const path_end = segment.kind == Segment::Kind::rest ? rest.size() : std::min(rest.find('/'), rest.size());
        if (segment.kind != Segment::Kind::literal) {
            auto value = percent_decode(rest.substr(0, path_end));
            if (!value) return Found{};
            found.path_parameters.push_back({std::string(segment.text), std::move(*value)});
        }
        rest.remove_prefix(path_end);
        if (segment.kind == Segment::Kind::rest) break;
    }
    found.route = route;
    return found;
}

std::vector<Route const*> Router::routes() const
{
    std::vector<Route const*> all;
    for (auto const& route : routes_) all.push_back(route.get());
    return all;
}

}  // namespace cho40::http
