#include "adapters/http/server.h"
#include "apps/sandbox/sandbox.h"
#include "base/droppable.h"
#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <fstream>
#include <iostream>
#include <libxml/parser.h>
#include <unistd.h>

namespace {

using namespace cho40;

constexpr auto drain_requests_max = std::chrono::seconds(3);

struct Options {
    std::string listen = "127.0.0.1:8091";
    std::string tls_certificate, tls_key;
    std::string notice_certificate, notice_key;
    std::string books;
    int hurry = 1;
    sandbox::Settings settings;
};

std::string read_file(std::string const& path)
{
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error(path + ": cannot be read");
    return std::string(std::istreambuf_iterator<char>(in), {});
}

http::ServerOptions server_options(Options const& options)
{
    http::ServerOptions out;
    auto const colon = options.listen.rfind(':');
    unsigned port = 0;
    auto const* const end = options.listen.data() + options.listen.size();
    auto const parsed = std::from_chars(options.listen.data() + (colon == std::string::npos ? 0 : colon + 1), end, port);
    if (colon == std::string::npos || parsed.ec != std::errc() || parsed.ptr != end || port > 65535)
        throw std::runtime_error("--listen is written address:port");
    out.address = options.listen.substr(0, colon);
    out.port = static_cast<std::uint16_t>(port);
    if (options.tls_certificate.empty() != options.tls_key.empty())
        throw std::runtime_error("--tls-certificate and --tls-key belong together");
    if (!options.tls_certificate.empty()) out.tls = http::TlsServerFiles{options.tls_certificate, options.tls_key};
    return out;
}

std::unique_ptr<xml::Signer const> notice_signer(Options const& options)
{
    if (options.notice_certificate.empty() != options.notice_key.empty())
        throw std::runtime_error("--notice-certificate and --notice-key belong together");
    if (options.notice_key.empty()) return nullptr;
    auto signer = xml::FileSigner::from_pem(Secret(read_file(options.notice_key)), read_file(options.notice_certificate));
    if (!signer) throw std::runtime_error("--notice-key: " + signer.error().detail);
    return std::make_unique<xml::FileSigner>(std::move(*signer));
}

sandbox::Books open_books(Options const& options)
{
    if (options.books.empty()) return {};
    auto books = sandbox::Books::open(options.books);
    if (!books) throw std::runtime_error("--books: " + books.error().detail);
    return std::move(*books);
}

boost::asio::awaitable<int> serve(http::Server& server, http::Router const& router, sandbox::Sandbox& sandbox,
                                  boost::asio::signal_set& signals, observability::Log const& log)
{
    if (auto const restored = co_await sandbox.restore(router); !restored) {
        log.error("sandbox.cannot_restore", {{"code", errc_name(restored.error().code)}, {"detail", restored.error().detail}});
        co_return 2;
    }
    auto const started = server.start();
    if (!started) {
        log.error("sandbox.cannot_start", {{"code", errc_name(started.error().code)}, {"detail", started.error().detail}});
        co_return 3;
    }
    log.info("sandbox.ready", {{"port", server.port()}});
    co_await signals.async_wait(boost::asio::use_awaitable);
    auto const cut = co_await server.stop(drain_requests_max);
    co_await sandbox.stop();
    log.info("sandbox.stopped", {{"requests_cut", cut}});
    co_return 0;
}

}  // namespace

int main(int argc, char** argv)
try {
    CLI::App command("cho40-sandbox: banks, providers, tax authority and case portal to try Chợ 4.0 with");
    Options options;
    command.add_option("--listen", options.listen, "address:port")->capture_default_str();
    command.add_option("--tls-certificate", options.tls_certificate, "PEM chain; with --tls-key the server speaks TLS");
    command.add_option("--tls-key", options.tls_key, "PEM");
    command.add_option("--service-url", options.settings.service_url, "where notifications go")->capture_default_str();
    command.add_option("--ca-file", options.settings.ca_file, "PEM to trust when the service speaks TLS");
    command.add_option("--books", options.books, "file in which the bank's books outlive the program; without it they are in memory");
    command.add_option("--seed", options.settings.seed, "names, numbers and mistakes are drawn from it")->capture_default_str();
    command.add_option("--hurry", options.hurry, "delays and providers' pauses pass so many times as fast")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    command.add_option("--notice-certificate", options.notice_certificate, "PEM; with --notice-key the tax authority signs its notices");
    command.add_option("--notice-key", options.notice_key, "PEM, RSA");
    CLI11_PARSE(command, argc, argv);
    options.settings.second /= options.hurry;
    while (options.settings.service_url.ends_with('/')) options.settings.service_url.pop_back();

    xmlInitParser();
    SystemClock const clock;
    observability::Log const log(clock, observability::Level::info, observability::to_descriptor(STDERR_FILENO));
    observability::Metrics metrics;
    Droppable<boost::asio::io_context> loop(1);
    sandbox::Sandbox sandbox(loop.get_executor(), options.settings, notice_signer(options), clock, log, metrics, open_books(options));
    http::Router router;
    sandbox.add_routes(router);
    http::Server server(loop.get_executor(), server_options(options), router, log, metrics, clock);
    boost::asio::signal_set signals(loop, SIGTERM, SIGINT);
    DropsFirst const leftovers([&] { loop.drop(); });
    int code = 3;
    boost::asio::co_spawn(loop, serve(server, router, sandbox, signals, log), [&](std::exception_ptr error, int result) {
        code = result;
        loop.stop();
        if (error) std::rethrow_exception(error);
    });
    loop.run();
    return code;
} catch (std::exception const& e) {
    std::cerr << "cho40-sandbox: " << e.what() << '\n';
    return 2;
}
