#include "apps/config/config.h"
#include "apps/service/app.h"
#include "base/droppable.h"
#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>
#include <fstream>
#include <iostream>
#include <libxml/parser.h>
#include <sodium.h>
#include <sys/resource.h>
#include <unistd.h>

namespace {

using namespace cho40;

std::string read_file(std::string const& path)
{
    if (path.empty()) return {};
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error(path + ": cannot be read");
    return std::string(std::istreambuf_iterator<char>(in), {});
}

boost::asio::awaitable<int> serve(service::App& app, observability::Log const& log)
{
    auto started = co_await app.start();
    if (!started) {
        log.error("service.cannot_start", {{"code", errc_name(started.error().code)}, {"detail", started.error().detail}});
        co_return 3;
    }
    co_return co_await app.run();
}

// Every screen that waits for money keeps a connection: as many as the machine allows.
void open_files_as_allowed()
{
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == files.rlim_max) return;
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

}  // namespace

int main(int argc, char** argv)
try {
    CLI::App command("cho40d: the service of Chợ 4.0");
    std::string config_file;
    command.add_option("--config", config_file, "TOML file; every key may also come from the environment");
    CLI11_PARSE(command, argc, argv);

    auto loaded = config::load(read_file(config_file), config::process_environment());
    for (auto const& problem : loaded.problems) std::cerr << "cho40d: " << problem.key << ": " << problem.text << '\n';
    if (!loaded.problems.empty()) return 2;
    auto const level = observability::parse_level(loaded.config.logging.level);
    if (!level) {
        std::cerr << "cho40d: logging.level: " << level.error().detail << '\n';
        return 2;
    }
    if (sodium_init() < 0) return 3;
    open_files_as_allowed();
    xmlInitParser();  // once, before there are threads

    SystemClock const clock;
    observability::Log const log(clock, *level, observability::to_descriptor(STDERR_FILENO));
    Droppable<boost::asio::io_context> loop(1);
    Droppable<boost::asio::thread_pool> computing(2);
    auto app = service::App::make(std::move(loaded.config), loop.get_executor(), computing, log);
    if (!app) {
        std::cerr << "cho40d: " << app.error().detail << '\n';
        return 2;
    }
    // A request that would not end in its time is dropped while the application it works with still stands: first what is
    // queued for computing, then what waits on the loop, also for what was just computed.
    DropsFirst const leftovers([&] {
        computing.stop();
        computing.join();
        computing.drop();
        loop.drop();
    });
    boost::asio::signal_set signals(loop, SIGTERM, SIGINT);
    signals.async_wait([&](boost::system::error_code error, int) {
        if (!error) (*app)->stop();
    });
    int code = 3;
    boost::asio::co_spawn(loop, serve(**app, log), [&](std::exception_ptr error, int result) {
        code = result;
        signals.cancel();
        loop.stop();
        if (error) std::rethrow_exception(error);
    });
    loop.run();
    return code;
} catch (std::exception const& e) {
    std::cerr << "cho40d: " << e.what() << '\n';
    return 3;
}
