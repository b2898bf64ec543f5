#include "adapters/http/json_writer.h"
#include "apps/sandbox/faults.h"
#include "apps/sandbox/routes.h"
#include <charconv>
#include <nlohmann/json.hpp>

namespace cho40::sandbox {
namespace {

using http::Request;
using http::Response;

boost::asio::awaitable<Result<Response>> show_log(CallLog& calls, Request request)
{
    auto const text = request.query_value("limit").value_or("200");
    std::size_t limit = 0;
    auto const [rest, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
    if (error != std::errc() || rest != text.data() + text.size() || limit < 1 || limit > CallLog::entries_max) {
        co_return fail(Errc::invalid_input, "a limit is a number from 1 to 2000", "#query/limit");
    }
    auto const about = request.query_value("about");
    auto out = nlohmann::json::array();
    for (auto const& entry : calls.entries()) {
        if (out.size() == limit) break;
        if (about && entry.about != *about) continue;
        out.push_back({{"at", http::instant_json(entry.at)},
                       {"direction", entry.direction},
                       {"kind", entry.kind},
                       {"about", entry.about},
                       {"where", entry.where},
                       {"attempt", entry.attempt},
                       {"status", entry.status},
                       {"took_ms", entry.took_ms},
                       {"request", entry.request},
                       {"answer", entry.answer}});
    }
    co_return Response::json_text(http::dump_json({{"calls", std::move(out)}}));
}

}  // namespace

void add_log_routes(http::Router& router, CallLog& calls)
{
    http::RouteOptions about_route;
    about_route.documented = false;
    about_route.quiet = true;
    router.add(http::Method::get, "/log", "log", with_faults([&calls](Request request) { return show_log(calls, std::move(request)); }),
               about_route);
}

}  // namespace cho40::sandbox
