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

// Our own limits are lower and count the whole head; Beast's only has to be out of the way.
constexpr std::uint32_t beast_header_limit = 1U << 20U;

constexpr std::size_t empty_bytes_max = 4;
constexpr std::size_t line_overhead = 32;  // of a request line, beside the target

// Beast reads heads, and heads only, and each in one piece. Its chunk parser asserts on sizes that depend on how the bytes were cut (1.81: n >= 5
// behind the last chunk), which a client decides; bodies are read by BodyDecoder.
template <bool is_request>
class HeadParser : public beast::http::basic_parser<is_request> {
public:
    HeadParser()
    {
        this->header_limit(beast_header_limit);
        this->body_limit(boost::none);
        this->skip(true);
    }

    Headers headers;
    std::size_t hosts = 0;
    std::size_t transfer_codings = 0;
    bool coding_unknown = false;
    int version = 0;  // 10 or 11

    // Whether the fields about the body say one thing only. Where two readers could see different lengths, requests are
    // smuggled past a proxy.
    [[nodiscard]] char const* length_fault() const
    {
        bool const coded = transfer_codings > 0;
        if (coded && (transfer_codings > 1 || coding_unknown || version != 11)) {
            return "the only transfer coding understood is chunked, once";
        }
        if (coded && headers.has("Content-Length")) return "Content-Length and Transfer-Encoding together";
        if (headers.count("Content-Length") > 1 || headers.get("Content-Length").find(',') != std::string_view::npos) {
            return "Content-Length is there twice";
        }
        return nullptr;
    }

protected:
    void on_field_impl(beast::http::field name, View text, View value, Code&) override
    {
        if (name == beast::http::field::host) ++hosts;
        if (name == beast::http::field::transfer_encoding) {
            ++transfer_codings;
            coding_unknown = coding_unknown || !same_name(view_of(value), "chunked");
        }
        headers.add(std::string(view_of(text)), std::string(view_of(value)));
    }
    void on_header_impl(Code&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, Code&) override {}
    std::size_t on_body_impl(View, Code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, View, Code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, View, Code&) override { return 0; }
    void on_finish_impl(Code&) override {}
};

}  // namespace

class RequestDecoder::Parser final : public HeadParser<true> {
public:
    std::string method;
    std::string target;

private:
    void on_request_impl(beast::http::verb, View name, View where, int number, Code&) override
    {
        version = number;
        method = view_of(name);
        target = view_of(where);
    }
    void on_response_impl(int, View, int, Code&) override {}
};

class ResponseDecoder::Parser final : public HeadParser<false> {
public:
    int status_code = 0;

private:
    void on_request_impl(beast::http::verb, View, View, int, Code&) override {}
    void on_response_impl(int code, View, int number, Code&) override
    {
        version = number;
        status_code = code;
    }
};

HeadEnd::Found HeadEnd::look(std::string_view bytes)
{
    while (seen_ < bytes.size()) {
        auto const at = seen_++;
        char const c = bytes[at];
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) continue;
        if (c == '\t' || c == '\r') continue;
        if (c != '\n' || at == 0 || bytes[at - 1] != '\r') return Found::malformed;
        if (first_line_ == 0) first_line_ = seen_;
        if (at >= 3 && bytes[at - 2] == '\n') return Found::here;
    }
    return Found::not_yet;
}

RequestDecoder::RequestDecoder(HeadLimits limits) : limits_(limits), parser_(std::make_unique<Parser>()) {}
RequestDecoder::~RequestDecoder() = default;

void RequestDecoder::refuse(Errc code, std::string detail)
{
    stage_ = Stage::failed;
    error_.emplace(code, std::move(detail));
}

