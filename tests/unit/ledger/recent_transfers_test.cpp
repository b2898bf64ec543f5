#include "ledger/recent_transfers.h"
#include <gtest/gtest.h>
#include <map>
#include <rapidcheck/gtest.h>

namespace cho40::ledger {
namespace {

constexpr BookId book{1};

// A UUIDv7 of the given millisecond; `low` fills the end, which is what the index hashes.
Uuid id_at(std::int64_t ms, std::uint8_t low = 0)
{
    Uuid id;
    for (std::size_t i = 0; i < 6; ++i) id.bytes[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
    id.bytes[6] = 0x70;
    id.bytes[15] = low;
    return id;
}

RecentTransfers::Entry entry(Uuid const& id, std::int64_t seq = 1)
{
    Transfer t;
    t.id = Id<Transfer>(id);
    return {t, book, seq, Instant{}};
}

TEST(RecentTransfers, NothingFallsOutBeforeTrim)
{
    RecentTransfers recent(8);
    for (int i = 1; i <= 100; ++i) recent.push(entry(id_at(i), i));
    for (int i = 1; i <= 100; ++i) ASSERT_EQ(recent.find(id_at(i))->seq, i);
    EXPECT_FALSE(recent.may_be_forgotten(id_at(1)));
    recent.trim();
    EXPECT_EQ(recent.size(), 7u);
    EXPECT_FALSE(recent.find(id_at(93)));
    EXPECT_TRUE(recent.find(id_at(94)));
}

TEST(RecentTransfers, OnlyIdsNoYoungerThanWhatWasForgottenHaveToBeLookedUp)
{
    RecentTransfers recent(8);
    for (int i = 1; i <= 8; ++i) recent.push(entry(id_at(1000 + i)));
    recent.trim();  // forgets the one of 1001
    EXPECT_TRUE(recent.may_be_forgotten(id_at(1001)));
    EXPECT_TRUE(recent.may_be_forgotten(id_at(5)));
    EXPECT_FALSE(recent.may_be_forgotten(id_at(1002)));
    EXPECT_TRUE(recent.may_be_forgotten(make_derived_uuid({"says nothing about its time"})));
}

TEST(RecentTransfers, RowsThatWereNeverLoadedCountWithTheSkewOfClocks)
{
    RecentTransfers recent(8);
    EXPECT_FALSE(recent.may_be_forgotten(id_at(1)));
    recent.forget_until(Instant(std::chrono::seconds(100)));
    EXPECT_TRUE(recent.may_be_forgotten(id_at(160'000)));
    EXPECT_FALSE(recent.may_be_forgotten(id_at(160'001)));
}

// The ring, its growth, its index with erasing in the middle of probing: beside a map, at sizes where all of it happens.
RC_GTEST_PROP(RecentTransfers, AgreesWithAMap, ())
{
    RecentTransfers recent(16);
    std::vector<Uuid> order;
    std::map<Uuid, std::int64_t> model;
    std::int64_t seq = 0;
    auto const steps = *rc::gen::inRange(0, 400);
    for (int i = 0; i < steps; ++i) {
        auto const what = *rc::gen::inRange(0, 8);
        if (what == 0 && !order.empty()) {
            recent.pop_newest();
            model.erase(order.back());
            order.pop_back();
        } else if (what == 1) {
            recent.trim();
            while (order.size() > 14) {
                model.erase(order.front());
                order.erase(order.begin());
            }
        } else {
            auto const id = make_derived_uuid({std::to_string(++seq)});
            recent.push(entry(id, seq));
            order.push_back(id);
            model[id] = seq;
        }
        RC_ASSERT(recent.size() == model.size());
        auto const asked = make_derived_uuid({std::to_string(*rc::gen::inRange<std::int64_t>(1, seq + 2))});
        auto const* found = recent.find(asked);
        auto const expected = model.find(asked);
        RC_ASSERT((found != nullptr) == (expected != model.end()));
        if (found) RC_ASSERT(found->seq == expected->second);
    }
    for (auto const& [id, n] : model) RC_ASSERT(recent.find(id) != nullptr && recent.find(id)->seq == n);
}

}  // namespace
}  // namespace cho40::ledger
