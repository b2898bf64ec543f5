#include "adapters/stores/journal_rows.h"
#include "tests/integration/proofs/fixture.h"

namespace cho40::tests {
namespace {

using ledger::JournalRow;

class NotaryOnPostgres : public ProofsTest {
protected:
    std::vector<JournalRow> rows(std::int64_t from, std::int64_t to)
    {
        std::vector<JournalRow> out;
        for (auto seq = from; seq <= to; ++seq) out.push_back(*loop.run(proofs.find_row(transfer(seq), book)).value());
        return out;
    }
    std::string alarms()
    {
        auto const text = metrics.text();
        auto const at = text.find("\ncho40_ledger_head_alarms_total ");
        return text.substr(at + 32, 1);
    }
};

TEST_F(NotaryOnPostgres, SignsWhatTheLastOneLeft)
{
    insert_rows(1, 700);
    insert_rows(1, 3, other_book);
    sign_all();
    EXPECT_EQ(heads(), "700");
    EXPECT_EQ(heads(other_book), "3");
    EXPECT_EQ(sql().value("SELECT count(*) FROM merkle_node"), "2");

    insert_rows(701, 800);
    sign_all();
    sign_all();  // nothing grew
    EXPECT_EQ(heads(), "700,800");
    EXPECT_EQ(heads(other_book), "3");
    EXPECT_EQ(sql().value("SELECT count(*) FROM merkle_node"), "3");
    EXPECT_EQ(log_text, "");
}

TEST_F(NotaryOnPostgres, WhatItIsToldIsWhatItReads)
{
    auto const notary = make_notary();
    insert_rows(1, 300);
    notary->on_committed(rows(1, 300));
    rounds(*notary);
    insert_rows(301, 310);
    notary->on_committed(rows(305, 310));  // 301 to 304 were never told
    rounds(*notary);
    EXPECT_EQ(heads(), "300,310");
    auto const head = loop.run(store.newest_head(book)).value().value();
    EXPECT_EQ(head.root, loop.run(ledger::root_of(store, book, 310)).value());
    EXPECT_TRUE(ledger::is_signed_by(key.public_key(), head));
}

TEST_F(NotaryOnPostgres, TheChainOfHeadsDoesNotFork)
{
    insert_rows(1, 10);
    auto const one = make_notary();
    auto const two = make_notary();
    ASSERT_TRUE(loop.run(one->sign_now(book)));
    ASSERT_TRUE(loop.run(two->sign_now(book)));
    insert_rows(11, 20);
    one->on_committed(rows(11, 20));
    two->on_committed(rows(11, 15));
    rounds(*one);
    rounds(*two);  // knows less than what stands
    EXPECT_EQ(loop.run(two->sign_now(book)).value().size, 20);
    EXPECT_EQ(heads(), "10,20");
    auto const first = loop.run(proofs.first_head(book, 1)).value().value();
    EXPECT_EQ(loop.run(proofs.newest_head(book)).value().value().previous, ledger::head_hash(first));
    EXPECT_EQ(alarms(), "0");
}

TEST_F(NotaryOnPostgres, AChangedRowIsAnAlarmAndSignsNothing)
{
    insert_rows(1, 600);
    sign_all();
    sql().run("UPDATE journal SET amount = 1 WHERE seq = 590");
    insert_rows(601, 601);
    sign_all();
    EXPECT_EQ(heads(), "600");
    EXPECT_EQ(alarms(), "1");
    EXPECT_NE(log_text.find("root_differs"), std::string::npos) << log_text;
}

TEST_F(NotaryOnPostgres, AnotherRootAtTheSameSizeIsAnAlarm)
{
    insert_rows(1, 5);
    auto const notary = make_notary();
    notary->on_committed(rows(1, 4));
    rounds(*notary);
    // Somebody else has signed for five rows that are not ours: under another key, so that only the root can tell.
    auto forged = ledger::sign_head(key_of('b'), {.book = book, .size = 5, .root = sha256("not these rows"), .at = clock.now()});
    forged.previous = ledger::head_hash(loop.run(store.newest_head(book)).value().value());
    forged = ledger::sign_head(key_of('b'), forged);
    ASSERT_TRUE(loop.run(store.write({ledger::NotaryStore::Page{{}, forged}})));
    notary->on_committed(rows(5, 5));
    rounds(*notary);
    EXPECT_EQ(alarms(), "1");
    EXPECT_NE(log_text.find("root_differs"), std::string::npos) << log_text;
    EXPECT_EQ(loop.run(notary->sign_now(book)).error().code, Errc::books_broken);
}

TEST_F(NotaryOnPostgres, ALongBookIsProvedFromItsNodes)
{
    insert_rows(1, 70'000);
    sign_all();
    EXPECT_EQ(sql().value("SELECT count(*) FROM merkle_node WHERE level = 16"), "1");
    for (std::int64_t const seq : {1, 256, 257, 65'536, 65'537, 69'999, 70'000}) {
        auto const proof = loop.run(ledger::proof_of(proofs, transfer(seq), {.book = book}));
        ASSERT_TRUE(proof) << proof.error().detail;
        EXPECT_EQ(ledger::check_proof(*proof, key.public_key()), std::nullopt) << seq;
    }
}

}  // namespace
}  // namespace cho40::tests
