#include "adapters/identity/idempotency.h"
#include "base/signal.h"
#include "tests/unit/adapters/identity/fakes.h"
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace cho40::identity::tests {
namespace {

using boost::asio::awaitable;
using http::Response;

// Reads what the ledger has, as a database would.
struct LedgerRecords final : IdempotencyRecords {
    explicit LedgerRecords(RowLedger& l) : ledger(l) {}
    RowLedger& ledger;
    int replays = 0;
    bool blind_once = false;  // the first look happens before the twin's commit

    awaitable<Result<std::optional<IdempotencyRecord>>> find(Uuid principal, std::string key) override
    {
        if (std::exchange(blind_once, false)) co_return std::optional<IdempotencyRecord>();
        for (auto const* row : ledger.all<IdempotencyRow>()) {
            if (row->principal != principal || row->key != key) continue;
            IdempotencyRecord record;
            record.book = row->book;
            record.fingerprint = row->fingerprint;
            record.answer = row->answer;
            record.created_at = row->created_at;
            co_return record;
        }
        co_return std::optional<IdempotencyRecord>();
    }
    awaitable<Result<Done>> replayed(ledger::BookId, Uuid, std::string) override
    {
        ++replays;
        co_return Done{};
    }
    awaitable<Result<std::int64_t>> sweep(Instant replay_until, Instant forget_until, int) override
    {
        swept = {replay_until, forget_until};
        co_return 0;
    }
    std::pair<Instant, Instant> swept;
};

class IdempotencyTest : public testing::Test {
protected:
    IdempotencyTest()
    {
        vendor_.kind = Principal::Kind::user;
        vendor_.id = numbered(100);
        vendor_.grants = {Grant{Role::vendor, numbered(1)}};
    }

    static http::Request request(std::string key = "key-0123456789abcdef", std::string body = R"({"amount":45000})")
    {
        http::Request r;
        r.method = http::Method::post;
        r.method_text = "POST";
        r.path = r.target = "/v1/payments";
        r.operation_id = "payments.create";
        r.request_id = "req_1";
        r.body = std::move(body);
        if (!key.empty()) r.headers.add("Idempotency-Key", std::move(key));
        return r;
    }

    // Makes a payment: one command with the guard, the answer and the audit entry.
    Idempotency::Work pays()
    {
        return [this](Ticket ticket) -> awaitable<Result<Response>> {
            ++runs_;
            auto extra = ticket.extra<int>([](int number) {
                Answer answer(201, "{\"number\":" + std::to_string(number) + "}", AuditTarget{"pay", numbered(42)});
                answer.location = "/v1/payments/pay_x";
                answer.etag = "\"1\"";
                return answer;
            });
            ledger::Command command(ledger::BookId{7});
            extra.add_to(command, runs_);
            CHO_CO_TRY_DO(co_await ledger_.submit(std::move(command)));
            co_return ticket.response();
        };
    }

    Result<Response> answer(http::Request r, Principal who, Idempotency::Work work)
    {
        std::optional<Result<Response>> value;
        boost::asio::co_spawn(loop_, idempotency_.run(std::move(r), std::move(who), ledger::BookId{7}, std::move(work)),
                              [&](std::exception_ptr error, Result<Response> v) {
                                  if (error) std::rethrow_exception(error);
                                  value.emplace(std::move(v));
                              });
        loop_.restart();
        loop_.poll();  // nothing here waits for the outside
        return std::move(value).value();
    }
    Result<Response> answer(http::Request r) { return answer(std::move(r), vendor_, pays()); }

    boost::asio::io_context loop_{1};
    HandClock clock_;
    RowLedger ledger_;
    LedgerRecords records_{ledger_};
    InstallationKey installation_ = InstallationKey::parse(std::string(64, 'a')).value();
    AuditTrail audit_{ledger_, clock_, system_random()};
    Idempotency idempotency_{records_, audit_, installation_, clock_};
    Principal vendor_;
    int runs_ = 0;
};

void expect_same(Response const& first, Response const& again)
{
    EXPECT_EQ(again.status, first.status);
    EXPECT_EQ(again.body_text(), first.body_text());
    for (auto const* name : {"Content-Type", "Location", "ETag"}) EXPECT_EQ(again.headers.get(name), first.headers.get(name)) << name;
    EXPECT_EQ(first.headers.get("Idempotent-Replayed"), "");
    EXPECT_EQ(again.headers.get("Idempotent-Replayed"), "true");
}

TEST_F(IdempotencyTest, AReplayEqualsTheOriginalByteForByte)
{
    auto const first = answer(request());
    ASSERT_TRUE(first);
    EXPECT_EQ(first->status, 201);
    EXPECT_EQ(first->headers.get("Location"), "/v1/payments/pay_x");
    auto const again = answer(request());
    ASSERT_TRUE(again);
    expect_same(*first, *again);
    EXPECT_EQ(runs_, 1);
    EXPECT_EQ(records_.replays, 1) << "a replay writes before it answers";
    EXPECT_TRUE(answer(request("\"key-0123456789abcdef\"")).value().headers.has("Idempotent-Replayed")) << "quoted is the same key";
}

TEST_F(IdempotencyTest, KeyEffectAnswerAndAuditAreOneCommand)
{
    ASSERT_TRUE(answer(request()));
    ASSERT_EQ(ledger_.all<IdempotencyRow>().size(), 1U);
    ASSERT_EQ(ledger_.all<AuditEntry>().size(), 1U);
    auto const& entry = *ledger_.all<AuditEntry>()[0];
    EXPECT_EQ(entry.act, "payments.create");
    EXPECT_EQ(entry.target.id, numbered(42));
    EXPECT_EQ(entry.actor, vendor_.id);
    EXPECT_EQ(entry.book, ledger::BookId{7});
}

TEST_F(IdempotencyTest, AnotherBodyUnderTheSameKeyIsRefused)
{
    ASSERT_TRUE(answer(request()));
    EXPECT_EQ(answer(request("key-0123456789abcdef", R"({"amount":45001})")).error().code, Errc::idempotency_key_reused);
    auto elsewhere = request();
    elsewhere.path = "/v1/fee-notices";
    EXPECT_EQ(answer(std::move(elsewhere)).error().code, Errc::idempotency_key_reused);
    EXPECT_EQ(runs_, 1);
}

TEST_F(IdempotencyTest, AKeyOfAnotherAccountIsAnotherKey)
{
    ASSERT_TRUE(answer(request()));
    auto other = vendor_;
    other.id = numbered(101);
    auto const theirs = answer(request(), other, pays());
    ASSERT_TRUE(theirs);
    EXPECT_FALSE(theirs->headers.has("Idempotent-Replayed"));
    EXPECT_EQ(runs_, 2);
}

TEST_F(IdempotencyTest, MissingAndMalformedKeys)
{
    EXPECT_EQ(answer(request("")).error().code, Errc::missing_idempotency_key);
    for (auto const* key : {"short", "with space in between", "dấu-tiếng-việt-0123"}) {
        EXPECT_EQ(answer(request(key)).error().code, Errc::invalid_input) << key;
    }
    EXPECT_EQ(runs_, 0);
}

TEST_F(IdempotencyTest, ErrorsAreNotKept)
{
    bool broken = true;
    auto sometimes = [&](Ticket ticket) -> awaitable<Result<Response>> {
        if (broken) co_return fail(Errc::validation_failed, "no");
        auto pay = pays();
        co_return co_await pay(std::move(ticket));
    };
    Idempotency::Work work = sometimes;
    EXPECT_EQ(answer(request(), vendor_, work).error().code, Errc::validation_failed);
    broken = false;
    auto const after = answer(request(), vendor_, work);
    ASSERT_TRUE(after);
    EXPECT_FALSE(after->headers.has("Idempotent-Replayed"));
}

TEST_F(IdempotencyTest, ATwinInTheSameProcessIsToldToWait)
{
    Signal open(loop_.get_executor());
    Idempotency::Work slow = [&](Ticket ticket) -> awaitable<Result<Response>> {
        co_await open.wait();
        auto pay = pays();
        co_return co_await pay(std::move(ticket));
    };
    std::optional<Result<Response>> first;
    boost::asio::co_spawn(loop_, idempotency_.run(request(), vendor_, ledger::BookId{7}, slow),
                          [&](std::exception_ptr, Result<Response> v) { first.emplace(std::move(v)); });
    loop_.poll();
    EXPECT_EQ(answer(request()).error().code, Errc::request_in_progress);
    EXPECT_EQ(answer(request("key-0123456789abcdef", "{}")).error().code, Errc::idempotency_key_reused);
    open.ring();
    loop_.restart();
    loop_.poll();
    ASSERT_TRUE(first && *first);
    EXPECT_TRUE(answer(request()).value().headers.has("Idempotent-Replayed"));
    EXPECT_EQ(runs_, 1);
}

TEST_F(IdempotencyTest, ATwinElsewhereThatWonIsAnsweredForUs)
{
    auto const first = answer(request()).value();
    records_.blind_once = true;  // we looked before its commit
    auto const second = answer(request());
    ASSERT_TRUE(second);
    expect_same(first, *second);
    EXPECT_EQ(runs_, 2) << "both did the work, one effect stands";
    EXPECT_EQ(ledger_.all<IdempotencyRow>().size(), 1U);
}

TEST_F(IdempotencyTest, StaleForAnotherReasonStaysStale)
{
    Idempotency::Work stale = [](Ticket) -> awaitable<Result<Response>> { co_return fail(Errc::stale, "the payment moved on"); };
    EXPECT_EQ(answer(request(), vendor_, stale).error().code, Errc::stale);
}

TEST_F(IdempotencyTest, AWorkThatThrowsLeavesTheKeyFree)
{
    Idempotency::Work bug = [](Ticket) -> awaitable<Result<Response>> {
        throw std::runtime_error("bug");
        co_return Response();
    };
    EXPECT_THROW(answer(request(), vendor_, bug), std::runtime_error);
    EXPECT_TRUE(answer(request()));
}

TEST_F(IdempotencyTest, AfterTheWindowTheKeyIsATombstone)
{
    ASSERT_TRUE(answer(request()));
    clock_.pass(std::chrono::hours(72));
    EXPECT_TRUE(answer(request()).value().headers.has("Idempotent-Replayed"));
    clock_.pass(std::chrono::seconds(1));
    auto const late = answer(request());
    ASSERT_TRUE(late);
    EXPECT_EQ(late->status, 409);
    EXPECT_NE(late->body_text().find("\"idempotency_key_expired\""), std::string_view::npos) << late->body_text();
    EXPECT_EQ(late->headers.get("Link"), "</v1/payments/pay_x>; rel=\"related\"");
    EXPECT_EQ(runs_, 1);
}

TEST_F(IdempotencyTest, TheJanitorKnowsBothWindows)
{
    std::optional<Result<std::int64_t>> done;
    boost::asio::co_spawn(loop_, idempotency_.sweep(), [&](std::exception_ptr, Result<std::int64_t> v) { done.emplace(std::move(v)); });
    loop_.run();
    EXPECT_EQ(records_.swept.first, clock_.now() - std::chrono::hours(72));
    EXPECT_EQ(records_.swept.second, clock_.now() - std::chrono::hours(24 * 400));
}

TEST_F(IdempotencyTest, WhatIsKeptOfARequestCannotBeGuessedAt)
{
    auto const r = request();
    ASSERT_TRUE(answer(r));
    Idempotency moved(records_, audit_, InstallationKey::parse(std::string(64, 'b')).value(), clock_);
    auto const kept = ledger_.all<IdempotencyRow>()[0]->fingerprint;
    std::string const raw = "4:POST12:/v1/payments0:" + std::to_string(r.body.size()) + ":" + r.body;
    EXPECT_NE(kept, sha256(raw));
}

}  // namespace
}  // namespace cho40::identity::tests
