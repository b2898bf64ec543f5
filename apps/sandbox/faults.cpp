#include "apps/sandbox/faults.h"
#include "base/text.h"
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <nlohmann/json.hpp>

namespace cho40::sandbox {
namespace {

namespace asio = boost::asio;
using http::Response;

constexpr std::chrono::milliseconds latency_max = std::chrono::seconds(50);  // the server ends a handler at 60

tl::unexpected<Error> wrong(std::string_view part)
{
    return fail(Errc::invalid_input,
                "Test-Fault does not know \"" + std::string(part.substr(0, 40)) + "\"; it takes latency=800ms;error=503;drop=after_commit",
                "#header/Test-Fault");
}

Result<std::chrono::milliseconds> parse_time(std::string_view part, std::string_view text)
{
    std::int64_t count = 0;
    auto const [rest, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    auto const unit = text.substr(static_cast<std::size_t>(rest - text.data()));
    if (error != std::errc() || count < 0 || count > latency_max.count() || (unit != "ms" && unit != "s")) return wrong(part);
    auto const time = unit == "s" ? std::chrono::milliseconds(count * 1000) : std::chrono::milliseconds(count);
    if (time > latency_max) return wrong(part);
    return time;
}

Result<Done> read_part(std::string_view part, Fault& fault)
{
    auto const equals = part.find('=');
    auto const name = part.substr(0, equals);
    auto const value = equals == part.npos ? std::string_view() : part.substr(equals + 1);
    if (name == "latency") {
        CHO_TRY(fault.latency, parse_time(part, value));
        return Done{};
    }
    if (name == "error") {
        auto const [rest, error] = std::from_chars(value.data(), value.data() + value.size(), fault.error);
        if (error != std::errc() || rest != value.data() + value.size() || fault.error < 400 || fault.error > 599) return wrong(part);
        return Done{};
    }
    if (part == "drop=after_commit") fault.drop = Fault::Drop::after_commit;
    else if (part == "drop=before_commit") fault.drop = Fault::Drop::before_commit;
    else return wrong(part);
    return Done{};
}

Response answer_of(int status)
{
    nlohmann::json const problem{{"type", "about:blank"},
                                 {"title", "Test-Fault"},
                                 {"status", status},
                                 {"code", "test_fault"},
                                 {"detail", "asked for by Test-Fault"}};
    return Response::bytes(problem.dump(), "application/problem+json", status);
}

asio::awaitable<Result<Response>> run(http::Handler const& handler, http::Request request)
{
    CHO_CO_TRY(auto const fault, parse_fault(request.header("Test-Fault")));
    if (fault.latency.count() > 0) {
        asio::steady_timer timer(co_await asio::this_coro::executor, fault.latency);
        co_await timer.async_wait(asio::use_awaitable);
    }
    if (fault.error != 0) co_return answer_of(fault.error);
    if (fault.drop == Fault::Drop::before_commit) co_return Response(Response::hang_up);
    auto work = handler(std::move(request));
    auto answer = co_await std::move(work);
    if (fault.drop == Fault::Drop::after_commit) co_return Response(Response::hang_up);
    co_return answer;
}

}  // namespace

Result<Fault> parse_fault(std::string_view text)
{
    Fault fault;
    while (!trim(text).empty()) {
        auto const end = text.find(';');
        CHO_TRY_DO(read_part(trim(text.substr(0, end)), fault));
        text = end == text.npos ? std::string_view() : text.substr(end + 1);
    }
    return fault;
}

http::Handler with_faults(http::Handler handler)
{
    // The router keeps the handler as long as it serves, so the coroutine may look at it.
    auto const kept = std::make_shared<http::Handler const>(std::move(handler));
    return [kept](http::Request request) { return run(*kept, std::move(request)); };
}

}  // namespace cho40::sandbox