std::size_t RequestDecoder::put(std::string_view bytes)
{
    if (stage_ == Stage::body) {
        auto const used = body_.put(bytes);
        look_at_body();
        return used;
    }
    if (stage_ != Stage::head) return 0;
    std::size_t used = 0;
    if (!started_) {
        // RFC 9112 §2.2: a server ignores empty lines before a request.
        while (used < bytes.size() && (bytes[used] == '\r' || bytes[used] == '\n')) ++used;
        empty_bytes_ += used;
        if (empty_bytes_ > empty_bytes_max) {
            refuse(Errc::malformed_request, "too many empty lines before the request");
            return used;
        }
        bytes.remove_prefix(used);
    }
    if (bytes.empty()) return used;
    started_ = true;

    switch (end_.look(bytes)) {
    case HeadEnd::Found::malformed: refuse(Errc::malformed_request, "control characters or bare line feeds in the header"); return used;
    case HeadEnd::Found::not_yet:
        if (end_.first_line() == 0 && bytes.size() > limits_.target_bytes_max + line_overhead) {
            refuse(Errc::uri_too_long, "the address is longer than " + std::to_string(limits_.target_bytes_max) + " bytes");
        } else if (bytes.size() > limits_.header_bytes_max) {
            refuse(Errc::header_too_large, "the header is larger than " + std::to_string(limits_.header_bytes_max) + " bytes");
        }
        return used;
    case HeadEnd::Found::here: break;
    }

    auto const size = end_.size();
    Code error;
    auto const taken = parser_->put(asio::const_buffer(bytes.data(), size), error);
    if (parser_->target.size() > limits_.target_bytes_max || end_.first_line() > limits_.target_bytes_max + line_overhead + 1) {
        refuse(Errc::uri_too_long, "the address is longer than " + std::to_string(limits_.target_bytes_max) + " bytes");
    } else if (size > limits_.header_bytes_max) {
        refuse(Errc::header_too_large, "the header is larger than " + std::to_string(limits_.header_bytes_max) + " bytes");
    } else if (parser_->headers.size() > limits_.fields_max) {
        refuse(Errc::header_too_large, "more than " + std::to_string(limits_.fields_max) + " header fields");
    } else if (error || taken != size || !parser_->is_done()) {
        refuse(Errc::malformed_request, "not HTTP/1.1: " + (error ? error.message() : std::string("the header is malformed")));
    } else {
        finish_head();
    }
    return used + size;
}

void RequestDecoder::finish_head()
{
    if (parser_->hosts != 1 && (parser_->version == 11 || parser_->hosts > 1)) {
        return refuse(Errc::malformed_request, "exactly one Host is needed");
    }
    if (auto const* fault = parser_->length_fault()) return refuse(Errc::malformed_request, fault);
    stage_ = Stage::head_done;
    head_.method = std::move(parser_->method);
    head_.target = std::move(parser_->target);
    head_.keep_alive = parser_->keep_alive();
    head_.has_body = parser_->chunked() || parser_->content_length().value_or(0) > 0;
    head_.headers = std::move(parser_->headers);
    head_.expects_continue = head_.has_body && same_name(head_.headers.get("Expect"), "100-continue");
}

void RequestDecoder::begin_body(std::size_t bytes_max)
{
    CHO_CHECK(stage_ == Stage::head_done);
    stage_ = Stage::body;
    body_bytes_max_ = bytes_max;
    if (!head_.has_body) body_.begin(BodyDecoder::Kind::none, 0, bytes_max);
    else if (parser_->chunked()) body_.begin(BodyDecoder::Kind::chunked, 0, bytes_max);
    else body_.begin(BodyDecoder::Kind::length, *parser_->content_length(), bytes_max);
    look_at_body();
}

void RequestDecoder::look_at_body()
{
    switch (body_.state()) {
    case BodyDecoder::State::reading: break;
    case BodyDecoder::State::done: stage_ = Stage::done; break;
    case BodyDecoder::State::malformed: refuse(Errc::malformed_request, "the chunks of the body are malformed"); break;
    case BodyDecoder::State::too_large:
        refuse(Errc::body_too_large, "the body is larger than " + std::to_string(body_bytes_max_) + " bytes");
        break;
    }
}

void RequestDecoder::reset()
{
    CHO_CHECK(stage_ == Stage::done);
    parser_ = std::make_unique<Parser>();
    stage_ = Stage::head;
    started_ = false;
    empty_bytes_ = 0;
    end_ = HeadEnd();
    head_ = RequestHead();
}

