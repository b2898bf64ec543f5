#include "apps/cli/bench/streams.h"
#include "apps/cli/bench/api_key.h"
#include "apps/cli/bench/installation.h"
#include "apps/cli/bench/ledger_stage.h"
#include "apps/cli/bench/payments_stage.h"
#include "apps/cli/bench/wire_load.h"
#include "apps/cli/io.h"
#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>
#include <optional>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace cho40::cli::bench {
namespace {

using Steady = std::chrono::steady_clock;

constexpr auto patience = std::chrono::seconds(20);

std::size_t count_of(std::string_view text, std::string_view what)
{
    std::size_t n = 0;
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at + what.size())) ++n;
    return n;
}

// Viewers that read what comes and count the events of the kind that is measured.
class Viewers {
public:
    Viewers(std::uint16_t port, std::size_t count, std::string const& request) : viewers_(count), poll_(epoll_create1(0))
    {
        for (std::size_t i = 0; i < count; ++i) {
            auto& viewer = viewers_[i];
            viewer.socket = connect_to(port);
            if (::send(viewer.socket, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) {
                throw Stop{Exit::negative, "the service closed a connection"};
            }
            epoll_event event{};
            event.events = EPOLLIN;
            event.data.u64 = i;
            if (epoll_ctl(poll_, EPOLL_CTL_ADD, viewer.socket, &event) != 0) throw Stop{Exit::system_missing, "epoll does not work"};
        }
    }
    ~Viewers()
    {
        for (auto const& viewer : viewers_) {
            if (viewer.socket >= 0) close(viewer.socket);
        }
        close(poll_);
    }
    Viewers(Viewers const&) = delete;
    Viewers& operator=(Viewers const&) = delete;

    // Until each has seen `events` more events whose text holds `what`; when each had the last of them, from `since`.
    std::vector<double> await(std::string_view what, std::size_t events, Steady::time_point since)
    {
        for (auto& viewer : viewers_) viewer.seen = 0;
        std::vector<double> milliseconds;
        milliseconds.reserve(viewers_.size());
        std::array<epoll_event, 256> ready{};
        std::array<char, 16 * 1024> buffer{};
        while (milliseconds.size() < viewers_.size()) {
            if (Steady::now() - since > patience) {
                throw Stop{Exit::negative, fmt::format("{} of {} viewers saw the event", milliseconds.size(), viewers_.size())};
            }
            auto const n = epoll_wait(poll_, ready.data(), static_cast<int>(ready.size()), 100);
            for (int i = 0; i < n; ++i) {
                auto& viewer = viewers_[ready[static_cast<std::size_t>(i)].data.u64];
                auto const got = ::recv(viewer.socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
                if (got <= 0) throw Stop{Exit::negative, "the service closed an event stream"};
                viewer.text.append(buffer.data(), static_cast<std::size_t>(got));
                auto const whole = viewer.text.rfind("\n\n");
                if (whole == viewer.text.npos) continue;
                bool const before = viewer.seen >= events;
                viewer.seen += count_of(std::string_view(viewer.text).substr(0, whole + 2), what);
                viewer.text.erase(0, whole + 2);
                if (!before && viewer.seen >= events) {
                    milliseconds.push_back(std::chrono::duration<double, std::milli>(Steady::now() - since).count());
                }
            }
        }
        return milliseconds;
    }

private:
    struct Viewer {
        int socket = -1;
        std::string text;  // of an event that is not whole yet
        std::size_t seen = 0;
    };
    std::vector<Viewer> viewers_;
    int poll_ = -1;
};

}  // namespace

std::vector<Figure> bench_streams(bool quick, std::size_t streams)
{
    std::size_t const viewers_wanted = quick ? streams / 10 : streams;
    std::size_t const payments = quick ? 5 : 40;
    constexpr std::size_t stalls = 50;
    PrivateInstallation installation;
    (void)installation.start_service();
    Database database(installation.database_url());
    auto const key = make_api_key(database, installation.installation_key());
    observability::Metrics metrics;
    http::Client client(database.executor(), http::ClientOptions{.name = "bench", .connections_max = 64, .waiting_max = 4096}, metrics);
    demo::ApiClient api(database.executor(), client, installation.base(), key);
    auto const prepared = database.get(prepare_payments(api, (payments + 1) * stalls));
    client.close_idle();

    WireLoad sender(installation.port(), 1);
    auto const pay = [&](std::size_t i) { (void)sender.run({wire_request(prepared.address, "none", prepared.bodies[i * stalls])}, 200); };
    pay(0);
    auto const before = installation.service().resident_bytes();
    auto const request = fmt::format("GET /v1/stalls/{}/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\n"
                                     "Accept: text/event-stream\r\n\r\n",
                                     prepared.stalls[0], key.expose());
    auto const opening = Steady::now();
    Viewers viewers(installation.port(), viewers_wanted, request);
    (void)viewers.await("event: ready", 1, Steady::now());
    auto const opened = std::chrono::duration<double>(Steady::now() - opening).count();

    std::vector<int> const service{installation.service().pid()};
    constexpr auto rest = std::chrono::seconds(5);
    auto const cpu_before = cpu_of(service);
    std::this_thread::sleep_for(rest);
    auto const idle_cpu = (cpu_of(service) - cpu_before) / 1e6 / std::chrono::duration<double>(rest).count();

    std::vector<double> milliseconds;
    for (std::size_t i = 1; i <= payments; ++i) {
        auto const began = Steady::now();
        pay(i);
        for (auto const took : viewers.await("event: payment.", 1, began)) milliseconds.push_back(took);
    }
    auto const after = installation.service().resident_bytes();
    std::ranges::sort(milliseconds);
    installation.stop_service();
    return {
        {"streams", static_cast<double>(viewers_wanted), "", "", 0},
        {"streams_opened", static_cast<double>(viewers_wanted) / opened, "1/s", "", 0},
        {"memory_per_stream", static_cast<double>(after - before) / 1000 / static_cast<double>(viewers_wanted), "kB", "<=", 20},
        {"cpu_while_nothing_happens", idle_cpu * 100, "% of a core", "", 0},
        {"event_at_viewer_p50", milliseconds[milliseconds.size() / 2], "ms", "", 0},
        {"event_at_viewer_p99", milliseconds[milliseconds.size() * 99 / 100], "ms", "<=", 300},
        {"event_at_viewer_max", milliseconds.back(), "ms", "", 0},
    };
}

}  // namespace cho40::cli::bench
