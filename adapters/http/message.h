#pragma once
#include "base/result.h"
#include "base/time.h"
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cho40::http {

enum class Method { get, head, post, put, patch, delete_, options, other };

[[nodiscard]] std::string_view method_name(Method method);  // "GET"
[[nodiscard]] Method method_from(std::string_view name);    // case-sensitive, as HTTP is

enum class Language { vi, en };

// Equality of header names: ASCII letters compare without case.
[[nodiscard]] bool same_name(std::string_view a, std::string_view b);

struct Header {
    std::string name;
    std::string value;
};

// Header fields in the order of the wire; names compare without case.
class Headers {
public:
    void add(std::string name, std::string value) { fields_.push_back({std::move(name), std::move(value)}); }
    void set(std::string_view name, std::string value);  // replaces all of that name
    void remove(std::string_view name);
    // The first value of that name, or an empty view.
    [[nodiscard]] std::string_view get(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const;
    [[nodiscard]] std::size_t count(std::string_view name) const;
    [[nodiscard]] auto begin() const { return fields_.begin(); }
    [[nodiscard]] auto end() const { return fields_.end(); }
    [[nodiscard]] std::size_t size() const { return fields_.size(); }

private:
    std::vector<Header> fields_;
};

struct Parameter {
    std::string name;
    std::string value;
};

// A request as a handler sees it: whole, within its limits, decoded where HTTP encodes, otherwise untouched.
struct Request {
    Method method = Method::get;
    std::string method_text;           // as received
    std::string target;                // as received: path and query, percent-encoded
    std::string path;                  // of the target, still percent-encoded: what a fingerprint or `instance` shows
    std::vector<Parameter> query;      // decoded, in the order received
    std::vector<Parameter> path_parameters;  // {name} of the route, decoded
    Headers headers;
    std::string body;                  // raw bytes, exactly as received (chunks joined)
    std::vector<Parameter> cookies;
    std::string request_id;            // accepted X-Request-Id or a new req_…
    std::string traceparent;           // W3C trace context as received and well formed, or empty
    Language language = Language::vi;  // ?lang= before cookie `lang` before Accept-Language before vi
    std::string peer_address;          // textual IP of the other end of the socket; X-Forwarded-For only from trusted peers
    bool secure = false;               // came over TLS, here or at a trusted proxy
    Instant received_at{};             // when its last byte was read
    std::string_view operation_id;     // of the route, for logs and metrics; lives as long as the router

    [[nodiscard]] std::optional<std::string> query_value(std::string_view name) const;  // the first of that name
    [[nodiscard]] std::string const& path_value(std::string_view name) const;           // Pre: the route has it
    [[nodiscard]] std::string_view cookie(std::string_view name) const;                 // or empty
    [[nodiscard]] std::string_view header(std::string_view name) const { return headers.get(name); }
    // "application/json" of "application/json; charset=utf-8", in lower case.
    [[nodiscard]] std::string media_type() const;
};

// Where an event stream's source puts its events. Valid while the source runs.
// One event as it goes over the wire; several streams may send the same.
using WireEvent = std::shared_ptr<std::string const>;

// `id` or `event` may be empty. Multi-line data is split into data: lines.
[[nodiscard]] WireEvent wire_event(std::string_view id, std::string_view event, std::string_view data);

class EventSink {
public:
    virtual ~EventSink() = default;
    // Queues one event. Waits while the reader is slow (64 KiB unsent). Error unavailable: the reader is gone, too slow (30 s
    // without progress) or we are draining; the source should return.
    virtual boost::asio::awaitable<Result<Done>> send(WireEvent event) = 0;
    [[nodiscard]] boost::asio::awaitable<Result<Done>> send(std::string_view id, std::string_view event, std::string_view data)
    {
        return send(wire_event(id, event, data));
    }
    [[nodiscard]] virtual bool closed() const = 0;
};

// Runs until it returns, throws, or is cancelled (reader gone, drain). Every wait in it must listen to cancellation.
using EventSource = std::function<boost::asio::awaitable<void>(EventSink&)>;

// Bytes that many answers share: a static file, a cached document.
struct SharedBytes {
    std::shared_ptr<void const> owner;  // may be empty for bytes that live in the binary
    std::string_view bytes;
};

struct Response {
    int status = 200;  // hang_up: the connection ends without an answer, as fault injection wants it
    Headers headers;
    std::variant<std::string, SharedBytes, EventSource> body;

    static constexpr int hang_up = 0;

    Response() = default;
    explicit Response(int s) : status(s) {}

    [[nodiscard]] static Response json(nlohmann::json const& value, int status = 200);
    [[nodiscard]] static Response json_text(std::string text, int status = 200);  // already serialised
    [[nodiscard]] static Response html(std::string page, int status = 200);
    [[nodiscard]] static Response text(std::string text, int status = 200);       // text/plain
    [[nodiscard]] static Response bytes(std::string body, std::string content_type, int status = 200);
    [[nodiscard]] static Response no_content();
    [[nodiscard]] static Response redirect(std::string location, int status = 303);
    // text/event-stream: `retry: 2000` first, a comment every 15 s, events as `source` sends them (api-conventions §11).
    [[nodiscard]] static Response event_stream(EventSource source);

    // Each returns *this, so that answers read in one line.
    Response& header(std::string_view name, std::string value) &;
    Response&& header(std::string_view name, std::string value) &&;
    // Replaces the default Cache-Control: no-store.
    Response& cache(std::string value) & { return header("Cache-Control", std::move(value)); }
    Response&& cache(std::string value) && { return std::move(*this).header("Cache-Control", std::move(value)); }
    // Replaces the default Content-Security-Policy.
    Response& content_security_policy(std::string value) & { return header("Content-Security-Policy", std::move(value)); }
    Response&& content_security_policy(std::string value) &&
    {
        return std::move(*this).header("Content-Security-Policy", std::move(value));
    }

    [[nodiscard]] std::string_view body_text() const;  // empty for a stream
};

// `"<version>"`, the entity tag of a resource (api-conventions §8).
[[nodiscard]] std::string etag(std::int64_t version);
// Whether If-None-Match (a list, or *) names `tag`; weak comparison.
[[nodiscard]] bool none_match_hits(Request const& request, std::string_view tag);
// The version in If-Match. Errors: if_match_required (absent), invalid_input (not one strong tag of ours).
[[nodiscard]] Result<std::int64_t> if_match_version(Request const& request);

}  // namespace cho40::http
