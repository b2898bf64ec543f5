#pragma once
#include "adapters/identity/ledger_key.h"
#include "adapters/stores/merkle_store.h"
#include "adapters/stores/notary_reports.h"
#include "tests/support/loop.h"
#include "tests/support/postgres.h"
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace cho40::tests {

// A journal with rows of every kind, written by SQL: what proves them must not need the writer.
class ProofsTest : public testing::Test {
protected:
    static constexpr ledger::BookId book{9'101};
    static constexpr ledger::BookId other_book{9'102};

    void SetUp() override
    {
        database.truncate_all();
        sql().run("DELETE FROM book");
        for (auto const b : {book, other_book}) {
            sql().run(fmt::format(
                "INSERT INTO book (book_id, kind, name, writer_group, created_at) VALUES ({}, 1, 'Sổ thử', 'proofs', now())", b.value));
        }
        ASSERT_TRUE(loop.run(pool.open()));
    }
    void TearDown() override { loop.run(pool.close()); }

    PlainSql& sql() { return database.sql(); }

    // Rows [from, to]: one in five waits, and the next one ends it; some with text, some with none.
    void insert_rows(std::int64_t from, std::int64_t to, ledger::BookId in = book)
    {
        sql().run(fmt::format(
            "INSERT INTO journal (book_id, seq, transfer_id, debit_account, credit_account, amount, debit_balance, credit_balance, event_at, "
            "  recorded_at, part, code, kind, reference, pending_id, expires_at) "
            "SELECT {0}, n, md5('{0}/' || n)::uuid, 16, 18, 1000 + n, 7 * n, -7 * n, "
            "  timestamptz '2026-11-22 03:15:30.120003Z' + n * interval '1 second', timestamptz '2026-11-22 03:15:31Z' + n * interval '1 second', "
            "  0, 100, CASE n % 5 WHEN 3 THEN 2 WHEN 4 THEN 3 + (n / 5) % 3 ELSE 1 END + CASE WHEN n % 5 = 1 THEN 16 * (n % 16) ELSE 0 END, "
            "  CASE WHEN n % 3 = 0 THEN '' ELSE 'Chợ Hạ Long \"' || n || '\"' END, "
            "  CASE WHEN n % 5 = 4 THEN md5('{0}/' || n - 1)::uuid END, "
            "  CASE WHEN n % 5 = 3 THEN timestamptz '2026-11-22 04:15:31Z' + n * interval '1 second' END "
            "FROM generate_series({1}::int8, {2}) AS n",
            in.value, from, to));
    }
    Id<ledger::Transfer> transfer(std::int64_t seq, ledger::BookId in = book)
    {
        return Id<ledger::Transfer>(
            *Uuid::from_string(sql().value(fmt::format("SELECT transfer_id FROM journal WHERE book_id = {} AND seq = {}", in.value, seq))));
    }
    static identity::LedgerKey key_of(char digit)
    {
        return identity::LedgerKey(identity::InstallationKey::parse(std::string(64, digit)).value());
    }
    std::unique_ptr<ledger::Notary> make_notary() { return std::make_unique<ledger::Notary>(loop.executor(), store, key, clock, reports); }
    void rounds(ledger::Notary& notary)
    {
        for (bool more = true; more;) {
            auto const done = loop.run(notary.round());
            ASSERT_TRUE(done) << done.error().detail;
            more = *done;
        }
    }
    // What a starting service does.
    void sign_all()
    {
        auto const notary = make_notary();
        ASSERT_TRUE(loop.run(notary->start()));
        rounds(*notary);
    }
    std::string heads(ledger::BookId in = book)
    {
        return sql().value(
            fmt::format("SELECT coalesce(string_agg(size::text, ',' ORDER BY size), '') FROM ledger_head WHERE book_id = {}", in.value));
    }

    Loop loop;
    TestDatabase& database = TestDatabase::instance();
    postgres::Pool pool{loop.executor(), postgres::PoolOptions{.info = database.info()}};
    stores::MerkleStore store{pool, "proofs"};
    stores::ProofStore proofs{pool};
    identity::LedgerKey key = key_of('a');
    SystemClock clock;
    std::string log_text;
    observability::Log log{clock, observability::Level::warning, [this](std::string_view line) { log_text += line; }};
    observability::Metrics metrics;
    stores::NotaryReports reports{log, metrics};
};

}  // namespace cho40::tests
