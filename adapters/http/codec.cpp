#include "adapters/http/codec.h"
#include "base/check.h"
#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/status.hpp>
#include <charconv>

namespace cho40::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Code = beast::error_code;
using View = beast::string_view;

namespace {

std::string_view view_of(View text) { return {text.data(), text.size()}; }

// Beast reads fields of any number; these are its own bounds on what one put() may hold back.
constexpr std::uint32_t beast_header_limit = 1U << 20U;

bool is_chunked(std::string_view value) { return same_name(value, "chunked"); }

// What parsing found out, the same for both directions. Beast checks grammar; what it leaves open is checked here.
template <bool is_request>
class Events : public beast::http::basic_parser<is_request> {
public:
    Events()
    {
        this->header_limit(beast_header_limit);
        this->body_limit(boost::none);
        this->eager(false);
    }

    Headers headers;
    std::string body;
    std::size_t body_bytes_max = 0;
    bool too_large = false;
    std::size_t hosts = 0;
    std::size_t transfer_codings = 0;
    bool coding_unknown = false;
    bool head_done = false;

protected:
    void on_field_impl(beast::http::field name, View text, View value, Code&) override
    {
        if (head_done) return;  // trailers say nothing to us
        if (name == beast::http::field::host) ++hosts;
        if (name == beast::http::field::transfer_encoding) {
            ++transfer_codings;
            coding_unknown = coding_unknown || !is_chunked(view_of(value));
        }
        headers.add(std::string(view_of(text)), std::string(view_of(value)));
    }
    void on_header_impl(Code&) override { head_done = true; }
    void on_body_init_impl(boost::optional<std::uint64_t> const&, Code&) override {}
    std::size_t on_body_impl(View bytes, Code& error) override { return take(bytes, error); }
    void on_chunk_header_impl(std::uint64_t size, View, Code& error) override
    {
        if (size > body_bytes_max || body.size() > body_bytes_max - size) refuse(error);
    }
    std::size_t on_chunk_body_impl(std::uint64_t, View bytes, Code& error) override { return take(bytes, error); }
    void on_finish_impl(Code&) override {}

private:
    std::size_t take(View bytes, Code& error)
    {
        if (bytes.size() > body_bytes_max - std::min(body.size(), body_bytes_max)) {
            refuse(error);
            return 0;
        }
        if (body.capacity() < body.size() + bytes.size()) {
            // Known lengths are reserved once, but never more than arrived times four: an announced length costs nothing.
            auto const rest = this->content_length_remaining();
            auto const wanted = rest ? body.size() + static_cast<std::size_t>(*rest) : 2 * (body.size() + bytes.size());
            body.reserve(std::min({wanted, body_bytes_max, 4 * (body.size() + bytes.size())}));
        }
        body.append(bytes.data(), bytes.size());
        return bytes.size();
    }
    void refuse(Code& error)
    {
        too_large = true;
        error = beast::http::error::body_limit;
    }
};

}  // namespace

class RequestDecoder::Parser final : public Events<true> {
public:
    std::string method;
    std::string target;
    int version = 0;  // 10 or 11

private:
    void on_request_impl(beast::http::verb, View name, View where, int number, Code&) override
    {
        version = number;
        method = view_of(name);
        target = view_of(where);
    }
    void on_response_impl(int, View, int, Code&) override {}
};

class ResponseDecoder::Parser final : public Events<false> {
public:
    int status_code = 0;

private:
    void on_request_impl(beast::http::verb, View, View, int, Code&) override {}
    void on_response_impl(int code, View, int, Code&) override { status_code = code; }
};

RequestDecoder::RequestDecoder(HeadLimits limits) : limits_(limits), parser_(std::make_unique<Parser>()) {}
RequestDecoder::~RequestDecoder() = default;

void RequestDecoder::refuse(Errc code, std::string detail)
{
    stage_ = Stage::failed;
    error_.emplace(code, std::move(detail));
}

