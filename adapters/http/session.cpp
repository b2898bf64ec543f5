#include "adapters/http/session.h"
#include "adapters/http/cookies.h"
#include "adapters/http/ids.h"
#include "adapters/http/negotiate.h"
#include "adapters/http/percent.h"
#include "adapters/http/problem.h"
#include "base/check.h"
#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <cstring>

namespace cho40::http {

namespace asio = boost::asio;

namespace {

constexpr std::size_t buffer_small = 2 * 1024;    // of an idle connection; most heads fit, longer ones let it grow
constexpr std::size_t buffer_large = 64 * 1024;   // while a body comes in
constexpr std::size_t joined_max = 16 * 1024;     // bodies up to this go out in one piece with their head
constexpr std::size_t piece_max = 256 * 1024;     // larger ones in pieces, each with its own deadline
constexpr std::size_t discard_max = 256 * 1024;   // read and dropped after a refusal, so that the answer arrives
constexpr auto discard_time = std::chrono::seconds(2);
constexpr std::chrono::milliseconds drain_grace(200);

// Answers that scripts read cannot be turned into pages by a browser that is tricked into opening them.
constexpr std::string_view data_policy = "default-src 'none'; frame-ancestors 'none'";

bool has_no_body(int status) { return status < 200 || status == 204 || status == 304; }

}  // namespace

Session::Session(ServerCore& core, asio::any_io_executor executor, std::unique_ptr<Stream> stream, std::string peer, bool secure)
    : core_(core), executor_(executor), stream_(std::move(stream)), peer_(std::move(peer)), secure_(secure),
      decoder_(HeadLimits{core.options.header_bytes_max, core.options.target_bytes_max}), buffer_(buffer_small),
      handler_deadline_(executor, [this] {
          handler_expired_ = true;
          stop.emit(asio::cancellation_type::terminal);
      })
{
}

asio::awaitable<void> Session::run()
{
    stream_->expires_after(core_.options.header_max);
    if (auto const error = co_await stream_->handshake()) {
        core_.log.debug("http.handshake_failed", {{"error", error.message()}});
        co_return;
    }
    bool go_on = true;
    while (go_on) {
        auto const reading = co_await read_request();
        if (reading == Reading::closed) break;
        if (reading == Reading::refused) co_return co_await refuse();
        auto request = make_request();
        bool const head_only = request.method == Method::head;
        bool const keep_alive = decoder_.head().keep_alive;
        bool const quiet = found_.route && found_.route->options.quiet;

        auto outcome = co_await handle(std::move(request));
        Response response = outcome ? std::move(*outcome)
                                    : problem_response(outcome.error(), ProblemContext{path_, request_id_, language_, {}, {}});
        if (!outcome && outcome.error().code == Errc::method_not_allowed && !found_.allowed.empty()) {
            std::string allow;
            for (auto method : found_.allowed) allow += (allow.empty() ? "" : ", ") + std::string(method);
            response.headers.set("Allow", std::move(allow));
        }
        auto const status = response.status;
        if (status == Response::hang_up) {
            note(status, quiet);
            cut_ = true;
            stream_->cut();
            break;
        }
        go_on = co_await answer(std::move(response), head_only, keep_alive && !draining_);
        note(status, quiet);
        decoder_.reset();
        if (buffer_.size() > buffer_small && begin_ == end_) buffer_ = std::vector<char>(buffer_small);
    }
    if (!cut_) co_await close(begin_ != end_);
}

void Session::drain()
{
    draining_ = true;
    if (events_) events_->close();
    if (idle_) stream_->expires_after(drain_grace);
}

void Session::cut()
{
    draining_ = true;
    cut_ = true;
    stream_->cut();
    stop.emit(asio::cancellation_type::terminal);
}

asio::awaitable<Session::Reading> Session::read_request()
{
    using Stage = RequestDecoder::Stage;
    auto const& options = core_.options;
    idle_ = true;
    bytes_in_ = 0;
    bytes_out_ = 0;
    stream_->expires_after(draining_ ? drain_grace : options.idle_max);
    while (true) {
        feed();
        if (idle_ && decoder_.started()) {
            idle_ = false;
            began_ = std::chrono::steady_clock::now();
            stream_->expires_after(options.header_max);
        }
        if (decoder_.stage() == Stage::head_done) {
            begin_body();
            if (decoder_.stage() == Stage::body) {
                stream_->expires_after(options.body_max);
                if (decoder_.head().expects_continue && begin_ == end_) {
                    constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
                    auto const sent = co_await stream_->write(asio::buffer(go_on), asio::const_buffer());
                    if (sent.error) co_return Reading::closed;
                }
            }
            continue;
        }
        if (decoder_.stage() == Stage::failed) {
            refusal_ = decoder_.error();
            co_return Reading::refused;
        }
        if (decoder_.stage() == Stage::done) break;

        bool const more = co_await read_more();
        if (more) continue;
        if (idle_) co_return Reading::closed;  // between two requests everybody may go
        if (stream_->timed_out()) {
            refusal_.emplace(Errc::request_timeout, "the request did not arrive in time");
        } else {
            refusal_.emplace(Errc::malformed_request, "the connection ended in the middle of the request");
        }
        co_return Reading::refused;
    }
    stream_->never_expires();
    co_return Reading::ready;
}

void Session::begin_body()
{
    auto const& head = decoder_.head();
    auto const target = split_target(head.target);
    path_ = target ? target->path : std::string();
    found_ = core_.router.find(method_from(head.method), path_);
    decoder_.begin_body(found_.route ? found_.route->options.body_bytes_max : body_bytes_default);
}

void Session::feed()
{
    using Stage = RequestDecoder::Stage;
    if (begin_ == end_ || decoder_.stage() == Stage::done || decoder_.stage() == Stage::failed) return;
    auto const used = decoder_.put(std::string_view(buffer_.data() + begin_, end_ - begin_));
    begin_ += used;
    bytes_in_ += used;
    if (begin_ == end_) begin_ = end_ = 0;
}

asio::awaitable<bool> Session::read_more()
{
    if (decoder_.stage() == RequestDecoder::Stage::body && buffer_.size() < buffer_large) buffer_.resize(buffer_large);
    if (begin_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    // The decoder holds back less than its header limit, so a full buffer can always grow within this bound.
    if (end_ == buffer_.size()) {
        CHO_CHECK(buffer_.size() <= 4 * core_.options.header_bytes_max + buffer_large);
        buffer_.resize(2 * buffer_.size());
    }
    auto const got = co_await stream_->read_some(asio::buffer(buffer_.data() + end_, buffer_.size() - end_));
    if (got.error) co_return false;
    end_ += got.bytes;
    co_return true;
}

Request Session::make_request()
{
    auto& head = decoder_.head();
    Request request;
    request.method = method_from(head.method);
    request.method_text = std::move(head.method);
    request.target = std::move(head.target);
    request.headers = std::move(head.headers);
    request.body = std::move(decoder_.body());
    request.path = path_;
    request.received_at = core_.clock.now();
    request.path_parameters = std::move(found_.path_parameters);
    if (found_.route) request.operation_id = found_.route->operation_id;

    for (auto const& field : request.headers) {
        if (!same_name(field.name, "Cookie")) continue;
        for (auto& cookie : parse_cookies(field.value)) request.cookies.push_back(std::move(cookie));
    }
    auto const given = request.header("X-Request-Id");
    request.request_id = is_request_id(given) ? std::string(given) : id_text("req", make_uuid7(request.received_at, core_.random));
    if (auto const trace = request.header("traceparent"); is_traceparent(trace)) request.traceparent = trace;
    auto const& trusted = core_.options.trusted_proxies;
    request.peer_address = client_address(request.headers, peer_, trusted);
    request.secure = secure_ ||
                     (std::ranges::find(trusted, peer_) != trusted.end() && same_name(request.header("X-Forwarded-Proto"), "https"));
    request_id_ = request.request_id;
    method_name_ = method_name(request.method);
    return request;
}

asio::awaitable<Result<Response>> Session::handle(Request request)
{
    language_ = Language::vi;
    auto const target = split_target(request.target);
    auto query = target ? parse_parameters(target->query) : std::nullopt;
    if (query) request.query = std::move(*query);
    language_ = language_of(request);
    request.language = language_;
    if (request.target == "*" && request.method == Method::options) co_return Response::no_content();
    if (!target || !query) co_return fail(Errc::malformed_request, "the address is not a valid URI");
    if (!found_.route) {
        if (found_.allowed.empty()) {
            bool const reading = request.method == Method::get || request.method == Method::head;
            if (reading && core_.router.unknown()) {
                auto work = core_.router.unknown()(std::move(request));
                co_return co_await std::move(work);
            }
            co_return fail(Errc::not_found, "there is no such address");
        }
        if (request.method == Method::options) {
            std::string allow;
            for (auto method : found_.allowed) allow += (allow.empty() ? "" : ", ") + std::string(method);
            co_return Response::no_content().header("Allow", std::move(allow));
        }
        co_return fail(Errc::method_not_allowed, "this address does not know " + request.method_text);
    }

    Result<Response> outcome = fail(Errc::internal_error, "the handler ended without an answer");
    bool cancelled = false;
    handler_expired_ = false;
    handler_deadline_.expires_after(core_.options.handler_max);
    try {
        auto work = found_.route->handler(std::move(request));
        outcome = co_await std::move(work);
    } catch (boost::system::system_error const& e) {
        cancelled = e.code() == asio::error::operation_aborted && (handler_expired_ || cut_);
        if (!cancelled) {
            core_.log.write(observability::Level::error, "http.exception", request_id_,
                            {{"operation", found_.route->operation_id}, {"error", e.what()}});
        }
    } catch (std::exception const& e) {
        core_.log.write(observability::Level::error, "http.exception", request_id_,
                        {{"operation", found_.route->operation_id}, {"error", e.what()}});
    }
    handler_deadline_.never();
    if (handler_expired_ || cut_) co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
    if (cancelled) {
        core_.log.write(observability::Level::warning, "http.handler_cancelled", request_id_, {{"operation", found_.route->operation_id}});
        co_return fail(Errc::unavailable, "this took too long; ask for its state or try again with the same key");
    }
    co_return std::move(outcome);
}

std::string Session::head_of(Response const& response, bool keep_alive) const
{
    std::string head;
    head.reserve(768);
    put_status_line(head, response.status);
    head += "Date: ";
    head += core_.date();
    head += "\r\n";
    bool has_cache = false;
    bool has_policy = false;
    std::string_view content_type;
    for (auto const& field : response.headers) {
        has_cache = has_cache || same_name(field.name, "Cache-Control");
        has_policy = has_policy || same_name(field.name, "Content-Security-Policy");
        if (same_name(field.name, "Content-Type")) content_type = field.value;
        if (same_name(field.name, "Content-Length") || same_name(field.name, "Transfer-Encoding") || same_name(field.name, "Connection") ||
            same_name(field.name, "Date")) {
            continue;  // these are the connection's business
        }
        put_field(head, field.name, field.value);
    }
    put_field(head, "X-Request-Id", request_id_);
    head += core_.standing_fields();
    if (!has_cache) head += "Cache-Control: no-store\r\n";
    if (!has_policy) {
        if (content_type.starts_with("text/html")) put_field(head, "Content-Security-Policy", core_.options.content_security_policy);
        else if (content_type.starts_with("application/") && content_type.find("json") != std::string_view::npos) {
            put_field(head, "Content-Security-Policy", data_policy);
        }
    }
    if (std::holds_alternative<EventSource>(response.body)) {
        head += "Transfer-Encoding: chunked\r\n";
    } else if (!has_no_body(response.status)) {
        put_field(head, "Content-Length", std::to_string(response.body_text().size()));
    }
    if (!keep_alive) head += "Connection: close\r\n";
    head += "\r\n";
    return head;
}

asio::awaitable<bool> Session::answer(Response response, bool head_only, bool keep_alive)
{
    auto* const source = std::get_if<EventSource>(&response.body);
    if (source) keep_alive = false;  // what the reader sends meanwhile is thrown away, so nothing may follow
    auto head = head_of(response, keep_alive);
    if (source && !head_only) {
        auto events = std::move(*source);
        co_return co_await answer_events(std::move(head), std::move(events));
    }
    auto body = head_only || has_no_body(response.status) ? std::string_view() : response.body_text();
    if (body.size() <= joined_max) {
        head += body;
        body = {};
    }
    std::string_view first = head;
    do {
        auto const piece = body.substr(0, piece_max);
        body.remove_prefix(piece.size());
        stream_->expires_after(core_.options.write_max);
        auto const sent = co_await stream_->write(asio::buffer(first), asio::buffer(piece));
        bytes_out_ += sent.bytes;
        if (sent.error) co_return false;
        first = {};
    } while (!body.empty());
    co_return keep_alive;
}

asio::awaitable<bool> Session::answer_events(std::string head, EventSource source)
{
    stream_->expires_after(core_.options.write_max);
    auto const sent = co_await stream_->write(asio::buffer(head), asio::const_buffer());
    bytes_out_ += sent.bytes;
    if (sent.error) co_return false;
    // A stream lives for hours and nothing is read after it: thousands of them keep no more than they need.
    std::string().swap(head);
    buffer_ = {};
    begin_ = end_ = 0;
    EventChannel channel(*stream_, executor_, core_.options.event_comment_every, core_.options.write_max);
    events_ = &channel;
    if (draining_) channel.close();
    try {
        bool const whole = co_await channel.serve(std::move(source));
        (void)whole;  // the connection is closed either way, and the client resumes by its last event id
    } catch (std::exception const& e) {
        if (!cut_) {
            core_.log.write(observability::Level::error, "http.exception", request_id_,
                            {{"operation", found_.route->operation_id}, {"error", e.what()}});
        }
    }
    events_ = nullptr;
    if (cut_) co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
    bytes_out_ += channel.bytes_written();
    co_return false;
}

asio::awaitable<void> Session::refuse()
{
    core_.count_malformed(refusal_->code);
    Request seen;  // as far as it was read
    seen.headers = std::move(decoder_.head().headers);
    auto const given = seen.header("X-Request-Id");
    request_id_ = is_request_id(given) ? std::string(given) : id_text("req", make_uuid7(core_.clock.now(), core_.random));
    auto response = problem_response(*refusal_, ProblemContext{path_, request_id_, language_of(seen), {}, {}});
    auto const status = response.status;
    method_name_ = decoder_.head().method.empty() ? "?" : method_name(method_from(decoder_.head().method));
    bool const ignored = co_await answer(std::move(response), false, false);
    (void)ignored;  // it is closed whether the answer arrives or not
    note(status, false);
    co_await close(true);
}

asio::awaitable<void> Session::close(bool unread)
{
    if (stream_->timed_out()) {
        stream_->cut();  // who takes nothing does not take an end either
        co_return;
    }
    unread = unread || stream_->is_stale();
    stream_->expires_after(draining_ ? drain_grace : std::chrono::milliseconds(discard_time));
    co_await stream_->shutdown();
    // Closing a socket that still has unread bytes resets the connection, and the answer may be lost with it.
    if (buffer_.empty()) buffer_.resize(buffer_small);
    for (std::size_t dropped = 0; unread && dropped < discard_max;) {
        auto const got = co_await stream_->read_some(asio::buffer(buffer_));
        if (got.error) break;
        dropped += got.bytes;
    }
    stream_->cut();
}

void Session::note(int status, bool quiet)
{
    auto const took = std::chrono::steady_clock::now() - began_;
    core_.count(found_.route, status, took);
    if (quiet && status < 400) return;
    auto const microseconds = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    core_.log.write(observability::Level::info, "http.request", request_id_,
                    {{"operation", found_.route ? std::string_view(found_.route->operation_id) : std::string_view("none")},
                     {"method", method_name_},
                     {"status", status},
                     {"duration_us", microseconds},
                     {"bytes_in", bytes_in_},
                     {"bytes_out", bytes_out_}});
}

}  // namespace cho40::http
