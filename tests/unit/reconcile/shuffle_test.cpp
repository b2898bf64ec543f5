#include "scene.h"
#include <gtest/gtest.h>
#include <rapidcheck.h>

// Days made at random from few ids, amounts and times, so that everything collides with everything.
namespace cho40::reconcile::tests {
namespace {

template <class T>
T pick(std::initializer_list<T> of)
{
    return *rc::gen::elementOf(std::vector<T>(of));
}

Instant some_time()
{
    return Day::from(2026, 11, static_cast<unsigned>(*rc::gen::inRange(16, 18))).begin() +
           std::chrono::minutes(pick({0, 10, 480, 481, 1435}));
}

Scene random_scene()
{
    Scene scene;
    auto const orders = {"CQAAAA111", "CQBBBB222", "CQCCCC333", ""};
    auto const txns = {"V1", "V2", "V3", ""};
    for (int i = *rc::gen::inRange(0, 12); i > 0; --i) {
        auto r = std::make_unique<InternalRecord>();
        r->payment_id = "P" + std::to_string(i);
        r->kind = pick({Kind::payment, Kind::payment, Kind::refund});
        r->order_ref = pick<char const*>(orders);
        r->provider_txn_id = pick<char const*>(txns);
        r->parent_id = pick<char const*>({"", "P1", "P2"});
        r->amount = Dong(pick({10000, 20000}));
        r->status = pick({InternalStatus::succeeded, InternalStatus::succeeded, InternalStatus::pending, InternalStatus::failed});
        r->event_at = some_time();
        r->channel = pick({Channel::provider, Channel::bank});
        scene.internal.push_back(std::move(r));
    }
    for (int i = *rc::gen::inRange(0, 12); i > 0; --i) {
        auto l = std::make_unique<ProviderLine>();
        l->at = some_time();
        l->business_date = Day::of(l->at);
        l->file_id = std::to_string(l->business_date.day());
        l->line_no = i;
        l->provider_txn_id = pick<char const*>(txns);
        l->order_ref = pick<char const*>(orders);
        l->kind = pick({Kind::payment, Kind::payment, Kind::refund});
        l->amount = Dong(pick({10000, 20000}));
        l->fee = Dong(pick({0, 100}));
        l->status = pick({LineStatus::success, LineStatus::success, LineStatus::failed});
        if (l->status == LineStatus::success) l->net = Dong(signed_amount(l->kind, l->amount).count() - l->fee.count());
        l->batch = pick<char const*>({"VNPA", "VNPB", ""});
        l->settlement_date = Day::from(2026, 11, 17);
        scene.provider.push_back(std::move(l));
    }
    for (int i = *rc::gen::inRange(0, 12); i > 0; --i) {
        auto e = std::make_unique<BankEntry>();
        e->account = pick<char const*>({"1", "1", "2"});
        e->entry_ref = "E10" + std::to_string(pick({i, i, i, 1}));
        e->booked_at = some_time();
        e->booking_date = e->value_date = Day::of(e->booked_at);
        e->direction = pick({Direction::credit, Direction::credit, Direction::debit});
        e->amount = Dong(pick({10000, 20000, 9900, 19900, 29900}));
        e->reversal = pick({false, false, true});
        e->counterparty = pick<char const*>({partner_name, "A", ""});
        e->narrative = pick<char const*>({"VNPA", "VNPB", "CQAAAA111", "CQBBBB222", "CQAAAA111 CQCCCC333", "E101", "VNPA VNPB", ""});
        scene.bank.push_back(std::move(e));
    }
    for (auto const& r : scene.internal) scene.input.internal.push_back(r.get());
    for (auto const& l : scene.provider) scene.input.provider.push_back(l.get());
    for (auto const& e : scene.bank) scene.input.bank.push_back(e.get());
    for (unsigned day : {15, 16, 17, 18}) {
        if (pick({true, true, false})) scene.input.provider_days.insert(Day::from(2026, 11, day));
    }
    if (pick({true, false})) scene.input.bank_covered_to = Day::from(2026, 11, pick({17u, 18u, 19u}));
    scene.input.as_of = Day::from(2026, 11, pick({17u, 19u})).begin() + std::chrono::hours(10);
    return scene;
}

template <class T>
void shuffle(std::vector<T>& records)
{
    for (std::size_t i = records.size(); i > 1; --i) std::swap(records[i - 1], records[*rc::gen::inRange<std::size_t>(0, i)]);
}

TEST(Shuffle, AnyOrderOfTheRecordsGivesTheSameBytesAndTheEquationsHold)
{
    auto const settings = *settings_for("VNP", Day::from(2026, 11, 16));
    auto const ok = rc::check([&] {
        auto scene = random_scene();
        auto const first = reconcile_day(scene.input, settings);
        if (!first) RC_FAIL(first.error().detail);
        shuffle(scene.input.internal);
        shuffle(scene.input.provider);
        shuffle(scene.input.bank);
        auto const again = reconcile_day(scene.input, settings);
        if (!again) RC_FAIL(again.error().detail);
        RC_ASSERT(canonical_text(*first) == canonical_text(*again));
    });
    EXPECT_TRUE(ok);
}

// Every record is in one place: matched once, waiting, in a break of its own, or ignored for a reason.
TEST(Shuffle, NoRecordIsMatchedTwiceAndNoSuccessIsForgotten)
{
    auto const settings = *settings_for("VNP", Day::from(2026, 11, 16));
    auto const ok = rc::check([&] {
        auto const scene = random_scene();
        auto const result = reconcile_day(scene.input, settings);
        RC_ASSERT(result.has_value());
        std::map<std::string, int, std::less<>> rows;
        for (auto const& m : result->internal_provider) ++rows[m.internal.str()];
        for (auto const& m : result->internal_bank) ++rows[m.internal.str()];
        for (auto const& p : result->pending) {
            for (auto const& id : p.internal) ++rows[id.str()];
        }
        for (auto const& b : result->breaks) {
            if (b.kind == BreakClass::MISSING_AT_PROVIDER || b.kind == BreakClass::MISSING_AT_BANK) {
                for (auto const& id : b.internal) ++rows[id.str()];
            }
        }
        for (auto const& b : result->breaks) {
            if (b.kind != BreakClass::AMBIGUOUS) continue;
            for (auto const& id : b.internal) rows.emplace(id.str(), 1);
        }
        for (auto const& r : scene.internal) {
            auto const found = rows.contains(r->payment_id) ? rows[r->payment_id.str()] : 0;
            RC_ASSERT(found <= 1);
            if (r->status == InternalStatus::succeeded) RC_ASSERT(found == 1);
        }
    });
    EXPECT_TRUE(ok);
}

}  // namespace
}  // namespace cho40::reconcile::tests