std::size_t RequestDecoder::put(std::string_view bytes)
{
    std::size_t used = 0;
    if (stage_ == Stage::head && !started_) {
        // RFC 9112 §2.2: a server ignores empty lines before a request.
        while (used < bytes.size() && (bytes[used] == '\r' || bytes[used] == '\n')) ++used;
        if (used > 4) {
            refuse(Errc::malformed_request, "too many empty lines before the request");
            return used;
        }
    }
    while (used < bytes.size() && (stage_ == Stage::head || stage_ == Stage::body)) {
        started_ = true;
        auto const rest = bytes.substr(used);
        Code error;
        auto const taken = parser_->put(asio::const_buffer(rest.data(), rest.size()), error);
        used += taken;
        if (stage_ == Stage::head) {
            head_bytes_ += taken;
            auto const pending = error == beast::http::error::need_more ? rest.size() - taken : 0;
            if (parser_->method.empty() && pending > limits_.target_bytes_max + 32) {
                refuse(Errc::uri_too_long, "the request line is longer than " + std::to_string(limits_.target_bytes_max) + " bytes");
            } else if (parser_->target.size() > limits_.target_bytes_max) {
                refuse(Errc::uri_too_long, "the address is longer than " + std::to_string(limits_.target_bytes_max) + " bytes");
            } else if (head_bytes_ + pending > limits_.header_bytes_max) {
                refuse(Errc::header_too_large, "the header is larger than " + std::to_string(limits_.header_bytes_max) + " bytes");
            } else if (parser_->headers.size() > limits_.fields_max) {
                refuse(Errc::header_too_large, "more than " + std::to_string(limits_.fields_max) + " header fields");
            }
            if (stage_ == Stage::failed) return used;
        }
        if (error == beast::http::error::need_more) {
            if (stage_ == Stage::body && rest.size() - taken > limits_.header_bytes_max) {
                refuse(Errc::malformed_request, "a chunk extension or trailer is too long");
            }
            return used;
        }
        if (parser_->too_large) {
            refuse(Errc::body_too_large, "the body is larger than " + std::to_string(body_bytes_max_) + " bytes");
            return used;
        }
        if (error == beast::http::error::header_limit) {
            refuse(Errc::header_too_large, "the header is too large");
            return used;
        }
        if (error) {
            refuse(Errc::malformed_request, "not HTTP/1.1: " + error.message());
            return used;
        }
        if (stage_ == Stage::head && parser_->head_done) {
            // A message whose length two readers could see differently is how requests are smuggled past a proxy.
            bool const chunked = parser_->transfer_codings > 0;
            if (parser_->hosts != 1 && parser_->version == 11) {
                refuse(Errc::malformed_request, "exactly one Host is needed");
            } else if (chunked && (parser_->transfer_codings > 1 || parser_->coding_unknown || parser_->version != 11)) {
                refuse(Errc::malformed_request, "the only transfer coding understood is chunked, once");
            } else if (chunked && parser_->headers.has("Content-Length")) {
                refuse(Errc::malformed_request, "Content-Length and Transfer-Encoding together");
            } else if (parser_->headers.count("Content-Length") > 1) {
                refuse(Errc::malformed_request, "Content-Length is there twice");
            } else {
                stage_ = Stage::head_done;
                head_.method = std::move(parser_->method);
                head_.target = std::move(parser_->target);
                head_.keep_alive = parser_->keep_alive();
                head_.has_body = !parser_->is_done();
                head_.headers = std::move(parser_->headers);
                auto const expect = head_.headers.get("Expect");
                head_.expects_continue = same_name(expect, "100-continue") && head_.has_body;
            }
            return used;
        }
        if (parser_->is_done()) {
            stage_ = Stage::done;
            body_ = std::move(parser_->body);
        } else if (taken == 0) {
            return used;
        }
    }
    return used;
}

void RequestDecoder::begin_body(std::size_t bytes_max)
{
    CHO_CHECK(stage_ == Stage::head_done);
    if (parser_->is_done()) {
        stage_ = Stage::done;
        return;
    }
    body_bytes_max_ = bytes_max;
    parser_->body_bytes_max = bytes_max;
    parser_->eager(true);
    stage_ = Stage::body;
    auto const length = parser_->content_length();
    if (length && *length > bytes_max) {
        refuse(Errc::body_too_large, "the body is larger than " + std::to_string(bytes_max) + " bytes");
    }
}

void RequestDecoder::reset()
{
    CHO_CHECK(stage_ == Stage::done);
    parser_ = std::make_unique<Parser>();
    stage_ = Stage::head;
    started_ = false;
    head_bytes_ = 0;
    head_ = RequestHead();
    body_.clear();
}

ResponseDecoder::ResponseDecoder(Limits limits, bool answers_head)
    : limits_(limits), parser_(std::make_unique<Parser>()), answers_head_(answers_head)
{
    parser_->skip(answers_head);
    parser_->body_bytes_max = limits.body_bytes_max;
    parser_->eager(true);
}
ResponseDecoder::~ResponseDecoder() = default;

