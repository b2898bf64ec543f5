#include "tests/integration/identity/fixture.h"

namespace cho40::tests {
namespace {

using boost::asio::awaitable;
using http::Response;
using identity::Idempotency;
using identity::Principal;
using identity::Ticket;

constexpr char key[] = "key-0123456789abcdef";

// Looks the first time before anybody committed, as a twin in another process does.
struct BlindOnce final : identity::IdempotencyRecords {
    explicit BlindOnce(identity::IdempotencyRecords& r) : real(r) {}
    identity::IdempotencyRecords& real;
    bool blind = true;

    awaitable<Result<std::optional<identity::IdempotencyRecord>>> find(Uuid principal, std::string k) override
    {
        if (std::exchange(blind, false)) co_return std::optional<identity::IdempotencyRecord>();
        co_return co_await real.find(principal, std::move(k));
    }
    awaitable<Result<Done>> replayed(ledger::BookId book, Uuid principal, std::string k) override
    {
        co_return co_await real.replayed(book, principal, std::move(k));
    }
    awaitable<Result<std::int64_t>> sweep(Instant a, Instant b, int limit) override { co_return co_await real.sweep(a, b, limit); }
};

class IdempotencyTest : public IdentityTest {
protected:
    static Principal caller(std::uint8_t number)
    {
        Principal principal;
        principal.kind = Principal::Kind::user;
        principal.id.bytes[15] = number;
        return principal;
    }
    static http::Request keyed(std::string body = R"({"amount":45000})")
    {
        auto r = request(http::Method::post, "/v1/payments", std::move(body));
        r.operation_id = "payments.create";
        r.headers.add("Idempotency-Key", key);
        return r;
    }
    // The effect: one audit entry more, besides the ticket's own.
    Idempotency::Work works(Instance& service)
    {
        return [this, &service](Ticket ticket) -> awaitable<Result<Response>> {
            auto effect = std::make_shared<identity::AuditEntry>(system_entry());
            effect->act = "effect";
            identity::Answer answer(201, R"({"tên":"Bà Thế","no":)" + std::to_string(++runs_) + "}",
                                    identity::AuditTarget{"pay", effect->id.uuid});
            answer.location = "/v1/payments/pay_1";
            answer.etag = "\"1\"";
            ledger::Command command(ledger::BookId{0});
            command.guards.push_back(ticket.guard());
            command.rows.push_back(std::move(effect));
            for (auto& row : ticket.rows(std::move(answer))) command.rows.push_back(std::move(row));
            CHO_CO_TRY_DO(co_await service.writer.submit(std::move(command)));
            co_return ticket.response();
        };
    }
    Result<Response> run(Idempotency& idempotency, Principal who, http::Request r, Idempotency::Work work)
    {
        return loop_.run(idempotency.run(std::move(r), std::move(who), ledger::BookId{0}, std::move(work)));
    }
    static std::string effects() { return sql().value("SELECT count(*) FROM audit_entry WHERE act = 'effect'"); }
    static std::string keys() { return sql().value("SELECT count(*) FROM idempotency"); }

    static void expect_replay(Response const& first, Response const& again)
    {
        EXPECT_EQ(again.status, first.status);
        EXPECT_EQ(again.body_text(), first.body_text());
        for (auto const* name : {"Content-Type", "Location", "ETag"}) EXPECT_EQ(again.headers.get(name), first.headers.get(name)) << name;
        EXPECT_EQ(again.headers.get("Idempotent-Replayed"), "true");
    }

