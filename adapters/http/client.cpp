#include "adapters/http/client.h"
#include "adapters/http/codec.h"
#include "adapters/http/connect.h"
#include "adapters/http/cookies.h"
#include "adapters/http/tls_context.h"
#include "base/with_deadline.h"
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <list>
#include <map>

namespace cho40::http {

namespace asio = boost::asio;
using SteadyTime = std::chrono::steady_clock::time_point;

namespace {

constexpr std::size_t read_bytes = 16 * 1024;

struct Idle {
    std::unique_ptr<Stream> stream;
    SteadyTime since;
};

struct Waiter {
    asio::steady_timer* timer;
    bool called = false;
};

// The connections to one origin.
struct Pool {
    Origin origin;
    std::vector<Idle> idle;                  // the youngest last: it is used first, the old ones may wither
    std::size_t open = 0;                    // idle ones and those in use
    std::list<Waiter> waiting;               // first come, first served

    void wake_one()
    {
        for (auto& waiter : waiting) {
            if (waiter.called) continue;  // it has not run yet; this place is for the next
            waiter.called = true;
            waiter.timer->cancel();
            return;
        }
    }
};

// The right to use one connection of a pool. Gives it back, or its place, when it goes.
class Lease {
public:
    Lease() = default;
    Lease(std::shared_ptr<Pool> pool, std::unique_ptr<Stream> connection)
        : stream(std::move(connection)), reused(stream != nullptr), pool_(std::move(pool))
    {
    }
    Lease(Lease&& other) noexcept = default;
    Lease& operator=(Lease&& other) noexcept
    {
        release();
        stream = std::move(other.stream);
        reused = other.reused;
        reusable = other.reusable;
        pool_ = std::move(other.pool_);
        return *this;
    }
    ~Lease() { release(); }

    // Closes the connection but keeps the place.
    void drop_connection()
    {
        stream.reset();
        reused = false;
    }

    std::unique_ptr<Stream> stream;
    bool reused = false;
    bool reusable = false;  // set when a whole answer was read and both sides keep the connection

private:
    void release()
    {
        if (!pool_) return;
        if (stream && reusable) {
            stream->never_expires();
            pool_->idle.push_back({std::move(stream), std::chrono::steady_clock::now()});
        } else {
            stream.reset();
            --pool_->open;
        }
        pool_->wake_one();
        pool_.reset();
    }
    std::shared_ptr<Pool> pool_;
};

bool may_repeat(Method method) { return is_safe(method); }

CallResult without_answer(Error error, Sent sent)
{
    CallResult result;
    result.response = fail(std::move(error));
    result.sent = sent;
    return result;
}

}  // namespace

class Client::Inside : public std::enable_shared_from_this<Inside> {
public:
    Inside(asio::any_io_executor executor, ClientOptions options, observability::Metrics& metrics)
        : executor_(std::move(executor)), options_(std::move(options)), metrics_(metrics),
          seconds_(metrics.histogram("cho40_http_client_seconds", "Outgoing calls, from the wish to the whole answer",
                                     observability::latency_bounds(), {{"peer", options_.name}}))
    {
    }

    asio::awaitable<CallResult> call(Outgoing request)
    {
        auto const self = shared_from_this();
        auto const began = std::chrono::steady_clock::now();
        auto const limit = request.deadline;
        auto sent = std::make_shared<Sent>(Sent::no);
        auto work = exchange(std::move(request), sent);
        auto outcome = co_await with_deadline(std::move(work), limit);
        CallResult result = outcome
                                ? std::move(*outcome)
                                : without_answer(Error(Errc::upstream_timeout, "no answer within " + std::to_string(limit.count()) + " ms"),
                                                 *sent);
        seconds_.observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
        auto const what = result.response ? std::to_string(result.response->status / 100) + "xx"
                                          : std::string(errc_name(result.response.error().code));
        metrics_.counter("cho40_http_client_calls_total", "Outgoing calls by outcome", {{"peer", options_.name}, {"outcome", what}}).add();
        co_return result;
    }

    void close_idle()
    {
        for (auto& [key, pool] : pools_) {
            pool->open -= pool->idle.size();
            pool->idle.clear();
        }
    }

private:
    asio::awaitable<CallResult> exchange(Outgoing request, std::shared_ptr<Sent> sent)
    {
        auto address = parse_url(request.url);
        if (!address) co_return without_answer(std::move(address).error(), Sent::no);
        auto pool = pool_of(address->origin);
        auto acquired = co_await acquire(pool);
        if (!acquired) co_return without_answer(std::move(acquired).error(), Sent::no);
        Lease lease = std::move(*acquired);

        bool const has_content = !request.body.empty() || !may_repeat(request.method);
        auto const head = request_head(method_name(request.method), address->target, address->origin.host_field(), request.headers,
                                       has_content ? std::optional(request.body.size()) : std::nullopt);
        while (true) {
            bool const reused = lease.reused;
            if (!lease.stream) {
                auto opened = co_await open(pool->origin);
                if (!opened) co_return without_answer(std::move(opened).error(), Sent::no);
                lease.stream = std::move(*opened);
            }
            *sent = Sent::unknown;
            bool silent = false;
            auto answer = co_await converse(lease, request.method, head, request.body, silent);
            if (answer) {
                CallResult result;
                result.response = std::move(*answer);
                result.sent = Sent::answered;
                co_return result;
            }
            // A kept connection may have ended just as we began. Reading again changes nothing; everything else is the
            // caller's decision, who knows whether the other side tells repetitions apart.
            if (!reused || !silent || !may_repeat(request.method)) co_return without_answer(std::move(answer).error(), Sent::unknown);
            lease.drop_connection();
        }
    }

