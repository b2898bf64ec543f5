#include "tests/support/postgres.h"
#include "adapters/postgres/migrations.h"
#include "base/digest.h"
#include "tests/support/loop.h"
#include "tests/support/source_tree.h"
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <stdexcept>
#include <unistd.h>

namespace cho40::tests {
namespace {

[[noreturn]] void give_up(std::string const& why)
{
    std::fprintf(stderr, "%s\n", why.c_str());
    std::exit(3);
}

std::string server_url()
{
    auto const* url = std::getenv("CHO40_TEST_DATABASE_URL");
    if (!url || !*url) give_up("CHO40_TEST_DATABASE_URL is not set: start this test with tests/run integration");
    return url;
}

// "host=... dbname=x" with another database: the last dbname wins in libpq.
std::string with_database(std::string const& url, std::string const& name) { return url + " dbname=" + name; }

// Named after what the migrations say, so that a changed file makes a new template.
std::string template_name()
{
    std::string all;
    for (auto const& m : postgres::embedded_migrations()) (all += m.name) += m.sql;
    return "template_" + to_hex(sha256(all)).substr(0, 16);
}

postgres::SharedConnectionInfo parse(std::string const& url)
{
    auto info = postgres::ConnectionInfo::parse(url, "cho40-test");
    if (!info) give_up(info.error().detail);
    return std::make_shared<postgres::ConnectionInfo>(*std::move(info));
}

std::string run_command(std::string const& command)
{
    std::string output;
    auto* pipe = popen(command.c_str(), "r");
    if (!pipe) give_up("cannot run " + command);
    char buffer[256];
    while (auto const n = fread(buffer, 1, sizeof buffer, pipe)) output.append(buffer, n);
    if (pclose(pipe) != 0) give_up("failed: " + command + "\n" + output);
    return output;
}

}  // namespace

PlainSql::PlainSql(std::string const& conninfo) : connection_(PQconnectdb(conninfo.c_str()))
{
    if (PQstatus(connection_) != CONNECTION_OK) give_up(std::string("cannot reach the test database: ") + PQerrorMessage(connection_));
    PQsetNoticeReceiver(connection_, [](void*, PGresult const*) {}, nullptr);
}

PlainSql::~PlainSql() { PQfinish(connection_); }

std::vector<std::string> PlainSql::column(std::string const& sql)
{
    std::unique_ptr<PGresult, void (*)(PGresult*)> result(PQexec(connection_, sql.c_str()), PQclear);
    auto const status = PQresultStatus(result.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) throw std::runtime_error(PQresultErrorMessage(result.get()));
    std::vector<std::string> values;
    for (int i = 0; i < PQntuples(result.get()); ++i) values.emplace_back(PQgetvalue(result.get(), i, 0));
    return values;
}

std::string PlainSql::value(std::string const& sql)
{
    auto const values = column(sql);
    return values.empty() ? "" : values.front();
}

void PlainSql::terminate(int backend_pid) { run(fmt::format("SELECT pg_terminate_backend({}, 5000)", backend_pid)); }

TestDatabase& TestDatabase::instance()
{
    static TestDatabase database;
    return database;
}

TestDatabase::TestDatabase() : admin_url_(with_database(server_url(), "postgres"))
{
    PlainSql admin(admin_url_);
    auto const from = template_name();
    // One binary makes the template, the others wait. An advisory lock is right here: one server, tests only.
    admin.run("SELECT pg_advisory_lock(4040)");
    if (admin.value(fmt::format("SELECT 1 FROM pg_database WHERE datname = '{}'", from)).empty()) {
        auto const unfinished = from + "_new";
        admin.run(fmt::format("DROP DATABASE IF EXISTS {}", unfinished));
        admin.run(fmt::format("CREATE DATABASE {} TEMPLATE template0", unfinished));
        Loop loop;
        auto done = loop.run(postgres::migrate(loop.executor(), parse(with_database(admin_url_, unfinished))));
        if (!done) give_up("migrations: " + done.error().detail);
        admin.run(fmt::format("ALTER DATABASE {} RENAME TO {}", unfinished, from));
    }
    admin.run("SELECT pg_advisory_unlock(4040)");
    auto const name = fmt::format("test_{}", ::getpid());
    admin.run(fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", name));
    admin.run(fmt::format("CREATE DATABASE {} TEMPLATE {}", name, from));
    names_.push_back(name);
    url_ = with_database(admin_url_, name);
    sql_ = std::make_unique<PlainSql>(url_);
}

TestDatabase::~TestDatabase()
{
    sql_.reset();
    PlainSql admin(admin_url_);
    for (auto const& name : names_) admin.run(fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", name));
}

postgres::SharedConnectionInfo TestDatabase::info() const { return parse(url_); }

std::string TestDatabase::make_empty()
{
    auto const name = fmt::format("test_{}_{}", ::getpid(), names_.size());
    PlainSql admin(admin_url_);
    admin.run(fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", name));
    admin.run(fmt::format("CREATE DATABASE {} TEMPLATE template0", name));
    names_.push_back(name);
    return with_database(admin_url_, name);
}

void TestDatabase::truncate_all()
{
    std::string tables;
    for (auto const& name :
         sql_->column("SELECT quote_ident(relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') "
                      "AND NOT relispartition AND relname NOT LIKE 'schema_migration%'"))
        tables += (tables.empty() ? "" : ", ") + name;
    if (!tables.empty()) sql_->run("TRUNCATE " + tables);
}

PrivateServer::PrivateServer()
{
    char pattern[] = "/tmp/cho40-server-XXXXXX";
    if (!mkdtemp(pattern)) give_up("no temporary folder");
    folder_ = pattern;
    std::filesystem::permissions(folder_, std::filesystem::perms(0755));  // the server may run as another user
    start();
}

PrivateServer::~PrivateServer()
{
    thaw();
    stop();
    std::filesystem::remove_all(folder_);
}

void PrivateServer::start()
{
    auto const output = run_command(
        fmt::format("{}/deploy/embedded.sh start --throwaway --no-redis --var {}", tests::source_tree().string(), folder_));
    auto const from = output.find('\''), to = output.rfind('\'');
    if (from == std::string::npos || to <= from) give_up("embedded.sh answered " + output);
    url_ = output.substr(from + 1, to - from - 1);
    socket_folder_ = url_.substr(5, url_.find(' ') - 5);
}

void PrivateServer::stop()
{
    (void)run_command(fmt::format("{}/deploy/embedded.sh stop --no-redis --var {}", tests::source_tree().string(), folder_));
}

// All processes whose working directory is the data folder: the postmaster first, then its children.
void PrivateServer::signal_all(int signal)
{
    namespace fs = std::filesystem;
    auto const data = fs::path(folder_) / "pg/data";
    for (auto const& entry : fs::directory_iterator("/proc")) {
        auto const pid = std::atoi(entry.path().filename().c_str());
        std::error_code ignored;
        if (pid > 1 && fs::read_symlink(entry.path() / "cwd", ignored) == data) ::kill(pid, signal);
    }
}

void PrivateServer::kill() { signal_all(SIGKILL); }
void PrivateServer::freeze() { signal_all(SIGSTOP); }
void PrivateServer::thaw() { signal_all(SIGCONT); }

}  // namespace cho40::tests