    int runs_ = 0;
};

TEST_F(IdempotencyTest, AReplayEqualsTheOriginalByteForByteAlsoAfterARestart)
{
    std::optional<Response> first;
    {
        Instance service(loop_, clock_, computing_);
        first = run(service.idempotency, caller(1), keyed(), works(service)).value();
        EXPECT_EQ(first->status, 201);
        expect_replay(*first, run(service.idempotency, caller(1), keyed(), works(service)).value());
    }
    Instance restarted(loop_, clock_, computing_);
    expect_replay(*first, run(restarted.idempotency, caller(1), keyed(), works(restarted)).value());
    EXPECT_EQ(effects(), "1");
    EXPECT_EQ(sql().value("SELECT replays FROM idempotency"), "2");
}

TEST_F(IdempotencyTest, TwoAtOnceGiveOneEffectAndOneAnswer)
{
    Instance service(loop_, clock_, computing_);
    // Two front doors that know nothing of each other, one writer.
    Idempotency other(service.records, service.trail, service.installation, clock_);
    std::vector<Result<Response>> answers;
    auto one = [&](Idempotency& door) -> awaitable<void> {
        auto work = works(service);
        answers.push_back(co_await door.run(keyed(), caller(1), ledger::BookId{0}, std::move(work)));
    };
    auto both = [&]() -> awaitable<bool> {
        auto const loop = co_await boost::asio::this_coro::executor;
        boost::asio::co_spawn(loop, one(service.idempotency), [](std::exception_ptr e) {
            if (e) std::rethrow_exception(e);
        });
        boost::asio::co_spawn(loop, one(other), [](std::exception_ptr e) {
            if (e) std::rethrow_exception(e);
        });
        co_return co_await eventually([&] { return answers.size() == 2; });
    };
    ASSERT_TRUE(loop_.run(both()));
    ASSERT_TRUE(answers[0] && answers[1]);
    EXPECT_EQ(answers[0]->body_text(), answers[1]->body_text());
    EXPECT_EQ(effects(), "1");
    EXPECT_EQ(keys(), "1");
}

TEST_F(IdempotencyTest, TheDatabaseDecidesWhenMemoryHasForgotten)
{
    std::optional<Response> first;
    {
        Instance service(loop_, clock_, computing_);
        first = run(service.idempotency, caller(1), keyed(), works(service)).value();
    }
    // A new process: its writer has never heard of the key, and its look came too early.
    Instance restarted(loop_, clock_, computing_);
    BlindOnce blind(restarted.records);
    Idempotency idempotency(blind, restarted.trail, restarted.installation, clock_);
    auto const again = run(idempotency, caller(1), keyed(), works(restarted));
    ASSERT_TRUE(again) << again.error().detail;
    expect_replay(*first, *again);
    EXPECT_EQ(runs_, 2);
    EXPECT_EQ(effects(), "1") << "the second effect fell with its key";
}

TEST_F(IdempotencyTest, AnotherBodyAndAnotherAccount)
{
    Instance service(loop_, clock_, computing_);
    ASSERT_TRUE(run(service.idempotency, caller(1), keyed(), works(service)));
    EXPECT_EQ(run(service.idempotency, caller(1), keyed(R"({"amount":45001})"), works(service)).error().code, Errc::idempotency_key_reused);
    auto const theirs = run(service.idempotency, caller(2), keyed(), works(service));
    ASSERT_TRUE(theirs);
    EXPECT_FALSE(theirs->headers.has("Idempotent-Replayed"));
    EXPECT_EQ(effects(), "2");
}

TEST_F(IdempotencyTest, NothingStandsOfAWorkThatFailed)
{
    Instance service(loop_, clock_, computing_);
    Idempotency::Work refuses = [](Ticket) -> awaitable<Result<Response>> { co_return fail(Errc::validation_failed, "no"); };
    EXPECT_FALSE(run(service.idempotency, caller(1), keyed(), refuses));
    EXPECT_EQ(keys(), "0");
    EXPECT_TRUE(run(service.idempotency, caller(1), keyed(), works(service)));
    EXPECT_EQ(effects(), "1");
}

TEST_F(IdempotencyTest, OldAnswersAreEmptiedAndOldKeysForgotten)
{
    Instance service(loop_, clock_, computing_);
    for (std::uint8_t who = 1; who <= 3; ++who) ASSERT_TRUE(run(service.idempotency, caller(who), keyed(), works(service)));
    sql().run("UPDATE idempotency SET created_at = now() - interval '73 hours' WHERE principal = '00000000-0000-0000-0000-000000000002'");
    sql().run("UPDATE idempotency SET created_at = now() - interval '401 days' WHERE principal = '00000000-0000-0000-0000-000000000003'");
    auto const touched = loop_.run(service.idempotency.sweep());
    ASSERT_TRUE(touched);
    EXPECT_EQ(keys(), "2");
    EXPECT_EQ(sql().value("SELECT count(*) FROM idempotency WHERE body = ''"), "1");
    EXPECT_EQ(loop_.run(service.idempotency.sweep()).value(), 0);

    EXPECT_EQ(run(service.idempotency, caller(1), keyed(), works(service))->status, 201);
    auto const expired = run(service.idempotency, caller(2), keyed(), works(service)).value();
    EXPECT_EQ(expired.status, 409);
    EXPECT_EQ(expired.headers.get("Link"), "</v1/payments/pay_1>; rel=\"related\"");
    EXPECT_EQ(effects(), "3");
}

}  // namespace
}  // namespace cho40::tests
