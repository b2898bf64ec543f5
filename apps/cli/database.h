#pragma once
#include "adapters/postgres/pool.h"
#include "apps/cli/installation.h"
#include "apps/cli/io.h"
#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <cstdlib>
#include <optional>

namespace cho40::cli {

// --database, or CHO40_DATABASE_URL, or the database of the installation.
inline void add_database_option(CLI::App& command, std::string& url)
{
    command.add_option("--database", url, "PostgreSQL connection string; default: CHO40_DATABASE_URL")->envname("CHO40_DATABASE_URL");
}

// The database for the length of one command. Stops with Exit::system_missing when it cannot be reached.
class Database {
public:
    explicit Database(std::string const& url) : info_(parse(url)), pool_(loop_.get_executor(), options(info_))
    {
        auto opened = run(pool_.open(std::chrono::seconds(5)));
        if (!opened) throw Stop{Exit::system_missing, "the database cannot be reached: " + opened.error().message};
    }
    ~Database() { finish(); }
    Database(Database const&) = delete;
    Database& operator=(Database const&) = delete;

    [[nodiscard]] postgres::Pool& pool() { return pool_; }
    [[nodiscard]] boost::asio::any_io_executor executor() { return loop_.get_executor(); }
    [[nodiscard]] postgres::SharedConnectionInfo info() const { return info_; }

    // Runs to the end of `work`; what else is on the loop waits for the next run.
    template <class T>
    T run(boost::asio::awaitable<T> work)
    {
        std::optional<T> value;
        std::exception_ptr error;
        boost::asio::co_spawn(loop_, std::move(work), [&](std::exception_ptr e, T v) {
            error = e;
            value.emplace(std::move(v));
            loop_.stop();
        });
        loop_.restart();
        loop_.run();
        if (error) std::rethrow_exception(error);
        return *std::move(value);
    }

    // The value; a database or service that does not answer stops the command with Exit::system_missing, another error with
    // Exit::negative.
    template <class T>
    T get(boost::asio::awaitable<Result<T>> work)
    {
        auto result = run(std::move(work));
        if (result) return *std::move(result);
        auto const& e = result.error();
        bool const missing = e.code == Errc::unavailable || e.code == Errc::upstream_error || e.code == Errc::upstream_timeout;
        auto const code = missing ? Exit::system_missing : Exit::negative;
        throw Stop{code, e.detail + " (" + std::string(errc_name(e.code)) + ")"};
    }

private:
    static postgres::SharedConnectionInfo parse(std::string url)
    {
        if (url.empty()) url = installation().database.url;
        if (url.empty()) throw Stop{Exit::usage, "name the database with --database or CHO40_DATABASE_URL"};
        return std::make_shared<postgres::ConnectionInfo>(value_or_stop(postgres::ConnectionInfo::parse(url, "cho40-cli"), "--database"));
    }
    static postgres::PoolOptions options(postgres::SharedConnectionInfo info)
    {
        postgres::PoolOptions options;
        options.info = std::move(info);
        return options;
    }
    void finish()
    {
        auto closing = [this]() -> boost::asio::awaitable<bool> {
            co_await pool_.close();
            co_return true;
        };
        run(closing());
    }

    boost::asio::io_context loop_{1};
    postgres::SharedConnectionInfo info_;
    postgres::Pool pool_;
};

}  // namespace cho40::cli
