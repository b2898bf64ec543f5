#pragma once
#include "adapters/http/body_decoder.h"
#include "adapters/http/message.h"
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

// HTTP/1.1 without sockets: bytes in, messages out, and the other way. What it must refuse is decided here, so that
// tables and the fuzzer see it.
namespace cho40::http {

struct HeadLimits {
    std::size_t header_bytes_max = 16 * 1024;  // start line and fields together
    std::size_t target_bytes_max = 8 * 1024;
    std::size_t fields_max = 100;
};

// The start line and fields of a request, before anything is made of them.
struct RequestHead {
    std::string method;
    std::string target;
    Headers headers;
    bool keep_alive = true;       // what the client offers
    bool expects_continue = false;
    bool has_body = false;
};

// Finds the empty line that ends a head, looking at every byte once. Refuses line feeds without a carriage return and other
// control characters at once, so that noise does not have to run into a time limit.
class HeadEnd {
public:
    enum class Found { not_yet, here, malformed };

    // `bytes` begins with the head, and with what was shown before.
    Found look(std::string_view bytes);
    [[nodiscard]] std::size_t size() const { return seen_; }              // of the whole head. Pre: here
    [[nodiscard]] std::size_t first_line() const { return first_line_; }  // its size, or 0 when it has not ended

private:
    std::size_t seen_ = 0;
    std::size_t first_line_ = 0;
};

// Decodes one request at a time. Feed put() until stage() is head_done, set the body limit, feed on until done.
// Errors: malformed_request, header_too_large, uri_too_long, body_too_large. After one the connection cannot be used on.
class RequestDecoder {
public:
    enum class Stage { head, head_done, body, done, failed };

    explicit RequestDecoder(HeadLimits limits);
    ~RequestDecoder();
    RequestDecoder(RequestDecoder const&) = delete;
    RequestDecoder& operator=(RequestDecoder const&) = delete;

    // Takes what it can use and returns how many bytes that were; the rest comes again with more behind it, or belongs to
    // the next request. Stops at the end of the head and at the end of the message.
    std::size_t put(std::string_view bytes);

    [[nodiscard]] Stage stage() const { return stage_; }
    [[nodiscard]] bool started() const { return started_; }  // a byte of this request has come
    [[nodiscard]] Error const& error() const { return *error_; }
    [[nodiscard]] RequestHead& head() { return head_; }
    [[nodiscard]] std::string& body() { return body_.body(); }

    // Pre: head_done. Goes on to body or done; fails at once when the announced length is larger.
    void begin_body(std::size_t bytes_max);

    // Ready for the next request on the connection. Pre: done.
    void reset();

private:
    class Parser;
    void refuse(Errc code, std::string detail);
    void finish_head();
    void look_at_body();

    HeadLimits limits_;
    std::unique_ptr<Parser> parser_;
    Stage stage_ = Stage::head;
    bool started_ = false;
    std::size_t empty_bytes_ = 0;
    HeadEnd end_;
    std::size_t body_bytes_max_ = 0;
    std::optional<Error> error_;
    RequestHead head_;
    BodyDecoder body_;
};

// Decodes one response.
class ResponseDecoder {
public:
    struct Limits {
        std::size_t header_bytes_max = 64 * 1024;
        std::size_t body_bytes_max = 8 * 1024 * 1024;
    };

    ResponseDecoder(Limits limits, bool answers_head);
    ~ResponseDecoder();
    ResponseDecoder(ResponseDecoder const&) = delete;
    ResponseDecoder& operator=(ResponseDecoder const&) = delete;

    // Error upstream_error: not HTTP, or larger than the limits.
    [[nodiscard]] Result<std::size_t> put(std::string_view bytes);
    // The other side closed. Error upstream_error when the message is not whole.
    [[nodiscard]] Result<Done> put_end();
    [[nodiscard]] bool done() const;
    [[nodiscard]] bool started() const { return started_; }
    [[nodiscard]] bool keep_alive() const;  // the connection may be used again
    // Pre: done().
    [[nodiscard]] Response take();

private:
    class Parser;
    [[nodiscard]] Result<Done> finish_head();

    Limits limits_;
    std::unique_ptr<Parser> parser_;
    BodyDecoder body_;
    bool answers_head_;
    bool started_ = false;
    bool in_body_ = false;
    bool keep_alive_ = false;
    HeadEnd end_;
};

[[nodiscard]] std::string_view reason_phrase(int status);

// "HTTP/1.1 200 OK\r\n"
void put_status_line(std::string& out, int status);
// "Name: value\r\n". Line breaks in the value become spaces. Pre: the name is a token.
void put_field(std::string& out, std::string_view name, std::string_view value);
// Size of a chunk in front of its bytes; the bytes and "\r\n" follow.
void put_chunk_size(std::string& out, std::size_t size);

// An outgoing request's head, with Host and Content-Length.
[[nodiscard]] std::string request_head(std::string_view method, std::string_view target, std::string_view host, Headers const& headers,
                                       std::optional<std::size_t> content_length);

}  // namespace cho40::http
