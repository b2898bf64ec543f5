#include "reconcile/equations/bank_days.h"
#include "reconcile/equations/batch_sums.h"
#include "reconcile/equations/provider_channel.h"
#include "reconcile/run_rules.h"
#include "scene.h"
#include <gtest/gtest.h>

// Each equation is shown a result with something missing and must object with the figures.
namespace cho40::reconcile::tests {
namespace {

std::string const day =
    "i P1 ok 60000 16T08:00 txn=V1\ni P2 ok 40000 16T09:00 txn=V2\ni P3 ok 30000 16T10:00 txn=V3\ni P4 ok 5000 16T23:59 txn=V4\ni P5 pending 7000 16T11:00 txn=V5\n"
    "l 1 ok 60000 16T08:00 txn=V1 fee=300 batch=VNPA settle=17\nl 2 ok 39000 16T09:00 txn=V2 fee=200 batch=VNPA settle=17\nl 3 ok 7000 16T11:00 txn=V5\n"
    "b E1 + 98000 17T10:00 text=VNPA\nb E2 + 100 17T11:00\ncovered 18\n";

struct Ran {
    Scene scene = read_scene(day);
    Settings settings = *settings_for("VNP", Day::from(2026, 11, 16));
    Pool pool = *run_rules(scene.input, settings);
};

template <class E>
std::string objection(Ran const& ran)
{
    auto const broken = E().broken(ran.pool);
    return broken ? broken->value_or("") : "error";
}

TEST(Equations, HoldForWhatTheRulesSay)
{
    Ran const ran;
    EXPECT_EQ(objection<ProviderChannel>(ran), "");
    EXPECT_EQ(objection<BatchSums>(ran), "");
    EXPECT_EQ(objection<BankDays>(ran), "");
}

TEST(Equations, ProviderChannelMissesEveryForgottenBreakAndWait)
{
    Ran const whole;
    for (std::size_t i = 0; i < whole.pool.result.breaks.size(); ++i) {
        Ran ran;
        auto const kind = ran.pool.result.breaks[i].kind;
        bool const at_provider = kind == BreakClass::AMOUNT_MISMATCH || kind == BreakClass::MISSING_AT_PROVIDER ||
                                 kind == BreakClass::STATUS_MISMATCH;
        ran.pool.result.breaks.erase(ran.pool.result.breaks.begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_EQ(!objection<ProviderChannel>(ran).empty(), at_provider) << name_of(kind);
    }
    Ran ran;
    ASSERT_EQ(ran.pool.result.pending.size(), 1u);
    ran.pool.result.pending.clear();
    EXPECT_EQ(
        objection<ProviderChannel>(ran),
        "ledger 135000 + differences -31000 + paid only there 7000 - paid only here 0 - waiting 0 = 111000, but the provider's active lines are 106000");
}

TEST(Equations, BatchSumsKnowTheEntries)
{
    Ran ran;
    std::erase_if(ran.pool.result.breaks, [](Break const& b) { return b.kind == BreakClass::SETTLEMENT_AMOUNT_MISMATCH; });
    EXPECT_EQ(objection<BatchSums>(ran), "batch VNPA: net 98500 + difference 0 = 98500, but its entries are 98000");
    Ran fees;
    fees.pool.batches.front().fee = Dong(1);
    EXPECT_EQ(objection<BatchSums>(fees), "batch VNPA: gross 99000 - fees 1 = 98999, but its lines' net is 98500");
}

TEST(Equations, BankDaysWantEveryEntryOnce)
{
    Ran ran;
    ran.pool.entries.front().placed = 2;
    EXPECT_EQ(objection<BankDays>(ran), "entry E1 of account 1 is in 2 places instead of one");
    ran.pool.entries.front().placed = 0;
    EXPECT_NE(objection<BankDays>(ran), "");
}

TEST(Equations, BankDaysFollowTheBalances)
{
    auto const balance = [](unsigned from, unsigned to, int opening, int credits, int debits, int closing) {
        return StatementBalance{
            "1", Day::from(2026, 11, from), Day::from(2026, 11, to), Dong(opening), Dong(closing), Dong(credits), Dong(debits)};
    };
    struct Row {
        std::vector<StatementBalance> balances;
        char const* objection;
    };
    Row const rows[] = {
        {{balance(16, 16, 100, 50, 20, 130), balance(17, 18, 130, 0, 0, 130)}, ""},
        {{balance(17, 18, 130, 0, 0, 130), balance(16, 16, 100, 50, 20, 130)}, ""},
        {{balance(16, 16, 100, 50, 20, 131)}, "account 1, 2026-11-16: opening 100 + credits 50 - debits 20 = 130, but closing is 131"},
        {{balance(16, 16, 100, 0, 0, 100), balance(17, 17, 99, 0, 0, 99)},
         "account 1, 2026-11-16: closing 100, but the next statement opens with 99"},
        {{balance(16, 16, 100, 0, 0, 100), balance(18, 18, 99, 0, 0, 99)}, ""},
    };
    for (auto const& row : rows) {
        RunInput input;
        input.balances = row.balances;
        Settings const settings;
        auto const pool = run_rules(input, settings);
        EXPECT_EQ(BankDays().broken(*pool)->value_or(""), row.objection);
        EXPECT_EQ(reconcile_day(input, settings).has_value(), std::string(row.objection).empty());
    }
    RunInput input;
    input.balances = rows[2].balances;
    auto const stopped = reconcile_day(input, Settings());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, Errc::equation_failed);
    EXPECT_EQ(stopped.error().detail, std::string("bank days: ") + rows[2].objection);
}

}  // namespace
}  // namespace cho40::reconcile::tests
