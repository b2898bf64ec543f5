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
#include <regex>
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

TEST(SandboxBank, EveryWrapperLooksAsMeasured)
{
    auto bank = bank_with_an_account(1);
    std::string const names = "CT tu [0-9]{10} [A-Z ]+ toi 0141000456789 BA NGUYEN THI THE";
    std::pair<char const*, std::string> const patterns[] = {
        {"plain", "CQ2345678 ca thu"},
        {"vietcombank", "MBVCB\\.[0-9]{10}\\.CQ2345678 ca thu\\." + names},
        {"from_vietcombank", "MBVCB\\.[0-9]{10}\\.[0-9]{6}\\.CQ2345678 ca thu\\." + names},
        {"napas", "[0-9]{6}\\.221126\\.101530\\.CQ2345678 ca thu"},
        {"iso8583", "02009704[0-9]{2}11221015302026[0-9A-Z]{4}[0-9]{6}\\.[0-9]{5}\\.101530\\.CQ2345678 ca thu"},
        {"wallet", "PARTNER\\.DIRECT_DEBITS_VCB\\.MSE\\.[0-9]+_CQ2345678 ca thu"},
        {"wallet_zalopay", "PARTNER\\.DIRECT_DEBITS_VCB\\.ZLP\\.ZP[0-9]+_CQ2345678 ca thu"},
        {"techcombank", "CQ2345678 ca thu FT[0-9]{14}"},
        {"mb_glued", "CQ2345678 ca thuFT[0-9]{14}"},
        {"vietinbank_napas", "Chuyen tien den tu NAPAS Noi dung: CQ2345678 ca thu"},
        {"vietinbank_247", "CT nhanh 247 den: CQ2345678 ca thu"},
        {"vietinbank_alias", "CT nhanh 247 den: CQ2345678 ca thu \\(0141000456789\\)"},
        {"bidv_card", "TKThe :[0-9]{10}, tai [A-Z]+\\. CQ2345678 ca thu -CTLNHIDI[0-9]+-1/1-CRE-002"},
        {"bidv_transfer", "REM Tfr Ac:0141000456789 O@L_[0-9]{6}_CQ2345678 ca thu"},
        {"sacombank", "IBFT CQ2345678 ca thu"},
        {"acb", "CQ2345678 ca thu-221126-10:15:30 [0-9]{6}"},
        {"broken_line", "MBVCB\\.[0-9]{10}\\.CQ234 5678 ca thu\\.CT tu .*"},
        {"cut_at_25", "CQ2345678 ca thu"},
    };
    EXPECT_EQ(std::size(patterns), memo_wrapper_names().size());
    for (auto const& [wrapper, pattern] : patterns) {
        auto const memo = bank.book(order("CQ2345678 cá thu", wrapper))->memo;
        EXPECT_TRUE(std::regex_match(memo, std::regex(pattern))) << wrapper << ": " << memo;
    }
    EXPECT_EQ(bank.book(order("CQ2345678 ca thu, ca chim, muc kho", "cut_at_25"))->memo, "CQ2345678 ca thu, ca chim");
}

TEST(SandboxBank, ALineOf40ColumnsEndsInsideAWord)
{
    auto bank = bank_with_an_account(1);
    auto const whole = bank.book(order("CQ2345678 ca thu", "vietcombank"))->memo;
    for (int i = 0; i < 50; ++i) {
        auto const memo = bank.book(order("CQ2345678 ca thu", "broken_line"))->memo;
        auto const first = memo.find(' ');
        EXPECT_EQ(memo.substr(first - 5, 10), "CQ234 5678") << memo;
        EXPECT_LE(memo.size(), whole.size() + 15) << memo;
        EXPECT_EQ(squeeze(memo).find("CQ2345678CATHU"), squeeze("MBVCB1234567890").size()) << memo;
    }
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
