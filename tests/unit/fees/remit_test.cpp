#include "fees/remit.h"
#include "tests/support/run.h"
#include <gtest/gtest.h>
#include <map>

namespace cho40::fees {
namespace {

using namespace literals;
using ledger::AccountKind;

struct StandingClock final : Clock {
    Instant now() const override { return time; }
    Instant time = Day::from(2026, 12, 2).begin() + std::chrono::hours(9);
};

// Keeps remittances and balances as the database does, and refuses whoever read an older version.
struct World final : RemittanceSources, ledger::Ledger {
    std::map<Id<Remittance>, Remittance> remittances;
    std::map<Uuid, std::int64_t> versions;
    std::map<AccountKind, std::int64_t> balances;
    std::vector<BudgetMovement> movements;
    std::vector<std::string> codes;
    std::size_t commands = 0;

    boost::asio::awaitable<Result<ledger::Receipt>> submit(ledger::Command command) override
    {
        for (auto const& guard : command.guards) {
            if (versions[guard.entity] != guard.expected) co_return fail(Errc::stale, "somebody was first");
        }
        for (auto const& guard : command.guards) versions[guard.entity] = guard.next;
        for (auto const& row : command.rows) {
            if (auto const* made = dynamic_cast<NewRemittance const*>(row.get())) remittances[made->remittance.id] = made->remittance;
            if (auto const* changed = dynamic_cast<ChangedRemittance const*>(row.get()))
                remittances[changed->remittance.id] = changed->remittance;
            if (auto const* code = dynamic_cast<NewRemittanceCode const*>(row.get())) codes.push_back(code->code.text());
        }
        for (auto const& transfer : command.transfers) {
            EXPECT_TRUE(transfer.amount.is_positive());
            balances[ledger::kind_of(transfer.debit)] += transfer.amount.count();
            balances[ledger::kind_of(transfer.credit)] -= transfer.amount.count();
        }
        ++commands;
        co_return ledger::Receipt{};
    }
    boost::asio::awaitable<Result<std::optional<Remittance>>> find_remittance(Id<Remittance> id) override
    {
        auto const it = remittances.find(id);
        co_return it == remittances.end() ? std::nullopt : std::optional(it->second);
    }
    boost::asio::awaitable<Result<Chain>> chain_of(ledger::BookId, Id<Agency>) override
    {
        Chain chain;
        for (auto const& [id, one] : remittances) {
            chain.made = std::max(chain.made, one.number);
            bool const is_newer = !chain.newest || chain.newest->number < one.number;
            if (one.state != RemittanceState::rejected && is_newer) chain.newest = one;
        }
        co_return chain;
    }
    boost::asio::awaitable<Result<std::vector<BudgetMovement>>> movements_in(ledger::BookId, Id<Agency>, RemittancePeriod period) override
    {
        std::vector<BudgetMovement> in;
        for (auto const& m : movements) {
            if (period.contains(m.day)) in.push_back(m);
        }
        co_return in;
    }
    boost::asio::awaitable<Result<std::optional<Day>>> first_receipt_day(ledger::BookId, Id<Agency>) override
    {
        std::optional<Day> first;
        for (auto const& m : movements) {
            if (!first || m.receipt_day < *first) first = m.receipt_day;
        }
        co_return first;
    }
};

Day day(unsigned month, unsigned d) { return Day::from(2026, month, d); }
RemittancePeriod const november{day(11, 1), day(11, 30)};

class Remits : public testing::Test {
protected:
    Remits()
    {
        auto read = Agencies::embedded();
        EXPECT_TRUE(read);
        shares = *std::move(read);
        agency.book = ledger::BookId{7};
        agency.id = make_id<Agency>(clock.time, system_random());
        agency.facts = *shares.find("H49.61");
        for (auto* one : {&lan.id, &minh.id}) *one = make_uuid7(clock.time, system_random());
        lan.owner = lan.id;
        minh.owner = minh.id;
        // What is in the books before: 3 001 of phí, 8 000 of lệ phí.
        collect("CERT_COPY", FeeKind::phi, "2716", day(11, 3), 3'001);
        collect("RES_PERM", FeeKind::le_phi, "2852", day(11, 4), 8'000);
    }

    void collect(std::string fee, FeeKind kind, std::string subitem, Day on, std::int64_t amount)
    {
        world.movements.push_back({BudgetMovement::Kind::collected, std::move(fee), kind, std::move(subitem), on, on, Dong(amount)});
        world.balances[AccountKind::bank] += amount;
        world.balances[kind == FeeKind::phi ? AccountKind::fees : AccountKind::charges] -= amount;
    }

    Result<Remittance> make(RemittancePeriod period = november) { return tests::run(remit.make(agency, period, lan, {})); }
    Remittance approved(RemittancePeriod period = november)
    {
        auto const made = make(period);
        EXPECT_TRUE(made) << made.error().detail;
        auto const after = tests::run(remit.approve(made->id, minh, {}));
        EXPECT_TRUE(after) << after.error().detail;
        return *after;
    }
    Remit::Heard hear(std::vector<StatementLine> lines)
    {
        std::vector<Remittance> all;
        for (auto const& [id, one] : world.remittances) all.push_back(one);
        auto const heard = tests::run(remit.hear(agency, std::move(all), std::move(lines), {}));
        EXPECT_TRUE(heard) << heard.error().detail;
        return *heard;
    }
    StatementLine line(RemittanceOrder const& order, StatementOf whose, std::int64_t off = 0)
    {
        return {whose, whose == StatementOf::collector, Dong(order.plan.total.count() + off), day(12, 2),
                "FT1", "NOP " + order.code.text()};
    }
    std::int64_t balance(AccountKind kind) { return world.balances[kind]; }

    StandingClock clock;
    World world;
    Agencies shares;
    RegisteredAgency agency;
    RemittanceActor lan, minh;
    Remit remit{world, shares, world, clock, system_random()};
};

TEST_F(Remits, FromDueToConfirmedMovesEveryDongOnce)
{
    auto const made = make();
    ASSERT_TRUE(made) << made.error().detail;
    EXPECT_EQ(made->orders[0].state, OrderState::due);
    EXPECT_EQ(balance(AccountKind::budget_due), 0) << "nothing moves before a second person agreed";

    auto const approved = tests::run(remit.approve(made->id, minh, {}));
    ASSERT_TRUE(approved);
    EXPECT_EQ(balance(AccountKind::fees), 0);
    EXPECT_EQ(balance(AccountKind::charges), 0);
    EXPECT_EQ(balance(AccountKind::retained), -1'500);
    EXPECT_EQ(balance(AccountKind::budget_due), -9'501);

    auto const& order = approved->orders[0];
    EXPECT_EQ(hear({line(order, StatementOf::collector)}).changed.size(), 1u);
    EXPECT_EQ(balance(AccountKind::bank), 1'500);
    EXPECT_EQ(balance(AccountKind::budget_due), 0);
    hear({line(order, StatementOf::treasury)});
    auto const confirmed = tests::run(remit.confirm(made->id, order.code.text(), {"GNT-1", "scan", day(12, 3)}, {}));
    ASSERT_TRUE(confirmed);
    EXPECT_TRUE(confirmed->is_finished());
    EXPECT_EQ(balance(AccountKind::bank), 1'500) << "the credit and the paper move nothing again";
}

TEST_F(Remits, TheTreasurysWordIsEnoughToKnowThatTheMoneyLeft)
{
    auto const order = approved().orders[0];
    hear({line(order, StatementOf::treasury)});
    EXPECT_EQ(balance(AccountKind::bank), 1'500);
    auto const late = hear({line(order, StatementOf::collector)});
    EXPECT_EQ(late.readings[0].meaning, LineMeaning::debited);
    EXPECT_EQ(late.changed[0].orders[0].state, OrderState::credited);
    EXPECT_EQ(balance(AccountKind::bank), 1'500);
}

TEST_F(Remits, TheMakerNeverDecides)
{
    auto const made = make();
    RemittanceActor key{make_uuid7(clock.time, system_random()), lan.owner};
    for (auto const& by : {lan, key}) {
        auto const own = tests::run(remit.approve(made->id, by, {}));
        ASSERT_FALSE(own);
        EXPECT_EQ(own.error().code, Errc::maker_cannot_check);
        EXPECT_FALSE(tests::run(remit.reject(made->id, by, "no", {})));
    }
}

TEST_F(Remits, OfTwoThatReadTheSameOneWins)
{
    auto const made = make();
    ASSERT_TRUE(made);
    world.remittances.clear();  // as the second reader still saw it
    auto const second = make();
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::stale);
    EXPECT_EQ(world.codes.size(), 1u);
}

TEST_F(Remits, PeriodsFollowEachOtherWithoutGapOrOverlap)
{
    EXPECT_EQ(make({day(11, 4), day(11, 30)}).error().code, Errc::invalid_period) << "the third would be left out";
    EXPECT_EQ(make({day(11, 1), day(12, 2)}).error().code, Errc::invalid_period) << "today is not over";
    approved({day(11, 1), day(11, 3)});
    for (auto const from : {day(11, 3), day(11, 5)}) {
        auto const wrong = make({from, day(11, 30)});
        ASSERT_FALSE(wrong);
        EXPECT_EQ(wrong.error().pointer, "/from");
        EXPECT_NE(wrong.error().detail.find("2026-11-04"), std::string::npos);
    }
    auto const next = make({day(11, 4), day(11, 30)});
    ASSERT_TRUE(next);
    EXPECT_EQ(next->number, 2);
    EXPECT_EQ(make({day(12, 1), day(12, 1)}).error().code, Errc::invalid_state) << "one waits for approval";
}

TEST_F(Remits, ADayIsRemittedAQuarterOfAnHourAfterItsEnd)
{
    clock.time = day(12, 1).begin() + std::chrono::minutes(14);
    EXPECT_EQ(make().error().code, Errc::invalid_period);
    clock.time += std::chrono::minutes(1);
    EXPECT_TRUE(make());
}

TEST_F(Remits, ARejectedPeriodIsFreeAgainAndMovedNothing)
{
    auto const before = world.balances;
    auto const made = make();
    auto const rejected = tests::run(remit.reject(made->id, minh, "sai kỳ", {}));
    ASSERT_TRUE(rejected);
    EXPECT_EQ(rejected->orders[0].state, OrderState::dropped);
    EXPECT_EQ(world.balances, before);
    auto const again = make();
    ASSERT_TRUE(again);
    EXPECT_EQ(again->number, 2);
    EXPECT_NE(again->orders[0].code, made->orders[0].code);
}

TEST_F(Remits, ADifferenceIsKeptOnceAndMovesNothing)
{
    auto const order = approved().orders[0];
    auto const before = world.balances;
    hear({line(order, StatementOf::collector, -1)});
    auto const commands = world.commands;
    auto const again = hear({line(order, StatementOf::collector, -1)});
    EXPECT_EQ(again.readings[0].meaning, LineMeaning::differs);
    EXPECT_EQ(world.commands, commands) << "nothing new was said";
    EXPECT_EQ(world.remittances.begin()->second.differences.size(), 1u);
    EXPECT_EQ(world.balances, before);
}

TEST_F(Remits, WhatCameBackIsOrderedAgainByAnotherPersonThanWhoNotedIt)
{
    auto const first = approved();
    auto const code = first.orders[0].code;
    hear({line(first.orders[0], StatementOf::collector)});
    ASSERT_TRUE(tests::run(remit.note_returned(first.id, code.text(), "wrong account", minh, {})));
    EXPECT_EQ(balance(AccountKind::bank), 11'001);
    EXPECT_EQ(balance(AccountKind::budget_due), -9'501);

    auto const own = tests::run(remit.approve(first.id, minh, {}));
    ASSERT_FALSE(own);
    EXPECT_EQ(own.error().code, Errc::maker_cannot_check);
    auto const again = tests::run(remit.approve(first.id, lan, {}));
    ASSERT_TRUE(again) << again.error().detail;
    EXPECT_EQ(again->orders[0].code, code);
    EXPECT_EQ(again->orders[0].attempt, 2);
    EXPECT_EQ(again->decided_by, minh.id) << "who approved the remittance stays";
    hear({line(again->orders[0], StatementOf::collector)});
    EXPECT_EQ(balance(AccountKind::bank), 1'500);
}

TEST_F(Remits, AnApprovedOneIsNotApprovedTwice)
{
    auto const first = approved();
    auto const twice = tests::run(remit.approve(first.id, minh, {}));
    ASSERT_FALSE(twice);
    EXPECT_EQ(twice.error().code, Errc::invalid_state);
}

TEST_F(Remits, WhatWasStoredIsCheckedBeforeMoneyIsOrdered)
{
    auto const made = make();
    world.remittances[made->id].plan.kept = 0_vnd;
    auto const refused = tests::run(remit.approve(made->id, minh, {}));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::equation_failed);
}

TEST_F(Remits, RefundsOfARemittedPeriodAreSetOffInTheNext)
{
    approved();
    auto refund = world.movements[1];  // the charge
    refund.kind = BudgetMovement::Kind::given_back;
    refund.day = day(12, 1);
    world.movements.push_back(refund);
    world.balances[AccountKind::charges] += 8'000;
    world.balances[AccountKind::bank] -= 8'000;
    auto const december = approved({day(12, 1), day(12, 1)});
    EXPECT_TRUE(december.orders.empty());
    EXPECT_EQ(balance(AccountKind::charges), 8'000) << "the budget has it, and owes it";

    clock.time = day(12, 20).begin();
    collect("RES_PERM", FeeKind::le_phi, "2852", day(12, 10), 20'000);
    auto const after = approved({day(12, 2), day(12, 15)});
    EXPECT_EQ(after.plan.ordered, 12'000_vnd);
    EXPECT_EQ(balance(AccountKind::charges), 0);
}

TEST_F(Remits, AnOrderThatIsNotThereIsNotFound)
{
    auto const first = approved();
    auto const wrong = tests::run(remit.note_returned(first.id, "NS2222222", "why", minh, {}));
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().code, Errc::not_found);
}

}  // namespace
}  // namespace cho40::fees
