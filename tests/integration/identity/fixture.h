#pragma once
#include "adapters/api/people.h"
#include "adapters/http/ids.h"
#include "adapters/http/problem.h"
#include "adapters/identity/api_keys.h"
#include "adapters/observability/log.h"
#include "adapters/stores/idempotency_store.h"
#include "adapters/stores/ledger_journal.h"
#include "ledger/writer.h"
#include "tests/support/loop.h"
#include "tests/support/postgres.h"
#include <boost/asio/thread_pool.hpp>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cho40::tests {

// One instance of the service as far as people are concerned: pool, ledger writer, stores, gate, routes.
class Instance {
public:
    Instance(Loop& loop, Clock const& clock, boost::asio::thread_pool& computing, std::string group = "identity-test")
        : loop_(loop), info_(TestDatabase::instance().info()), log_(clock, observability::Level::error, [](std::string_view) {}),
          pool(loop.executor(), options(info_)),
          journal_(loop.executor(), info_, stores::JournalOptions{.writer_group = std::move(group), .holder = "test"}, writers_, clock,
                   log_),
          writer(loop.executor(), journal_, clock), people(pool), audits(pool), records(pool), trail(writer, clock, system_random()),
          passwords(loop.executor(), computing, cheap()), sign_ins(people, passwords, clock, system_random()),
          keys(people, installation, clock), gate(sign_ins, keys, trail), idempotency(records, trail, installation, clock),
          cursors(installation.derive("cursor"), clock),
          context{gate, idempotency, sign_ins, passwords, people, audits, writer, cursors, clock, system_random()}
    {
        stores::add_people_writers(writers_);
        stores::add_audit_writers(writers_);
        stores::add_idempotency_writers(writers_);
        api::add_people_routes(router, context);
        auto opened = loop_.run(pool.open());
        EXPECT_TRUE(opened.has_value());
        auto started = loop_.run(writer.start());
        EXPECT_TRUE(started.has_value()) << (started ? "" : started.error().detail);
        boost::asio::co_spawn(loop_.executor(), writer.run(), [this](std::exception_ptr) { writer_ended_ = true; });
    }
    ~Instance()
    {
        writer.stop();
        loop_.run(close());
    }
    Instance(Instance const&) = delete;
    Instance& operator=(Instance const&) = delete;

    // What the server does with a request, without a socket.
    http::Response answer(http::Request request) { return loop_.run(answering(std::move(request))); }
    boost::asio::awaitable<http::Response> answering(http::Request request)
    {
        auto found = router.find(request.method, request.path);
        EXPECT_NE(found.route, nullptr) << request.path;
        request.operation_id = found.route->operation_id;
        request.path_parameters = found.path_parameters;
        auto const asked = request;
        auto result = co_await found.route->handler(std::move(request));
        if (result) co_return *std::move(result);
        co_return http::problem_response(result.error(), asked);
    }

    static identity::PasswordCost cheap()
    {
        identity::PasswordCost cost;
        cost.memory_bytes = 8192;
        cost.passes = 1;
        return cost;
    }

private:
    static postgres::PoolOptions options(postgres::SharedConnectionInfo info)
    {
        postgres::PoolOptions options;
        options.info = std::move(info);
        return options;
    }
    boost::asio::awaitable<void> close()
    {
        co_await eventually([this] { return writer_ended_; });
        co_await pool.close();
    }

    Loop& loop_;
    postgres::SharedConnectionInfo info_;
    observability::Log log_;

protected:
    stores::RowWriters writers_;  // a derived instance adds what its routes write

private:
    bool writer_ended_ = false;

public:
    identity::InstallationKey installation = identity::InstallationKey::parse(std::string(64, 'a')).value();
    postgres::Pool pool;

private:
    stores::LedgerJournal journal_;

public:
    ledger::Writer writer;
    stores::PeopleStore people;
    stores::AuditStore audits;
    stores::IdempotencyStore records;
    identity::AuditTrail trail;
    identity::Passwords passwords;
    identity::SignIns sign_ins;
    identity::ApiKeys keys;
    identity::Gate gate;
    identity::Idempotency idempotency;
    http::Cursors cursors;
    api::PeopleContext context;
    http::Router router;
};

class IdentityTest : public testing::Test {
protected:
    IdentityTest() { TestDatabase::instance().truncate_all(); }

    static http::Request request(http::Method method, std::string target, std::string body = {})
    {
        http::Request r;
        r.method = method;
        r.method_text = std::string(http::method_name(method));
        r.target = target;
        r.path = target.substr(0, target.find('?'));
        r.request_id = "req_0123456789";
        r.peer_address = "10.0.0.1";
        r.body = std::move(body);
        if (!r.body.empty()) r.headers.add("Content-Type", "application/json");
        return r;
    }

    // A person in the database, and her sign-in through the API.
    struct Signed {
        std::string cookie, csrf, id;
    };
    void add_person(Instance& service, std::string login, std::vector<identity::Grant> grants)
    {
        identity::NewUser user;
        user.id = make_id<identity::User>(clock_.now(), system_random());
        user.login = std::move(login);
        user.name = "Bà Thế";
        user.password_hash = identity::hash_password(Secret("cá song nướng muối"), Instance::cheap());
        user.grants = std::move(grants);
        user.created_at = clock_.now();
        auto const added = loop_.run(service.people.add_user(user, system_entry()));
        ASSERT_TRUE(added.has_value()) << (added ? "" : added.error().detail);
    }
    Signed sign_in(Instance& service, std::string login)
    {
        auto const response = service.answer(
            request(http::Method::post, "/v1/sign-ins", R"({"login":")" + login + R"(","password":"cá song nướng muối"})"));
        EXPECT_EQ(response.status, 201) << response.body_text();
        auto const body = nlohmann::json::parse(response.body_text());
        auto const set = std::string(response.headers.get("Set-Cookie"));
        Signed in;
        in.cookie = set.substr(set.find('=') + 1, 64);
        in.csrf = body.at("csrf_token");
        in.id = body.at("user").at("id");
        return in;
    }
    static http::Request as(Signed const& who, http::Request r)
    {
        r.cookies.push_back({"__Host-sid", who.cookie});
        r.headers.add("X-CSRF-Token", who.csrf);
        return r;
    }
    identity::AuditEntry system_entry()
    {
        identity::AuditEntry entry;
        entry.at = clock_.now();
        entry.id = make_id<identity::AuditRecord>(entry.at, system_random());
        entry.act = "test";
        return entry;
    }
    static PlainSql& sql() { return TestDatabase::instance().sql(); }

    Loop loop_;
    SystemClock clock_;
    boost::asio::thread_pool computing_{1};
};

}  // namespace cho40::tests
