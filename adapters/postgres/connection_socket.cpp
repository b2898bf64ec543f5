#include "adapters/postgres/connection_socket.h"
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>
#include <fmt/format.h>

namespace cho40::postgres {

namespace asio = boost::asio;
using asio::awaitable;

namespace {

void receive_notice(void* flag, PGresult const* notice)
{
    auto const* severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
    auto const* text = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);
    // The one place where a text decides: the server gives this warning no SQLSTATE of its own (01000).
    if (severity && text && std::strcmp(severity, "WARNING") == 0 && std::strstr(text, "synchronous replication"))
        *static_cast<bool*>(flag) = true;
}

}  // namespace

Socket::Socket(asio::any_io_executor executor) : descriptor_(executor) {}

Socket::~Socket() { close(); }

void Socket::close()
{
    if (descriptor_.is_open()) descriptor_.release();
    if (connection_) PQfinish(std::exchange(connection_, nullptr));
    watched_ = -1;
}

void Socket::demote_host() { info_->demote(host_); }

bool Socket::take_replication_warning() { return std::exchange(replication_warning_, false); }

// The number of the descriptor can change while libpq connects: a second address, TLS tried and refused.
void Socket::watch()
{
    auto const now = PQsocket(connection_);
    if (now == watched_ && descriptor_.is_open()) return;
    if (descriptor_.is_open()) descriptor_.release();
    watched_ = now;
    if (now >= 0) descriptor_.assign(now);
}

awaitable<DbResult<std::unique_ptr<Socket>>> Socket::connect(asio::any_io_executor executor, SharedConnectionInfo info)
{
    auto const order = info->order();  // a copy: others may demote meanwhile
    DbError last(Outcome::not_up, "", "no host is configured");
    for (auto host : order) {
        std::unique_ptr<Socket> socket(new Socket(executor));
        socket->info_ = info;
        auto done = co_await socket->connect_to(host);
        if (done) co_return std::move(socket);
        last = std::move(done).error();
        if (order.size() > 1) info->demote(host);
    }
    co_return tl::unexpected<DbError>(std::move(last));
}

awaitable<DbResult<Done>> Socket::connect_to(std::size_t host)
{
    host_ = host;
    auto const keywords = info_->keywords(host);
    std::vector<char const*> names, values;
    for (auto const& k : keywords) {
        names.push_back(k.name.c_str());
        values.push_back(k.value.c_str());
    }
    names.push_back(nullptr);
    values.push_back(nullptr);
    auto const deadline = std::chrono::steady_clock::now() + connect_deadline;

    auto const failed = [&](std::string_view why) {
        std::string text(why);
        if (auto const end = text.find('\n'); end != std::string::npos) text.resize(end);
        close();
        return tl::unexpected<DbError>(DbError(Outcome::not_up, "", fmt::format("connect: {}", text)));
    };

    connection_ = PQconnectStartParams(names.data(), values.data(), 0);
    if (!connection_) co_return failed("out of memory");
    if (PQstatus(connection_) == CONNECTION_BAD) co_return failed(PQerrorMessage(connection_));
    PQsetNoticeReceiver(connection_, receive_notice, &replication_warning_);

    for (auto polled = PGRES_POLLING_WRITING; polled != PGRES_POLLING_OK;) {
        watch();
        if (watched_ < 0) co_return failed("no socket");
        auto const ready = co_await wait(polled == PGRES_POLLING_READING, polled == PGRES_POLLING_WRITING, deadline);
        if (ready == Ready::deadline) co_return failed("no answer in time");
        if (ready == Ready::cancelled) co_return failed("cancelled");
        polled = PQconnectPoll(connection_);
        if (polled == PGRES_POLLING_FAILED) co_return failed(PQerrorMessage(connection_));
    }
    watch();
    PQsetErrorContextVisibility(connection_, PQSHOW_CONTEXT_NEVER);
    if (PQsetnonblocking(connection_, 1) != 0) co_return failed(PQerrorMessage(connection_));
    co_return Done{};
}

awaitable<Socket::Ready> Socket::wait(bool read, bool write, TimePoint deadline)
{
    auto const wanted = [](auto const& order, std::size_t timer, bool cancelled) {
        if (order[0] != timer) return cancelled ? Ready::cancelled : Ready::io;
        return cancelled ? Ready::cancelled : Ready::deadline;
    };
    asio::steady_timer timer(descriptor_.get_executor(), deadline);
    if (read && write) {
        auto group = asio::experimental::make_parallel_group(descriptor_.async_wait(Descriptor::wait_read, asio::deferred),
                                                             descriptor_.async_wait(Descriptor::wait_write, asio::deferred),
                                                             timer.async_wait(asio::deferred));
        auto [order, r, w, t] = co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
        co_return wanted(order, 2, order[0] == 0 ? bool(r) : order[0] == 1 ? bool(w) : bool(t));
    }
    auto group = asio::experimental::make_parallel_group(
        descriptor_.async_wait(read ? Descriptor::wait_read : Descriptor::wait_write, asio::deferred), timer.async_wait(asio::deferred));
    auto [order, io, t] = co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    co_return wanted(order, 1, order[0] == 0 ? bool(io) : bool(t));
}

}  // namespace cho40::postgres
