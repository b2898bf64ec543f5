#include "base/vietnamese_number.h"
#include "fees/remittance.h"
#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <random>
#include <rapidcheck/gtest.h>

namespace cho40::fees {
namespace {

using namespace literals;
using Kind = BudgetMovement::Kind;

constexpr std::string_view agencies_csv =
    "agency_code,name_vi,name_en,address,phone,tax_code,chapter,area_code,collecting_office,treasury_code,treasury_account,bank_bin,"
    "account_number,account_name,letters_phi,letters_le_phi,pay_order\n"
    "H49.61,A,B,C,02030000061,5701990033,805,06685,1139936,2827,3511.0,970415,999000,N,CP,CL,before\n";
constexpr std::string_view collections_csv = "agency_code,fee_code,retained_percent,valid_from,valid_to\n"
                                             "H49.61,COPY,50,2026-01-01,2026-06-30\n"
                                             "H49.61,COPY,33,2026-07-01,\n"
                                             "H49.61,SIGN,70,2026-01-01,\n"
                                             "H49.61,ALL,100,2026-01-01,\n"
                                             "H49.61,NONE,0,2026-01-01,\n"
                                             "H49.61,OPEN,,2026-01-01,\n";

Agencies const& agencies()
{
    static auto const read = Agencies::read(agencies_csv, collections_csv);
    EXPECT_TRUE(read) << read.error().detail;
    return *read;
}
Agency const& ward() { return *agencies().find("H49.61"); }

Day day(unsigned month, unsigned d) { return Day::from(2026, month, d); }
RemittancePeriod const november{day(11, 1), day(11, 30)};

BudgetMovement fee(std::string code, Day on, std::int64_t amount, std::string subitem = "2716")
{
    return {Kind::collected, std::move(code), FeeKind::phi, std::move(subitem), on, on, Dong(amount)};
}
BudgetMovement charge(std::string code, Day on, std::int64_t amount, std::string subitem = "2852")
{
    return {Kind::collected, std::move(code), FeeKind::le_phi, std::move(subitem), on, on, Dong(amount)};
}
BudgetMovement back(BudgetMovement of, Day on, std::int64_t amount, Kind kind = Kind::given_back)
{
    of.kind = kind;
    of.day = on;
    of.amount = Dong(amount);
    return of;
}

RemittancePlan plan(std::vector<BudgetMovement> movements, RemittancePeriod period = november, std::vector<CarriedOver> carried = {})
{
    auto made = plan_remittance(ward(), agencies(), period, movements, carried);
    EXPECT_TRUE(made) << made.error().detail;
    return made ? *std::move(made) : RemittancePlan{};
}

TEST(Remittance, AChargeGoesToTheBudgetWholeAndOfAFeeTheShareStays)
{
    auto const made = plan({fee("COPY", day(11, 2), 2'001), charge("BIRTH", day(11, 2), 8'000)});

    ASSERT_EQ(made.items.size(), 2u);
    EXPECT_EQ(made.items[0], (RemittanceItem{"COPY", FeeKind::phi, "2716", 33, 2'001_vnd, 0_vnd, 2'001_vnd, 660_vnd, 1'341_vnd}));
    EXPECT_EQ(made.items[1], (RemittanceItem{"BIRTH", FeeKind::le_phi, "2852", 0, 8'000_vnd, 0_vnd, 8'000_vnd, 0_vnd, 8'000_vnd}));
    ASSERT_EQ(made.orders.size(), 1u);
    auto const& order = made.orders[0];
    EXPECT_EQ(order.treasury_code, "2827");
    EXPECT_EQ(order.collecting_office, "1139936");
    EXPECT_EQ(order.treasury_account, "3511.0");
    EXPECT_EQ(order.total, 9'341_vnd);
    EXPECT_EQ(order.words, "chín nghìn ba trăm bốn mươi mốt đồng");
    ASSERT_EQ(order.lines.size(), 2u);
    EXPECT_EQ(order.lines[0], (RemittanceLine{FeeKind::phi, "805", "2716", "06685", 1'341_vnd, 0_vnd, 1'341_vnd}));
    EXPECT_EQ(order.lines[1], (RemittanceLine{FeeKind::le_phi, "805", "2852", "06685", 8'000_vnd, 0_vnd, 8'000_vnd}));
}

// What the collector keeps of an amount, at the shares of the circulars and at the ends.
struct Share {
    std::int64_t net;
    int percent;
    std::int64_t kept;
};
class Shares : public testing::TestWithParam<Share> {};
TEST_P(Shares, AreRoundedTowardsZero) { EXPECT_EQ(retained_of(Dong(GetParam().net), GetParam().percent), Dong(GetParam().kept)); }
INSTANTIATE_TEST_SUITE_P(Table, Shares,
                         testing::Values(Share{100, 50, 50}, Share{99, 50, 49}, Share{1, 50, 0}, Share{1, 99, 0}, Share{1, 100, 1},
                                         Share{200'000, 81, 162'000}, Share{2'001, 33, 660}, Share{0, 70, 0}, Share{12'345, 0, 0},
                                         Share{-99, 50, -49}, Share{-1, 99, 0}, Share{INT64_MAX, 100, INT64_MAX}));

TEST(Remittance, TheShareOfTheReceiptsDayDividesItsMoney)
{
    auto const june = fee("COPY", day(6, 30), 1'000), july = fee("COPY", day(7, 1), 1'000);
    auto const made = plan({june, july}, {day(6, 1), day(7, 31)});
    ASSERT_EQ(made.items.size(), 2u);
    EXPECT_EQ(made.items[0].retained_percent, 33);
    EXPECT_EQ(made.items[0].kept, 330_vnd);
    EXPECT_EQ(made.items[1].retained_percent, 50);
    EXPECT_EQ(made.items[1].kept, 500_vnd);
}

TEST(Remittance, ARefundOfAnEarlierPeriodGivesBackWhatItsReceiptGaveToEachSide)
{
    auto const june = fee("COPY", day(6, 30), 1'000);
    auto const made = plan({fee("COPY", day(11, 3), 3'000), back(june, day(11, 4), 1'000)});
    ASSERT_EQ(made.items.size(), 2u);
    EXPECT_EQ(made.items[0].kept, 990_vnd) << "33 % of 3 000";
    EXPECT_EQ(made.items[1], (RemittanceItem{"COPY", FeeKind::phi, "2716", 50, 0_vnd, 1'000_vnd, Dong(-1'000), Dong(-500), Dong(-500)}));
    EXPECT_EQ(made.ordered, Dong(2'010 - 500));
}

TEST(Remittance, ARefundThatTheBankSentBackIsTheCollectorsAgain)
{
    auto const paid = charge("BIRTH", day(11, 2), 8'000);
    auto const made = plan({paid, back(paid, day(11, 3), 8'000), back(paid, day(11, 5), 8'000, Kind::came_back)});
    EXPECT_EQ(made.given_back, 0_vnd);
    EXPECT_EQ(made.ordered, 8'000_vnd);
}

TEST(Remittance, WhatIsBelowZeroIsCarriedOverAndSetOffLater)
{
    auto const october = charge("BIRTH", day(10, 2), 8'000);
    auto const made = plan({back(october, day(11, 3), 8'000), fee("NONE", day(11, 3), 500)});
    ASSERT_EQ(made.carried_out.size(), 1u);
    EXPECT_EQ(made.carried_out[0], (CarriedOver{FeeKind::le_phi, "805", "2852", "06685", Dong(-8'000)}));
    EXPECT_EQ(made.ordered, 500_vnd) << "one sub-item does not pay for another";

    auto const next = plan({charge("BIRTH", day(12, 2), 5'000)}, {day(12, 1), day(12, 15)}, made.carried_out);
    EXPECT_TRUE(next.orders.empty());
    EXPECT_EQ(next.carried_out[0].amount, Dong(-3'000));
    auto const after = plan({charge("BIRTH", day(12, 20), 5'000)}, {day(12, 16), day(12, 31)}, next.carried_out);
    EXPECT_EQ(after.ordered, 2'000_vnd);
    EXPECT_EQ(after.orders[0].lines[0].carried_in, Dong(-3'000));
    EXPECT_TRUE(after.carried_out.empty());
}

TEST(Remittance, NothingCollectedIsNoOrder)
{
    auto const made = plan({charge("BIRTH", day(10, 31), 8'000), charge("BIRTH", day(12, 1), 8'000)});
    EXPECT_TRUE(made.items.empty());
    EXPECT_TRUE(made.orders.empty());
}

TEST(Remittance, AnUnknownShareStopsItWithEveryFeeNamed)
{
    auto const made = plan_remittance(
        ward(), agencies(), november,
        std::vector{fee("OPEN", day(11, 2), 1'000), fee("NOBODYS", day(11, 2), 1'000), fee("SIGN", day(11, 2), 1'000)}, {});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::rate_missing);
    EXPECT_NE(made.error().detail.find("NOBODYS, OPEN"), std::string::npos) << made.error().detail;
    EXPECT_EQ(made.error().detail.find("SIGN"), std::string::npos);
    EXPECT_NE(made.error().detail_vi.find("NOBODYS, OPEN"), std::string::npos);
}

TEST(Remittance, AFeeBeforeItsFirstShareIsUnknownToo)
{
    auto const made = plan_remittance(ward(), agencies(), {Day::from(2025, 12, 1), Day::from(2025, 12, 31)},
                                      std::vector{fee("SIGN", Day::from(2025, 12, 31), 1'000)}, {});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::rate_missing);
}

TEST(Remittance, AChargeNeedsNoShare) { EXPECT_EQ(plan({charge("NOBODYS", day(11, 2), 1'000)}).ordered, 1'000_vnd); }

TEST(Remittance, MoneyWithoutKeysOfTheBudgetIsNotOrdered)
{
    auto const without_subitem = plan_remittance(ward(), agencies(), november, std::vector{charge("BIRTH", day(11, 2), 1'000, "")}, {});
    ASSERT_FALSE(without_subitem);
    EXPECT_EQ(without_subitem.error().code, Errc::invalid_state);
    EXPECT_NE(without_subitem.error().detail.find("BIRTH"), std::string::npos);

    auto agency = ward();
    agency.keys.treasury_account.clear();
    auto const without_account = plan_remittance(agency, agencies(), november, std::vector{charge("BIRTH", day(11, 2), 1'000)}, {});
    ASSERT_FALSE(without_account);
    EXPECT_NE(without_account.error().detail.find("treasury account"), std::string::npos);
}

TEST(Remittance, APeriodEndsAfterItBegins)
{
    auto const made = plan_remittance(ward(), agencies(), {day(11, 2), day(11, 1)}, {}, {});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::invalid_period);
}

TEST(Remittance, ASumTooLargeIsRefused)
{
    auto const made = plan_remittance(ward(), agencies(), november,
                                      std::vector{charge("BIRTH", day(11, 2), INT64_MAX), charge("BIRTH", day(11, 3), 1)}, {});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::amount_overflow);
}

TEST(Remittance, APlanThatWasChangedByAnyHandIsFoundOut)
{
    auto const made = plan({fee("COPY", day(11, 2), 2'001), charge("BIRTH", day(11, 2), 8'000)});
    ASSERT_TRUE(check_sums(made));
    auto const is_wrong = [&](auto change) {
        auto copy = made;
        change(copy);
        auto const checked = check_sums(copy);
        return !checked && checked.error().code == Errc::equation_failed;
    };
    EXPECT_TRUE(is_wrong([](auto& p) { p.orders[0].total = Dong(p.orders[0].total.count() + 1); }));
    EXPECT_TRUE(is_wrong([](auto& p) { p.orders[0].lines[0].amount = 1_vnd; }));
    EXPECT_TRUE(is_wrong([](auto& p) { p.items[0].kept = Dong(p.items[0].kept.count() + 1); }));
    EXPECT_TRUE(is_wrong([](auto& p) { p.items[0].gross = 0_vnd; }));
    EXPECT_TRUE(is_wrong([](auto& p) { p.carried_out.push_back({FeeKind::phi, "805", "2716", "06685", Dong(-1)}); }));
    EXPECT_TRUE(is_wrong([](auto& p) { p.orders.clear(); }));
    EXPECT_TRUE(is_wrong([](auto& p) {
        p.items[1].kept = 1_vnd;
        p.items[1].due = 7'999_vnd;
    }));
}

// Receipts of October and November, and refunds of some of them: what an agency's months look like.
std::vector<BudgetMovement> draw_movements()
{
    struct Fee {
        char const* code;
        FeeKind kind;
        char const* subitem;
    };
    static constexpr Fee all[] = {{"COPY", FeeKind::phi, "2716"},    {"SIGN", FeeKind::phi, "2716"},     {"ALL", FeeKind::phi, "2106"},
                                  {"NONE", FeeKind::phi, "2715"},    {"BIRTH", FeeKind::le_phi, "2871"}, {"HOUSE", FeeKind::le_phi, "2852"},
                                  {"DEATH", FeeKind::le_phi, "2871"}};
    std::vector<BudgetMovement> out;
    auto const count = *rc::gen::inRange(0, 40);
    for (int i = 0; i < count; ++i) {
        auto const& one = all[*rc::gen::inRange(0, static_cast<int>(std::size(all)))];
        auto const amount = *rc::gen::inRange<std::int64_t>(1, 400'000);
        auto const on = day(6, 15).plus_days(*rc::gen::inRange(0, 45));
        BudgetMovement came{Kind::collected, one.code, one.kind, one.subitem, on, on, Dong(amount)};
        out.push_back(came);
        if (*rc::gen::inRange(0, 3) == 0) {
            auto const given = *rc::gen::inRange<std::int64_t>(1, amount + 1);
            auto const later = on.plus_days(*rc::gen::inRange(0, 30));
            out.push_back(back(came, later, given));
            if (*rc::gen::inRange(0, 3) == 0) out.push_back(back(came, later.plus_days(2), given, Kind::came_back));
        }
    }
    return out;
}

RemittancePeriod const whole{day(6, 15), day(9, 15)};

std::int64_t net_of(std::vector<BudgetMovement> const& movements, RemittancePeriod period)
{
    std::int64_t net = 0;
    for (auto const& m : movements) {
        if (period.contains(m.day)) net += m.kind == Kind::given_back ? -m.amount.count() : m.amount.count();
    }
    return net;
}

std::int64_t sum(std::vector<CarriedOver> const& carried)
{
    std::int64_t total = 0;
    for (auto const& one : carried) total += one.amount.count();
    return total;
}

RC_GTEST_PROP(RemittanceProperties, EveryDongOfNetIsKeptOrDueAndWhatIsDueIsOrderedOrCarried, ())
{
    auto const movements = draw_movements();
    auto const made = plan_remittance(ward(), agencies(), whole, movements, {});
    RC_ASSERT(made.has_value());
    RC_ASSERT(made->kept.count() + made->due.count() == net_of(movements, whole));
    std::int64_t ordered = 0;
    for (auto const& order : made->orders) {
        std::int64_t lines = 0;
        for (auto const& line : order.lines) lines += line.amount.count();
        RC_ASSERT(lines == order.total.count());
        RC_ASSERT(order.words == amount_in_words(order.total));
        ordered += lines;
    }
    RC_ASSERT(ordered + sum(made->carried_out) == made->due.count());
    for (auto const& one : made->carried_out) RC_ASSERT(one.amount < Dong());
}

RC_GTEST_PROP(RemittanceProperties, TheOrderOfTheMovementsMeansNothing, ())
{
    auto movements = draw_movements();
    auto const first = plan_remittance(ward(), agencies(), whole, movements, {});
    auto const seed = static_cast<unsigned>(*rc::gen::inRange(0, 1 << 20));
    std::shuffle(movements.begin(), movements.end(), std::minstd_rand(seed));
    auto const second = plan_remittance(ward(), agencies(), whole, movements, {});
    RC_ASSERT(first.has_value() && second.has_value());
    RC_ASSERT(*first == *second);
}

RC_GTEST_PROP(RemittanceProperties, AddingUpMovementsBeforehandMeansNothing, ())
{
    auto const movements = draw_movements();
    std::vector<BudgetMovement> added;
    for (auto const& m : movements) {
        auto const same = std::ranges::find_if(added, [&](auto const& a) {
            return a.kind == m.kind && a.fee_code == m.fee_code && a.receipt_day == m.receipt_day && a.day == m.day;
        });
        if (same == added.end()) added.push_back(m);
        else same->amount = Dong(same->amount.count() + m.amount.count());
    }
    RC_ASSERT(*plan_remittance(ward(), agencies(), whole, movements, {}) == *plan_remittance(ward(), agencies(), whole, added, {}));
}

RC_GTEST_PROP(RemittanceProperties, DividingAPeriodMovesAtMostOneDongForEachItem, ())
{
    auto const movements = draw_movements();
    auto const cut = whole.from.plus_days(*rc::gen::inRange(0, whole.to.days_since(whole.from)));
    auto const one = plan_remittance(ward(), agencies(), whole, movements, {});
    auto const first = plan_remittance(ward(), agencies(), {whole.from, cut}, movements, {});
    RC_ASSERT(first.has_value());
    auto const second = plan_remittance(ward(), agencies(), {cut.plus_days(1), whole.to}, movements, first->carried_out);
    RC_ASSERT(one.has_value() && second.has_value());

    RC_ASSERT(first->net.count() + second->net.count() == one->net.count());
    auto const moved = first->kept.count() + second->kept.count() - one->kept.count();
    RC_ASSERT(std::abs(moved) <= static_cast<std::int64_t>(one->items.size()));
    // What the collector does not keep the budget gets, sooner or later.
    auto const to_budget = first->ordered.count() + second->ordered.count() + sum(second->carried_out);
    RC_ASSERT(to_budget == one->ordered.count() + sum(one->carried_out) - moved);
}

}  // namespace
}  // namespace cho40::fees