ResponseDecoder::ResponseDecoder(Limits limits, bool answers_head)
    : limits_(limits), parser_(std::make_unique<Parser>()), answers_head_(answers_head)
{
}
ResponseDecoder::~ResponseDecoder() = default;

Result<std::size_t> ResponseDecoder::put(std::string_view bytes)
{
    std::size_t used = 0;
    while (used < bytes.size() && !done()) {
        started_ = true;
        auto const rest = bytes.substr(used);
        if (in_body_) {
            auto const taken = body_.put(rest);
            used += taken;
            if (body_.state() == BodyDecoder::State::too_large) return fail(Errc::upstream_error, "the answer is too large");
            if (body_.state() == BodyDecoder::State::malformed) return fail(Errc::upstream_error, "the answer's chunks are malformed");
            if (taken == 0) break;
            continue;
        }
        auto const found = end_.look(rest);
        if (found == HeadEnd::Found::malformed) return fail(Errc::upstream_error, "the answer is not HTTP/1.1");
        if ((found == HeadEnd::Found::here ? end_.size() : rest.size()) > limits_.header_bytes_max) {
            return fail(Errc::upstream_error, "the answer's header is too large");
        }
        if (found == HeadEnd::Found::not_yet) break;
        Code error;
        auto const taken = parser_->put(asio::const_buffer(rest.data(), end_.size()), error);
        if (error || taken != end_.size() || !parser_->is_done()) {
            return fail(Errc::upstream_error, "the answer is not HTTP/1.1: " + (error ? error.message() : std::string("malformed")));
        }
        used += taken;
        end_ = HeadEnd();
        CHO_TRY_DO(finish_head());
    }
    return used;
}

Result<Done> ResponseDecoder::finish_head()
{
    auto const status = parser_->status_code;
    // 100 Continue and friends come before the answer (RFC 9110 §15.2). 101 would mean we asked for it.
    if (status == 101) return fail(Errc::upstream_error, "the other side switched protocols");
    if (status / 100 == 1) {
        parser_ = std::make_unique<Parser>();
        return Done{};
    }
    if (auto const* fault = parser_->length_fault()) return fail(Errc::upstream_error, fault);
    using Kind = BodyDecoder::Kind;
    auto const length = parser_->content_length();
    auto kind = Kind::until_end;
    if (answers_head_ || status == 204 || status == 304) kind = Kind::none;
    else if (parser_->chunked()) kind = Kind::chunked;
    else if (length) kind = Kind::length;
    keep_alive_ = parser_->keep_alive() && kind != Kind::until_end;
    body_.begin(kind, length.value_or(0), limits_.body_bytes_max);
    in_body_ = true;
    if (body_.state() == BodyDecoder::State::too_large) return fail(Errc::upstream_error, "the answer is too large");
    return Done{};
}

Result<Done> ResponseDecoder::put_end()
{
    if (!started_) return fail(Errc::upstream_error, "the other side closed without an answer");
    if (in_body_) body_.put_end();
    if (!done()) return fail(Errc::upstream_error, "the other side closed in the middle of its answer");
    return Done{};
}

bool ResponseDecoder::done() const { return in_body_ && body_.state() == BodyDecoder::State::done; }

bool ResponseDecoder::keep_alive() const { return done() && keep_alive_; }

Response ResponseDecoder::take()
{
    CHO_CHECK(done());
    Response response(parser_->status_code);
    response.headers = std::move(parser_->headers);
    response.body = std::move(body_.body());
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
        if (same_name(field.name, "Host") || same_name(field.name, "Content-Length") || same_name(field.name, "Transfer-Encoding") ||
            same_name(field.name, "Connection")) {
            continue;
        }
        put_field(out, field.name, field.value);
    }
    if (content_length) put_field(out, "Content-Length", std::to_string(*content_length));
    out += "\r\n";
    return out;
}

}  // namespace cho40::http