Result<std::size_t> ResponseDecoder::put(std::string_view bytes)
{
    std::size_t used = 0;
    while (used < bytes.size() && !done()) {
        started_ = true;
        bool const in_head = !parser_->head_done;
        auto const rest = bytes.substr(used);
        Code error;
        auto const taken = parser_->put(asio::const_buffer(rest.data(), rest.size()), error);
        used += taken;
        if (in_head) head_bytes_ += taken;
        auto const pending = error == beast::http::error::need_more ? rest.size() - taken : 0;
        if ((in_head && !parser_->head_done && head_bytes_ + pending > limits_.header_bytes_max) ||
            pending > limits_.header_bytes_max) {
            return fail(Errc::upstream_error, "the answer's header is too large");
        }
        if (error == beast::http::error::need_more) break;
        if (parser_->too_large) return fail(Errc::upstream_error, "the answer is too large");
        if (error) return fail(Errc::upstream_error, "the answer is not HTTP/1.1: " + error.message());
        if (parser_->head_done && parser_->coding_unknown) {
            return fail(Errc::upstream_error, "the answer has an unknown transfer coding");
        }
        if (done() && parser_->status_code / 100 == 1) {
            // 100 Continue and friends come before the answer (RFC 9110 §15.2). 101 would mean we asked for it.
            if (parser_->status_code == 101) return fail(Errc::upstream_error, "the other side switched protocols");
            parser_ = std::make_unique<Parser>();
            parser_->skip(answers_head_);
            parser_->body_bytes_max = limits_.body_bytes_max;
            parser_->eager(true);
        }
        if (taken == 0) break;
    }
    return used;
}

Result<Done> ResponseDecoder::put_end()
{
    if (done()) return Done{};
    if (!started_) return fail(Errc::upstream_error, "the other side closed without an answer");
    Code error;
    if (parser_->got_some()) parser_->put_eof(error);
    if (error || !done()) return fail(Errc::upstream_error, "the other side closed in the middle of its answer");
    return Done{};
}

bool ResponseDecoder::done() const { return parser_->is_done(); }

bool ResponseDecoder::keep_alive() const { return parser_->is_done() && parser_->keep_alive() && !parser_->need_eof(); }

Response ResponseDecoder::take()
{
    CHO_CHECK(done());
    Response response(parser_->status_code);
    response.headers = std::move(parser_->headers);
    response.body = std::move(parser_->body);
    return response;
}

std::string_view reason_phrase(int status)
{
    auto const text = beast::http::obsolete_reason(beast::http::int_to_status(static_cast<unsigned>(status)));
    return text.empty() ? std::string_view("Status") : view_of(text);
}

void put_status_line(std::string& out, int status)
{
    CHO_CHECK(status >= 100 && status <= 599);
    std::array<char, 3> const digits = {static_cast<char>('0' + status / 100), static_cast<char>('0' + status / 10 % 10),
                                        static_cast<char>('0' + status % 10)};
    out += "HTTP/1.1 ";
    out.append(digits.data(), digits.size());
    out += ' ';
    out += reason_phrase(status);
    out += "\r\n";
}

void put_field(std::string& out, std::string_view name, std::string_view value)
{
    CHO_CHECK(name.find_first_of("\r\n:") == std::string_view::npos);
    out += name;
    out += ": ";
    // A line break in a value would let whoever wrote it add fields of his own, or answers.
    for (char c : value) out += c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
    out += "\r\n";
}

void put_chunk_size(std::string& out, std::size_t size)
{
    std::array<char, 16> text{};
    auto const end = std::to_chars(text.data(), text.data() + text.size(), size, 16).ptr;
    out.append(text.data(), end);
    out += "\r\n";
}

std::string request_head(std::string_view method, std::string_view target, std::string_view host, Headers const& headers,
                         std::optional<std::size_t> content_length)
{
    std::string out;
    out.reserve(512);
    out += method;
    out += ' ';
    out += target;
    out += " HTTP/1.1\r\n";
    put_field(out, "Host", host);
    for (auto const& field : headers) {
        if (same_name(field.name, "Host") || same_name(field.name, "Content-Length") ||
            same_name(field.name, "Transfer-Encoding") || same_name(field.name, "Connection")) {
            continue;
        }
        put_field(out, field.name, field.value);
    }
    if (content_length) put_field(out, "Content-Length", std::to_string(*content_length));
    out += "\r\n";
    return out;
}

}  // namespace cho40::http
