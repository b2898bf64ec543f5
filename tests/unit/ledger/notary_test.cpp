#include "ledger/notary.h"
#include "tests/support/run.h"
#include "tests/unit/ledger/head_signer.h"
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <rapidcheck.h>

namespace cho40::ledger {
namespace {

constexpr BookId book{7};

struct StandingClock final : Clock {
    Instant now() const override { return Instant(std::chrono::seconds(1'795'000'000)); }
};

struct Watch final : NotaryWatch {
    void on_signed(SignedHead const&) override { ++heads; }
    void on_alarm(HeadAlarm alarm, BookId, std::int64_t) override { alarms.push_back(alarm); }
    int heads = 0;
    std::vector<HeadAlarm> alarms;
};

JournalRow row_at(std::int64_t seq, BookId in = book)
{
    JournalRow row;
    row.book = in;
    row.seq = seq;
    row.transfer = Transfer(Id<Transfer>(make_derived_uuid({std::to_string(in.value), std::to_string(seq)})), AccountNumber{16},
                            AccountNumber{18}, Dong(1000 + seq), TransferCode::sale, "CQ7K2M4XJ", Instant(std::chrono::seconds(seq)));
    row.recorded_at = Instant(std::chrono::seconds(seq + 1));
    return row;
}

// The journal and the notary's tables, in memory, with their laws.
struct Books final : NotaryStore {
    boost::asio::awaitable<Result<std::vector<Sha256>>> hashes(BookId b, int level, std::int64_t first, std::int64_t count) override
    {
        while_reading();
        if (down) co_return fail(Errc::unavailable, "down");
        std::vector<Sha256> out;
        for (auto i = first; i < first + count; ++i) {
            if (level == 0) {
                if (i >= static_cast<std::int64_t>(rows[b].size())) break;
                out.push_back(leaf_hash(rows[b][static_cast<std::size_t>(i)]));
                ++rows_read;
            } else {
                auto const found = nodes.find({b, level, i});
                if (found == nodes.end()) break;
                out.push_back(found->second);
            }
        }
        co_return out;
    }
    boost::asio::awaitable<Result<std::vector<BookId>>> books_behind() override
    {
        std::vector<BookId> out;
        for (auto const& [b, all] : rows) {
            auto const newest = heads[b].empty() ? 0 : heads[b].rbegin()->first;
            if (static_cast<std::int64_t>(all.size()) > newest) out.push_back(b);
        }
        co_return out;
    }
    boost::asio::awaitable<Result<std::optional<SignedHead>>> newest_head(BookId b) override
    {
        if (down) co_return fail(Errc::unavailable, "down");
        if (heads[b].empty()) co_return std::nullopt;
        co_return heads[b].rbegin()->second;
    }
    boost::asio::awaitable<Result<std::vector<Standing>>> write(std::vector<Page> const& pages) override
    {
        if (down) co_return fail(Errc::unavailable, "down");
        std::vector<Standing> out;
        for (auto const& page : pages) {
            auto& chain = heads[page.head.book];
            Standing standing;
            for (auto const& node : page.nodes) {
                auto const stands = nodes.try_emplace({page.head.book, node.level, node.index}, node.hash).first->second;
                standing.nodes_agree = standing.nodes_agree && stands == node.hash;
            }
            bool const follows = std::ranges::none_of(chain, [&](auto const& h) { return h.second.previous == page.head.previous; });
            if (follows) chain.try_emplace(page.head.size, page.head);
            if (auto const found = chain.find(page.head.size); found != chain.end()) standing.head = found->second;
            out.push_back(standing);
        }
        if (std::exchange(answer_lost, false)) co_return fail(Errc::unavailable, "nobody knows");
        co_return out;
    }

    // Posts rows; answers them as the writer would tell them.
    std::vector<JournalRow> post(int count, BookId in = book)
    {
        std::vector<JournalRow> told;
        for (int i = 0; i < count; ++i) {
            told.push_back(row_at(static_cast<std::int64_t>(rows[in].size()) + 1, in));
            rows[in].push_back(told.back());
        }
        return told;
    }
    Sha256 true_root(std::int64_t size, BookId in = book)
    {
        MerkleFrontier tree;
        std::vector<MerkleNode> completed;
        for (std::int64_t i = 0; i < size; ++i) tree.append(leaf_hash(rows[in][static_cast<std::size_t>(i)]), completed);
        return tree.root();
    }
    // Every head is the root of its rows, is signed, and follows the one before.
    void expect_sound(TestSigner const& signer)
    {
        for (auto const& [b, chain] : heads) {
            Sha256 previous{};
            for (auto const& [size, head] : chain) {
                EXPECT_EQ(head.root, true_root(size, b)) << "book " << b.value << " size " << size;
                EXPECT_EQ(head.previous, previous) << "book " << b.value << " size " << size;
                EXPECT_TRUE(is_signed_by(signer, head));
                previous = head_hash(head);
            }
        }
    }

    std::map<BookId, std::vector<JournalRow>> rows;
    std::map<BookId, std::map<std::int64_t, SignedHead>> heads;
    std::map<std::tuple<BookId, int, std::int64_t>, Sha256> nodes;
    int rows_read = 0;
    bool down = false;
    bool answer_lost = false;
    std::function<void()> while_reading = [] {};
};

class NotaryTest : public testing::Test {
protected:
    std::unique_ptr<Notary> make(NotaryLimits limits = {})
    {
        return std::make_unique<Notary>(loop.get_executor(), books, signer, clock, watch, limits);
    }
    template <class T>
    T run(boost::asio::awaitable<T> work)
    {
        auto result = boost::asio::co_spawn(loop, std::move(work), boost::asio::use_future);
        loop.restart();
        loop.run();
        return result.get();
    }
    void rounds(Notary& notary)
    {
        while (run(notary.round()).value()) {}
    }
    std::int64_t covered(BookId b = book) { return books.heads[b].empty() ? 0 : books.heads[b].rbegin()->first; }

    boost::asio::io_context loop;
    Books books;
    TestSigner signer;
    StandingClock clock;
    Watch watch;
};

TEST_F(NotaryTest, SignsWhatGrewAndNothingElse)
{
    auto const notary = make();
    notary->on_committed(books.post(3));
    notary->on_committed(books.post(2, BookId{8}));
    rounds(*notary);
    EXPECT_EQ(covered(), 3);
    EXPECT_EQ(covered(BookId{8}), 2);
    notary->on_committed(books.post(700));
    rounds(*notary);
    rounds(*notary);
    EXPECT_EQ(covered(), 703);
    EXPECT_EQ(books.heads[BookId{8}].size(), 1U);
    EXPECT_EQ(books.nodes.size(), 2U);
    EXPECT_EQ(watch.heads, 3);
    books.expect_sound(signer);
}

TEST_F(NotaryTest, GoesOnWhereTheLastOneStopped)
{
    auto const first = make();
    first->on_committed(books.post(66'000));  // beyond one subtree of each of the lower kept levels
    rounds(*first);
    books.post(300);  // committed, and the process died before it signed
    auto const second = make();
    ASSERT_TRUE(run(second->start()));
    rounds(*second);
    EXPECT_EQ(covered(), 66'300);
    second->on_committed(books.post(300));
    rounds(*second);
    EXPECT_EQ(covered(), 66'600);
    EXPECT_EQ(books.nodes.size(), 1U + 66'600 / 256);
    EXPECT_TRUE(watch.alarms.empty());
    books.expect_sound(signer);
}

TEST_F(NotaryTest, ReadsWhatItWasNotTold)
{
    auto const notary = make();
    notary->on_committed(books.post(10));
    books.post(5);
    notary->on_committed(books.post(4));
    rounds(*notary);
    notary->on_committed(books.post(1));
    rounds(*notary);
    EXPECT_EQ(covered(), 20);
    books.expect_sound(signer);
}

TEST_F(NotaryTest, IsToldMoreWhileItReads)
{
    books.post(500);
    auto const notary = make({.rows_at_once = 64, .rows_ahead = 40});
    int told = 0;
    books.while_reading = [&] {
        if (told < 300) notary->on_committed(books.post(told++ % 7));
    };
    ASSERT_TRUE(run(notary->start()));
    rounds(*notary);
    books.while_reading = [] {};
    rounds(*notary);
    EXPECT_EQ(covered(), static_cast<std::int64_t>(books.rows[book].size()));
    EXPECT_TRUE(watch.alarms.empty());
    books.expect_sound(signer);
}

TEST_F(NotaryTest, WithoutItsTablesItKeepsALittleAndForgetsRatherThanGrows)
{
    struct {
        std::size_t nodes_unwritten;
        bool reads_again;
    } const table[] = {{4096, false}, {3, true}};
    for (auto const& [nodes_unwritten, reads_again] : table) {
        books = Books();
        auto const notary = make({.nodes_unwritten = nodes_unwritten});
        notary->on_committed(books.post(100));
        rounds(*notary);
        books.down = true;
        for (int i = 0; i < 20; ++i) {
            notary->on_committed(books.post(256));
            EXPECT_FALSE(run(notary->round()));
        }
        EXPECT_EQ(covered(), 100);
        books.down = false;
        books.rows_read = 0;
        rounds(*notary);
        EXPECT_EQ(covered(), 100 + 20 * 256);
        EXPECT_EQ(books.nodes.size(), 20U);
        // Otherwise only those whose head it checks before it signs the next.
        EXPECT_EQ(books.rows_read > 256, reads_again) << books.rows_read;
        EXPECT_TRUE(watch.alarms.empty());
        books.expect_sound(signer);
    }
}

TEST_F(NotaryTest, ALostAnswerIsLookedUp)
{
    auto const notary = make();
    notary->on_committed(books.post(300));
    books.answer_lost = true;
    EXPECT_FALSE(run(notary->round()));
    notary->on_committed(books.post(300));
    rounds(*notary);
    EXPECT_EQ(covered(), 600);
    EXPECT_EQ(books.nodes.size(), 2U);
    EXPECT_TRUE(watch.alarms.empty());
    books.expect_sound(signer);
}

TEST_F(NotaryTest, TwoOfThemDoNoHarm)
{
    rc::check([&] {
        books = Books();
        auto const one = make();
        auto const two = make();
        for (auto const step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 5))) {
            auto const told = step < 3 ? books.post(step * 60 + 1) : std::vector<JournalRow>();
            if (step != 1) one->on_committed(told);
            if (step != 2) two->on_committed(told);
            if (step == 3) (void)run(one->round());
            if (step == 4) (void)run(two->round());
        }
        auto const told = books.post(1);
        one->on_committed(told);
        two->on_committed(told);
        (void)run(one->sign_now(book));
        ASSERT_TRUE(run(two->sign_now(book)));
        EXPECT_EQ(covered(), static_cast<std::int64_t>(books.rows[book].size()));
        EXPECT_TRUE(watch.alarms.empty());
        books.expect_sound(signer);
        RC_ASSERT_FALSE(HasFailure());
    });
}

TEST_F(NotaryTest, SignsOnDemandAndOnlyOnce)
{
    auto const notary = make();
    EXPECT_EQ(run(notary->sign_now(book)).error().code, Errc::not_found);
    books.post(300);
    auto const head = run(notary->sign_now(book));
    ASSERT_TRUE(head);
    EXPECT_EQ(head->size, 300);
    EXPECT_EQ(*run(notary->sign_now(book)), *head);
    EXPECT_EQ(watch.heads, 1);
}

TEST_F(NotaryTest, KeepsAFewBooksOnly)
{
    auto const notary = make({.books = 2});
    for (int round = 0; round < 3; ++round) {
        for (std::int64_t b = 1; b <= 5; ++b) notary->on_committed(books.post(100, BookId{b}));
        rounds(*notary);
    }
    for (std::int64_t b = 1; b <= 5; ++b) EXPECT_EQ(covered(BookId{b}), 300);
    books.expect_sound(signer);
}

struct Damage {
    char const* what;
    HeadAlarm alarm;
    std::function<void(Books&)> plant;
};

class Damaged : public NotaryTest, public testing::WithParamInterface<Damage> {};

// Found by the next notary before it signs anything more.
TEST_P(Damaged, IsFoundAndNothingIsSignedOnTopOfIt)
{
    auto const before = make();
    before->on_committed(books.post(600));
    rounds(*before);
    GetParam().plant(books);
    auto const heads = books.heads[book].size();
    auto const notary = make();
    notary->on_committed(books.post(1));
    rounds(*notary);
    EXPECT_EQ(watch.alarms, std::vector{GetParam().alarm}) << GetParam().what;
    EXPECT_EQ(books.heads[book].size(), heads);
    EXPECT_EQ(run(notary->sign_now(book)).error().code, Errc::books_broken);
    notary->on_committed(books.post(1));
    rounds(*notary);
    EXPECT_EQ(watch.alarms.size(), 1U) << "told once";
}

INSTANTIATE_TEST_SUITE_P(
    Table, Damaged,
    testing::Values(Damage{"a changed row", HeadAlarm::root_differs, [](Books& b) { b.rows[book][590].transfer.amount = Dong(1); }},
                    Damage{"a changed node", HeadAlarm::root_differs, [](Books& b) { b.nodes[{book, 8, 1}][0] ^= 1; }},
                    Damage{"a head of another root", HeadAlarm::head_forged, [](Books& b) { b.heads[book][600].root[5] ^= 1; }},
                    Damage{"a signature of somebody else", HeadAlarm::head_forged, [](Books& b) { b.heads[book][600].signature[0] ^= 1; }},
                    Damage{"rows taken away", HeadAlarm::rows_missing, [](Books& b) { b.rows[book].resize(580); }}));

TEST_F(NotaryTest, ANodeThatStandsOtherwiseIsFoundWhenItIsWritten)
{
    auto const notary = make();
    notary->on_committed(books.post(100));
    rounds(*notary);
    books.nodes[{book, 8, 0}] = Sha256{};
    notary->on_committed(books.post(200));
    rounds(*notary);
    EXPECT_EQ(watch.alarms, std::vector{HeadAlarm::node_differs});
}

}  // namespace
}  // namespace cho40::ledger
