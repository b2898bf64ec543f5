#include "apps/sandbox/sandbox.h"
#include "apps/sandbox/faults.h"
#include "apps/sandbox/national_routes.h"
#include "apps/sandbox/portal_routes.h"
#include "apps/sandbox/refund_routes.h"
#include "apps/sandbox/routes.h"
#include "apps/sandbox/tax_routes.h"
#include <nlohmann/json.hpp>

namespace cho40::sandbox {
namespace {

using http::Request;
using http::Response;
using Answering = boost::asio::awaitable<Result<Response>>;

http::ClientOptions client_options(Settings const& settings)
{
    http::ClientOptions options;
    options.name = "service";
    options.connections_max = 64;     // notifications under way at once
    options.waiting_max = 100'000;    // the others stand in line
    options.ca_file = settings.ca_file;
    return options;
}

}  // namespace

Sandbox::Sandbox(boost::asio::any_io_executor executor, Settings settings, std::unique_ptr<xml::Signer const> notice_signer,
                 Clock const& clock, observability::Log const& log, observability::Metrics& metrics, Books books)
    : books_(std::move(books)), bank_(settings.seed, clock), files_(bank_), client_(executor, client_options(settings), metrics),
      jobs_(executor, "sandbox", log, metrics), notifier_(client_, jobs_, calls_, bank_, clock, settings.service_url, settings.second),
      payments_(bank_, notifier_, rail_faults_, jobs_, settings.second), tax_office_(std::move(notice_signer), settings.second),
      service_url_(settings.service_url), second_(settings.second)
{
    bank_.on_booked([this](Transfer const& transfer) { books_.keep(transfer); });
}

boost::asio::awaitable<Result<Done>> Sandbox::restore(http::Router const& router)
{
    for (auto& line : books_.take_lines()) {
        if (line.transfer) {
            bank_.restore(std::move(*line.transfer));
            continue;
        }
        auto const found = router.find(http::Method::post, line.setup);
        if (!found.route) co_return fail(Errc::invalid_config, "the books name " + line.setup + ", which is no setup request");
        http::Request request;
        request.method = http::Method::post;
        request.path = line.setup;
        request.headers.set("Content-Type", "application/json");
        request.body = std::move(line.body);
        CHO_CO_TRY_DO(co_await found.route->handler(std::move(request)));
    }
    co_return Done{};
}

void Sandbox::reset()
{
    bank_.reset();
    files_.reset();
    payments_.reset();
    rail_faults_.reset();
    notifier_.reset();
    tax_office_.reset();
    portal_.reset();
    national_.reset();
    calls_.clear();
    books_.clear();
}

void Sandbox::add_routes(http::Router& router)
{
    using enum http::Method;
    http::RouteOptions about_route;
    about_route.documented = false;
    about_route.quiet = true;
    router.add(get, "/healthz", "healthz", [](Request) -> Answering { co_return Response::json({{"status", "ok"}}); }, about_route);
    router.add(
        post, "/setup/reset", "setup.reset",
        [this](Request) -> Answering {
            reset();
            co_return Response::no_content();
        },
        about_route);
    add_setup_routes(router, bank_, notifier_, rail_faults_, files_, books_);
    add_bank_routes(router, bank_, payments_, files_);
    add_list_routes(router, bank_);
    add_refund_routes(router, bank_, payments_);
    add_tax_routes(router, tax_office_, bank_, calls_, books_, second_);
    add_portal_routes(router, portal_, bank_, calls_, books_, second_);
    auto national = std::make_shared<NationalSide>(NationalSide{national_, bank_, calls_, client_, service_url_, second_});
    add_national_routes(router, std::move(national), books_);
    add_log_routes(router, calls_);
}

boost::asio::awaitable<void> Sandbox::stop()
{
    co_await jobs_.drain(std::chrono::seconds(0));
    client_.close_idle();
}

}  // namespace cho40::sandbox
