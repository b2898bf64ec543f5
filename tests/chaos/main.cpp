#include "adapters/postgres/migrations.h"
#include "tests/chaos/poster.h"
#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace {

// A new database gets its tables and the book.
int prepare(std::string const& url)
{
    using namespace cho40;
    tests::Loop loop;
    auto const info = std::make_shared<postgres::ConnectionInfo>(postgres::ConnectionInfo::parse(url, "cho40-chaos").value());
    if (auto migrated = loop.run(postgres::migrate(loop.executor(), info)); !migrated) {
        fmt::print(stderr, "{}\n", migrated.error().detail);
        return 1;
    }
    auto const script = fmt::format(
        "CREATE TABLE chaos_mark (poster text, number int8, PRIMARY KEY (poster, number));"
        "INSERT INTO book (book_id, kind, name, writer_group, created_at) VALUES ({}, 1, 'Sổ thử', 'chaos', now())",
        chaos::book.value);
    auto const made = loop.run([](tests::Loop& l, postgres::SharedConnectionInfo where, std::string sql) -> boost::asio::awaitable<bool> {
        auto connection = co_await postgres::Connection::connect(l.executor(), where);
        if (!connection) co_return false;
        auto const done = co_await (*connection)->run_script(sql);
        co_return done.has_value();
    }(loop, info, script));
    return made ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv)
{
    CLI::App app("Posts to the ledger and writes down what it asked and what it was answered");
    cho40::chaos::Settings settings;
    bool only_prepare = false;
    app.add_option("--database", settings.database)->required();
    app.add_option("--folder", settings.folder);
    app.add_option("--name", settings.name);
    app.add_option("--seed", settings.seed);
    app.add_option("--commands", settings.commands);
    app.add_flag("--refusals", settings.refusals);
    app.add_flag("--prepare", only_prepare, "Makes the tables and the book, and ends");
    CLI11_PARSE(app, argc, argv);
    if (only_prepare) return prepare(settings.database);
    return static_cast<int>(cho40::chaos::Poster(std::move(settings)).run());
}
