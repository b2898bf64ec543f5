#include "apps/sandbox/bank.h"
#include "apps/sandbox/faults.h"
#include "apps/sandbox/memo_wrappers.h"
#include "apps/sandbox/rail_messages.h"
#include "apps/sandbox/scenarios.h"
#include "base/text.h"
#include "qr-pay/order_code.h"
#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <set>

namespace cho40::sandbox {
namespace {

struct FixedClock final : Clock {
    [[nodiscard]] Instant now() const override { return *parse_rfc3339("2026-11-22T03:15:30Z"); }
};
FixedClock const fixed_clock;

Bank bank_with_an_account(std::uint64_t seed)
{
    Bank bank(seed, fixed_clock);
    RailAccount rail;
    rail.id = "rla_a";
    rail.rail = "vietqr";
    bank.put(rail);
    ReceivingAccount account;
    account.bank_bin = "970436";
    account.account_number = "0141000456789";
    account.holder_name = "Bà Nguyễn Thị Thế";
    account.rail_accounts = {"rla_a"};
    EXPECT_TRUE(bank.put(account));
    return bank;
}

TransferOrder order(std::string memo, std::string wrapper = {})
{
    TransferOrder out;
    out.bank_bin = "970436";
    out.account_number = "0141000456789";
    out.amount = Dong(45'000);
    out.payer_memo = std::move(memo);
    out.wrapper = std::move(wrapper);
    return out;
}

TEST(SandboxBank, TheSameSeedBooksTheSameTransfersAndAnotherSeedOthers)
{
    auto a = bank_with_an_account(7), b = bank_with_an_account(7), c = bank_with_an_account(8);
    std::set<std::string> references;
    bool differs = false;
    for (int i = 0; i < 200; ++i) {
        auto const x = *a.book(order("CQ2345678")), y = *b.book(order("CQ2345678")), z = *c.book(order("CQ2345678"));
        EXPECT_EQ(x.reference, y.reference);
        EXPECT_EQ(x.memo, y.memo);
        EXPECT_EQ(x.payer.name, y.payer.name);
        differs = differs || x.memo != z.memo;
        EXPECT_EQ(x.reference.size(), 16u);
        EXPECT_TRUE(x.reference.starts_with("FT26326")) << x.reference;
        references.insert(x.reference);
    }
    EXPECT_EQ(references.size(), 200u);
    EXPECT_TRUE(differs);
}

TEST(SandboxBank, EveryWrapperKeepsTheCodeReadableAndNoneIsLeftOut)
{
    auto bank = bank_with_an_account(1);
    for (auto const wrapper : memo_wrapper_names()) {
        auto const transfer = bank.book(order("CQ2345678 ca thu", std::string(wrapper)));
        ASSERT_TRUE(transfer) << wrapper;
        EXPECT_NE(squeeze(transfer->memo).find("CQ2345678"), std::string::npos) << transfer->memo;
        EXPECT_LE(transfer->memo.size(), 269u) << transfer->memo;
    }
    std::set<std::string> shapes;
    for (int i = 0; i < 300; ++i) shapes.insert(bank.book(order("CQ2345678"))->memo.substr(0, 3));
    EXPECT_GE(shapes.size(), 8u);
    EXPECT_EQ(bank.book(order("x", "parcel")).error().code, Errc::unknown_value);
}

RC_GTEST_PROP(SandboxBank, FindsTheOrderCodeWhereverThePayerPutIt, (std::uint64_t seed, bool in_front, bool lower))
{
    struct Drawn final : Random {
        explicit Drawn(std::uint64_t s) : state(s) {}
        void fill(std::uint8_t* out, std::size_t size) override
        {
            for (std::size_t i = 0; i < size; ++i)
                out[i] = static_cast<std::uint8_t>((state = state * 6364136223846793005ULL + 1442695040888963407ULL) >> 56);
        }
        std::uint64_t state;
    } random(seed);
    auto const code = qr_pay::OrderCode::draw(random).text();
    auto written = code;
    if (lower)
        std::ranges::transform(written, written.begin(), [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
    auto bank = bank_with_an_account(seed);
    RC_ASSERT(bank.book(order(in_front ? written + " rau" : "tien rau " + written))->order_code == code);
}

TEST(SandboxBank, KnowsOnlyItsAccounts)
{
    auto bank = bank_with_an_account(1);
    auto stranger = order("x");
    stranger.account_number = "1";
    EXPECT_EQ(bank.book(stranger).error().code, Errc::unknown_receiving_account);
    EXPECT_EQ(bank.rail_account("rla_b").error().code, Errc::not_found);
    ReceivingAccount account;
    account.bank_bin = "970436";
    account.account_number = "2";
    account.rail_accounts = {"rla_b"};
    EXPECT_EQ(bank.put(account).error().code, Errc::invalid_input);
}

TEST(SandboxBank, ItsClockRunsOnFromWhereItWasSet)
{
    auto bank = bank_with_an_account(1);
    bank.set_clock(*parse_rfc3339("2026-11-21T03:00:00Z"));
    EXPECT_EQ(Day::of(bank.book(order("x"))->booked_at), Day::from(2026, 11, 21));
    bank.reset();
    EXPECT_EQ(bank.now(), fixed_clock.now());
}

TEST(SandboxScenarios, EveryNameLeadsBackToItself)
{
    std::set<std::string_view> names;
    for (std::int64_t amount = 20000; amount <= 20019; ++amount) {
        auto const scenario = scenario_of(Dong(amount));
        names.insert(name_of(scenario));
        EXPECT_EQ(*scenario_named(name_of(scenario)), scenario);
        EXPECT_EQ(scenario == Scenario::plain, amount == 20000 || amount == 20019);
    }
    EXPECT_EQ(names.size(), 19u);
    auto const doubtful = plan_of(Scenario::doubt_then_paid, Dong(20008), std::chrono::seconds(0));
    EXPECT_EQ(doubtful.steps.at(0).after, std::chrono::seconds(90));
    EXPECT_EQ(plan_of(Scenario::late, Dong(1), std::chrono::seconds(60)).steps.at(0).after, std::chrono::seconds(61));
}

TEST(SandboxFaults, AreReadStrictly)
{
    auto const fault = parse_fault("latency=800ms; error=503;drop=after_commit");
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->latency, std::chrono::milliseconds(800));
    EXPECT_EQ(fault->error, 503);
    EXPECT_EQ(fault->drop, Fault::Drop::after_commit);
    EXPECT_EQ(parse_fault("latency=2s")->latency, std::chrono::seconds(2));
    EXPECT_EQ(parse_fault("")->error, 0);
    for (auto const* wrong : {"latency", "latency=", "latency=5", "latency=-5ms", "latency=1h", "latency=51s", "error=200", "error=x",
                              "error=503x", "drop=now", "rain=1", "latency=99999999999999999999s"}) {
        EXPECT_EQ(parse_fault(wrong).error().code, Errc::invalid_input) << wrong;
    }
}

}  // namespace
}  // namespace cho40::sandbox
