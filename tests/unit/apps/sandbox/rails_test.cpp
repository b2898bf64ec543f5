#include "apps/sandbox/provider_rules.h"
#include "qr-pay/order_code.h"
#include "tests/unit/apps/sandbox/rig.h"
#include <set>

namespace cho40::sandbox::tests_ {
namespace {

std::vector<std::string> rail_names()
{
    std::vector<std::string> names;
    for (auto const* rail : rails::all_rails()) names.emplace_back(rail->name());
    return names;
}

// An order code whose check character is right.
std::string order_code()
{
    std::string code = "CQ234567?";
    for (char const c : std::string_view("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
        code.back() = c;
        if (qr_pay::OrderCode::parse(code)) break;
    }
    return code;
}

json order(std::int64_t amount, json more = json::object())
{
    json out{{"bank_bin", "970436"}, {"account_number", "2141000456789"}, {"amount", amount}, {"memo", order_code() + " ca thu"}};
    out.update(more);
    return out;
}

// What one rail of a running sandbox does to a service that answers as ours.
class EveryRail : public testing::TestWithParam<std::string> {
protected:
    EveryRail() { rig.connect({rail}); }

    json pay(std::int64_t amount, json faults = json::object())
    {
        auto const answer = rig.post("/bank/payments", order(amount, {{"faults", json::array({std::move(faults)})}}));
        EXPECT_EQ(answer.status, 201) << answer.text;
        return answer.body();
    }
    [[nodiscard]] bool gives_up_at_a_wrong_signature() const { return rail == "payos" || rail == "casso" || rail == "zalopay"; }
    // All that was ever sent of a transfer, in order; waits until there are `count`.
    json sent(json const& payment, std::size_t count)
    {
        auto const path = "/log?about=" + payment["bank_reference"].get<std::string>();
        auto calls = rig.ask_until(path, [&](json const& body) { return body["calls"].size() >= count; }).body()["calls"];
        EXPECT_EQ(calls.size(), count);
        std::reverse(calls.begin(), calls.end());
        return calls;
    }

    std::string const rail = GetParam();
    Rig rig{Books(), std::chrono::milliseconds(1)};
};

TEST_P(EveryRail, TellsOfMoneyInTheWordsOfItsProvider)
{
    auto const payment = pay(45'000);
    ASSERT_EQ(payment["notifications"].size(), 1u);
    EXPECT_EQ(payment["notifications"][0]["content"], true) << payment;
    ASSERT_EQ(rig.service.credits.size(), 1u);
    auto const& credit = rig.service.credits[0];
    EXPECT_EQ(credit.rail, rail);
    EXPECT_EQ(credit.amount, Dong(45'000));
    EXPECT_EQ(credit.account_number, "2141000456789");
    auto const day = Day::of(credit.booked_at).to_string();
    auto const file = rig.get("/providers/daily-file?date=" + day + "&rail_account=rla_" + rail).text;
    EXPECT_NE(file.find("," + credit.provider_id + ","), std::string::npos) << file << credit.provider_id;
    bool const merchant = rail == "vnpay" || rail == "momo" || rail == "zalopay";
    EXPECT_EQ(credit.bank_reference.empty(), merchant) << "a merchant account's provider names no transfer at the bank";
    if (merchant) { EXPECT_EQ(credit.order_code, order_code()); }
}

TEST_P(EveryRail, TriesAgainWhenTheAnswerIsLostAndNothingElseChanges)
{
    auto const payment = pay(45'000, {{"lost_answers", 2}});
    EXPECT_EQ(payment["notifications"][0]["status"], 0);
    EXPECT_EQ(payment["notifications"][0]["content"], false);
    auto const calls = sent(payment, 3);
    EXPECT_EQ(calls[0]["status"], 0);
    EXPECT_EQ(calls[1]["status"], 0);
    EXPECT_GE(calls[2]["status"], 200);
    ASSERT_EQ(rig.service.credits.size(), 3u);
    for (auto const& credit : rig.service.credits) EXPECT_EQ(credit.provider_id, rig.service.credits[0].provider_id);
    // The very same bytes, where no time is signed; SePay and Casso have a new time, and sign it.
    for (std::size_t i = 1; i < 3; ++i) {
        EXPECT_EQ(rig.service.raws[i].body, rig.service.raws[0].body);
        EXPECT_EQ(rig.service.raws[i].query, rig.service.raws[0].query);
    }
    EXPECT_TRUE(rig.service.refusals.empty());
}

TEST_P(EveryRail, AWrongSignatureIsRefusedAndSentAgainAsTheProviderWould)
{
    auto const payment = pay(45'000, {{"wrong_signatures", 1}});
    auto const tries = gives_up_at_a_wrong_signature() ? 1u : 2u;
    sent(payment, tries);
    EXPECT_EQ(rig.service.refusals.size(), 1u);
    EXPECT_EQ(rig.service.credits.size(), tries - 1);
}

TEST_P(EveryRail, HalfOfItIsNothing)
{
    // vietqr.vn is told that the bytes can never be good (400), and its provider believes it.
    auto const tries = gives_up_at_a_wrong_signature() || rail == "vietqr" ? 1u : 2u;
    sent(pay(45'000, {{"cut_bodies", 1}}), tries);
    EXPECT_EQ(rig.service.refusals.size(), 1u);
    EXPECT_EQ(rig.service.credits.size(), tries - 1);
}

TEST_P(EveryRail, ADroppedOneReachesNobody)
{
    auto const payment = pay(45'000, {{"dropped", true}, {"duplicates", 3}});
    EXPECT_EQ(payment["outcome"], "paid");
    for (auto const& told : payment["notifications"]) EXPECT_EQ(told["body"], "not told: dropped");
    pay(46'000);
    ASSERT_EQ(rig.service.credits.size(), 1u);
    EXPECT_EQ(rig.service.credits[0].amount, Dong(46'000));
}

TEST_P(EveryRail, ALaterOneOvertakes)
{
    Rig slow(Books(), std::chrono::seconds(1));  // whose minute is one, so that nothing but the later one lets it go
    slow.connect({rail});
    auto const first = slow.post("/bank/payments", order(45'000, {{"scenario", "overtaken"}})).body();
    EXPECT_EQ(first["notifications"][0]["body"], "not told yet: overtaken");
    EXPECT_TRUE(slow.service.credits.empty());
    slow.post("/bank/payments", order(46'000));
    ASSERT_TRUE(slow.eventually([&] { return slow.service.credits.size() == 2; }));
    EXPECT_EQ(slow.service.credits[0].amount, Dong(46'000));
    EXPECT_EQ(slow.service.credits[1].amount, Dong(45'000));
}

TEST_P(EveryRail, WhatNothingOvertakesComesAfterAMinute)
{
    pay(45'000, {{"overtaken", true}});
    EXPECT_TRUE(rig.eventually([&] { return rig.service.credits.size() == 1; }));
}

TEST_P(EveryRail, DuplicatesAndDelays)
{
    EXPECT_EQ(pay(45'000, {{"duplicates", 4}})["notifications"].size(), 5u);
    EXPECT_EQ(rig.service.credits.size(), 5u);
    EXPECT_EQ(pay(46'000, {{"delay", 20}})["notifications"][0]["body"], "not told yet: delayed");
    EXPECT_TRUE(rig.eventually([&] { return rig.service.credits.size() == 6; }));
}

TEST_P(EveryRail, OnlyWhoSignsATimeIsJudgedByIt)
{
    bool const signs_time = rail == "sepay" || rail == "casso";
    for (int const skew : {600, -600}) pay(45'000, {{"clock_skew", skew}});
    EXPECT_EQ(rig.service.refusals.size() >= 2, signs_time);
    EXPECT_EQ(rig.service.credits.size(), signs_time ? 0u : 2u);
    pay(45'000, {{"clock_skew", -200}});
    EXPECT_EQ(rig.service.credits.size(), signs_time ? 1u : 3u);
}

TEST_P(EveryRail, ProvidersSignByTheMachinesClockWhateverDayTheBankHas)
{
    ASSERT_EQ(rig.post("/setup/clock", {{"now", "2026-03-01T03:00:00Z"}}).status, 200);
    pay(45'000);
    ASSERT_EQ(rig.service.credits.size(), 1u);
    EXPECT_EQ(Day::of(rig.service.credits[0].booked_at), Day::from(2026, 3, 1));
}

TEST_P(EveryRail, IsTriedWhenItsAddressIsRegistered)
{
    auto const answer = rig.post("/setup/probe", {{"rail_account", "rla_" + rail}});
    if (rail != "payos" && rail != "casso" && rail != "vietqr") {
        EXPECT_EQ(answer.body()["code"], "invalid_state");
        return;
    }
    EXPECT_EQ(answer.body()["status"], 200) << answer.text;
    EXPECT_EQ(answer.body()["content"], true);
    EXPECT_EQ(rig.service.probes, rail == "vietqr" ? 0 : 1);
    EXPECT_EQ(rig.service.tokens, rail == "vietqr" ? 1 : 0);
    EXPECT_TRUE(rig.service.credits.empty());
}

INSTANTIATE_TEST_SUITE_P(All, EveryRail, testing::ValuesIn(rail_names()), [](auto const& rail) { return rail.param; });

TEST(SandboxRails, TheSetupAsksForASecretOfTheRailsForm)
{
    Rig rig;
    auto const put = [&](json more) {
        json body{{"id", "rla_x"}, {"rail", "momo"}, {"address", "/x"}, {"secret", "momo-access:momo-secret-key"}};
        body.update(more);
        return rig.post("/setup/rail-accounts", body);
    };
    for (auto const& [more, code] :
         {std::pair(json{{"secret", "one-key-alone"}}, "invalid_format"), std::pair(json{{"rail", "paypal"}}, "unknown_value"),
          std::pair(json{{"rail", "sepay"}, {"secret", "no-mode-named"}}, "invalid_format")}) {
        auto const answer = put(more);
        EXPECT_EQ(answer.status, 422);
        EXPECT_EQ(answer.body()["errors"][0]["code"], code) << answer.text;
    }
    // What the notifications cannot carry is refused before anybody pays.
    EXPECT_EQ(put({{"rail", "zalopay"}, {"secret", "zalopay-key-two"}}).status, 200);
    for (auto const* number : {"0141000456789", "TMN12345", "1234567890123456789"}) {
        json const account{{"bank_bin", "970436"}, {"account_number", number}, {"holder_name", "A"}, {"rail_accounts", {"rla_x"}}};
        EXPECT_EQ(rig.post("/setup/receiving-accounts", account).body()["code"], "invalid_input") << number;
    }
}

TEST(SandboxRails, AShareOfARailAccountsTransfersIsHitTheSameOnesEachTime)
{
    std::set<std::string> missing[2];
    for (auto& names : missing) {
        Rig rig;
        rig.connect({"sepay", "vietqr"});
        json const shares = json::array({{{"percent", 30}, {"dropped", true}}, {{"percent", 20}, {"duplicates", 1}}});
        ASSERT_EQ(rig.post("/setup/rail-faults", {{"rail_account", "rla_sepay"}, {"shares", shares}}).status, 200);
        std::map<std::string, int> told;
        std::set<std::string> all;
        for (int i = 0; i < 100; ++i) {
            all.insert(rig.post("/bank/payments", order(10'000, {{"booked_at", "2026-11-22T03:00:00Z"}})).body()["bank_reference"]);
        }
        int by_vietqr = 0;
        for (auto const& credit : rig.service.credits) credit.rail == "sepay" ? ++told[credit.bank_reference] : ++by_vietqr;
        EXPECT_EQ(by_vietqr, 100);
        for (auto const& reference : all) {
            if (!told.contains(reference)) names.insert(reference);
        }
        auto const twice = std::ranges::count_if(told, [](auto const& times) { return times.second == 2; });
        EXPECT_GT(names.size(), 15u);
        EXPECT_LT(names.size(), 45u);
        EXPECT_GT(twice, 8);
        EXPECT_LT(twice, 35);
    }
    EXPECT_EQ(missing[0], missing[1]);
}

TEST(SandboxRails, FaultsAreReadStrictly)
{
    Rig rig;
    rig.connect({"payos"});
    auto const put = [&](json shares, char const* id = "rla_payos") {
        return rig.post("/setup/rail-faults", {{"rail_account", id}, {"shares", std::move(shares)}}).status;
    };
    EXPECT_EQ(put(json::array({{{"percent", 100}, {"dropped", true}}})), 200);
    EXPECT_EQ(rig.post("/bank/payments", order(10'000)).body()["notifications"][0]["body"], "not told: dropped");
    EXPECT_EQ(put(json::array({{{"percent", 60}, {"dropped", true}}, {{"percent", 41}, {"overtaken", true}}})), 422);
    EXPECT_EQ(put(json::array({{{"percent", 10}, {"rain", true}}})), 422);
    EXPECT_EQ(put(json::array(), "rla_none"), 404);
    EXPECT_EQ(put(json::array()), 200);
    EXPECT_EQ(rig.post("/bank/payments", order(10'000)).body()["notifications"][0]["content"], true);
    auto const stranger = order(10'000, {{"faults", json::array({{{"rail_account", "rla_none"}, {"dropped", true}}})}});
    EXPECT_EQ(rig.post("/bank/payments", stranger).body()["code"], "invalid_input");
}

// A payment's own faults go before its scenario's, and these before the rail account's.
TEST(SandboxRails, FaultsOfOneRailLeaveTheOtherAlone)
{
    Rig rig;
    rig.connect({"payos", "vietqr"});
    json const dropped = json::array({{{"rail_account", "rla_payos"}, {"dropped", true}}});
    ASSERT_EQ(rig.post("/bank/payments", order(10'000, {{"faults", dropped}})).status, 201);
    ASSERT_EQ(rig.service.credits.size(), 1u);
    EXPECT_EQ(rig.service.credits[0].rail, "vietqr");
    ASSERT_EQ(rig.post("/bank/payments", order(20013)).status, 201);
    EXPECT_EQ(rig.service.credits.size(), 1u);
    ASSERT_EQ(rig.post("/bank/payments", order(20013, {{"faults", json::array({json::object()})}})).status, 201);
    EXPECT_EQ(rig.service.credits.size(), 3u);
}

}  // namespace
}  // namespace cho40::sandbox::tests_