    // `silent` is set when not one byte of an answer came.
    asio::awaitable<Result<Response>> converse(Lease& lease, Method method, std::string const& head, std::string const& body, bool& silent)
    {
        ResponseDecoder decoder({options_.header_bytes_max, options_.response_bytes_max}, method == Method::head);
        auto& stream = *lease.stream;
        auto const written = co_await stream.write(asio::buffer(head), asio::buffer(body));
        // Who refuses a large body early answers and closes: the answer is read even when writing failed.
        std::string buffer(read_bytes, '\0');
        std::size_t filled = 0;
        while (!decoder.done()) {
            if (filled == buffer.size()) buffer.resize(2 * buffer.size());  // the decoder's header limit bounds this
            auto const got = co_await stream.read_some(asio::buffer(buffer.data() + filled, buffer.size() - filled));
            if (got.error) {
                silent = !decoder.started();
                if (written.error) co_return fail(Errc::upstream_error, "cannot send: " + written.error.message());
                auto const end = got.error == asio::error::eof ? decoder.put_end()
                                                               : Result<Done>(fail(Errc::upstream_error, got.error.message()));
                if (!end) co_return fail(end.error());
                break;
            }
            filled += got.bytes;
            auto const used = decoder.put(std::string_view(buffer.data(), filled));
            if (!used) co_return fail(used.error());
            buffer.erase(0, *used);
            buffer.resize(std::max(buffer.size() + *used, read_bytes));
            filled -= *used;
        }
        lease.reusable = decoder.keep_alive() && filled == 0 && !written.error;
        co_return decoder.take();
    }

    asio::awaitable<Result<std::unique_ptr<Stream>>> open(Origin origin)
    {
        auto work = connect_and_shake(origin);
        auto opened = co_await with_deadline(std::move(work), options_.connect_max);
        if (!opened) {
            co_return fail(Errc::upstream_timeout,
                           "no connection to " + origin.host + " within " + std::to_string(options_.connect_max.count()) + " ms");
        }
        co_return std::move(*opened);
    }

    asio::awaitable<Result<std::unique_ptr<Stream>>> connect_and_shake(Origin origin)
    {
        if (origin.secure && !tls_) { CHO_CO_TRY(tls_, make_client_context(options_)); }
        CHO_CO_TRY(auto socket, co_await connect(origin.host, origin.port));
        auto stream = origin.secure ? make_tls_client_stream(std::move(*socket), *tls_, origin.host) : make_tcp_stream(std::move(*socket));
        auto const error = co_await stream->handshake();
        if (error) co_return fail(Errc::upstream_error, "TLS with " + origin.host + " failed: " + error.message());
        co_return std::move(stream);
    }

    asio::awaitable<Result<Lease>> acquire(std::shared_ptr<Pool> pool)
    {
        bool waited = false;
        while (true) {
            // Who has waited goes first; newcomers stand behind those who wait.
            if (waited || pool->waiting.empty()) {
                while (!pool->idle.empty()) {
                    auto idle = std::move(pool->idle.back());
                    pool->idle.pop_back();
                    if (std::chrono::steady_clock::now() - idle.since < options_.idle_max && !idle.stream->is_stale()) {
                        co_return Lease(pool, std::move(idle.stream));
                    }
                    --pool->open;
                }
                if (pool->open < options_.connections_max) {
                    ++pool->open;
                    co_return Lease(pool, nullptr);
                }
            }
            if (pool->waiting.size() >= options_.waiting_max) {
                co_return fail(Errc::unavailable, "too many calls are waiting for " + pool->origin.host);
            }
            co_await wait_in_line(pool);
            waited = true;
        }
    }

    asio::awaitable<void> wait_in_line(std::shared_ptr<Pool> pool)
    {
        asio::steady_timer timer(executor_, SteadyTime::max());
        struct Place {
            Pool& pool;
            std::list<Waiter>::iterator at;
            bool gave_up = true;
            ~Place()
            {
                bool const called = at->called;
                pool.waiting.erase(at);
                if (gave_up && called) pool.wake_one();  // the place offered to us goes to the next
            }
        };
        Place place{*pool, pool->waiting.insert(pool->waiting.end(), Waiter{&timer})};
        co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
        auto const state = co_await asio::this_coro::cancellation_state;
        place.gave_up = state.cancelled() != asio::cancellation_type::none;
    }

    std::shared_ptr<Pool> pool_of(Origin const& origin)
    {
        auto& pool = pools_[origin.key()];
        if (!pool) {
            pool = std::make_shared<Pool>();
            pool->origin = origin;
        }
        return pool;
    }

    asio::any_io_executor executor_;
    ClientOptions options_;
    observability::Metrics& metrics_;
    observability::Histogram seconds_;
    std::shared_ptr<asio::ssl::context> tls_;
    std::map<std::string, std::shared_ptr<Pool>> pools_;  // origins come from configuration: few
};

Client::Client(asio::any_io_executor executor, ClientOptions options, observability::Metrics& metrics)
    : inside_(std::make_shared<Inside>(std::move(executor), std::move(options), metrics))
{
}
Client::~Client() { close_idle(); }

asio::awaitable<CallResult> Client::call(Outgoing request) { return inside_->call(std::move(request)); }

void Client::close_idle() { inside_->close_idle(); }

}  // namespace cho40::http
