#include "fees/national_payment.h"
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cho40::fees {
namespace {

using namespace std::chrono_literals;
using enum NationalState;
using Kind = NationalResult::Kind;

Instant const opened_at = Day::from(2026, 11, 22).begin() + 15h;  // in the afternoon, Vietnam's time

NationalPayment attempt()
{
    NationalPayment payment;
    payment.reference = "dvcH49142611220007261122150000";
    payment.order_code = "CQ7K2M4X7";
    payment.amount = Dong(135'000);
    payment.created_at = payment.since = opened_at;
    return payment;
}
Agency collector()
{
    Agency agency{};
    agency.code = "H49.14";
    agency.account_number = "0141000000001";
    return agency;
}
NationalPayment waiting() { return *opened(*begin_call(attempt(), opened_at), "https://pay.example/1", opened_at + 1s); }
NationalResult paid(std::string transaction = "PG1") { return {Kind::paid, "paid", std::move(transaction), "VCB", opened_at + 90s}; }
NationalResult failed_there() { return {Kind::failed, "24", "", "", std::nullopt}; }

TEST(NationalPayment, ThePlatformIsCalledOnce)
{
    auto const called = begin_call(attempt(), opened_at);
    ASSERT_TRUE(called);
    EXPECT_EQ(begin_call(*called, opened_at + 1s).error().code, Errc::invalid_state);
    auto over = *refused(attempt(), "never_sent", opened_at);
    EXPECT_EQ(begin_call(over, opened_at).error().code, Errc::invalid_state);
}

TEST(NationalPayment, AFailureAfterASuccessChangesNothing)
{
    auto const success = *judged(waiting(), paid(), opened_at + 2min);
    EXPECT_EQ(success.state, succeeded);
    EXPECT_FALSE(judged(success, failed_there(), opened_at + 3min));
    EXPECT_FALSE(refused(success, "late", opened_at + 3min));
    EXPECT_FALSE(given_up(success, opened_at + 80h));
    EXPECT_FALSE(opened(success, "https://pay.example/2", opened_at + 3min));
}

TEST(NationalPayment, PaidWinsOverEveryEnd)
{
    for (auto const& before :
         {attempt(), waiting(), *judged(waiting(), failed_there(), opened_at + 1min), *given_up(waiting(), opened_at + 73h)}) {
        auto const after = judged(before, paid(), opened_at + 74h);
        ASSERT_TRUE(after);
        EXPECT_EQ(after->state, succeeded);
        EXPECT_EQ(after->reason, "");
        EXPECT_EQ(after->version, before.version + 1);
    }
}

// Whatever is told in whatever order: paid once told is paid at the end, and no state is left by less.
RC_GTEST_PROP(NationalPayment, OrderDoesNotMatter, (std::vector<int> tellings))
{
    auto payment = waiting();
    bool was_paid = false;
    for (auto const telling : tellings) {
        auto const before = payment;
        std::optional<NationalPayment> after;
        switch (static_cast<unsigned>(telling) % 4) {
        case 0:
            after = judged(payment, paid(), opened_at + 5min);
            was_paid = true;
            break;
        case 1: after = judged(payment, failed_there(), opened_at + 5min); break;
        case 2: after = judged(payment, {}, opened_at + 5min); break;
        default: after = given_up(payment, opened_at + 73h); break;
        }
        if (after) payment = *after;
        RC_ASSERT(before.state != succeeded || payment.state == succeeded);
    }
    RC_ASSERT(was_paid == (payment.state == succeeded));
}

TEST(NationalPayment, ANumberThatAQuestionDidNotTellIsAdded)
{
    auto const by_question = *judged(waiting(), paid(""), opened_at + 2min);
    EXPECT_EQ(by_question.transaction, "");
    auto const named = judged(by_question, paid("PG1"), opened_at + 3min);
    ASSERT_TRUE(named);
    EXPECT_EQ(named->transaction, "PG1");
    EXPECT_EQ(named->since, by_question.since);
    EXPECT_FALSE(is_second_money(by_question, paid("PG1")));
    EXPECT_FALSE(is_second_money(*named, paid("PG1")));
    EXPECT_FALSE(is_second_money(*named, paid("")));
    EXPECT_TRUE(is_second_money(*named, paid("PG2")));
    EXPECT_FALSE(judged(*named, paid("PG2"), opened_at + 4min));
}

TEST(NationalPayment, OneAttemptIsOneCreditWhoeverTellsOfIt)
{
    auto const by_question = *judged(waiting(), paid(""), opened_at + 2min);
    auto const by_call = *judged(waiting(), paid("PG1"), opened_at + 2min);
    auto const key = [](NationalPayment const& p, NationalResult const& r) {
        return qr_pay::dedupe_key(national_credit(p, r, collector(), opened_at + 2min));
    };
    EXPECT_EQ(key(by_question, paid("")), key(by_call, paid("PG1")));
    EXPECT_NE(key(by_call, paid("PG1")), key(by_call, paid("PG2")));
    auto const credit = national_credit(by_call, paid("PG1"), collector(), opened_at + 2min);
    EXPECT_EQ(credit.amount, Dong(135'000));
    EXPECT_EQ(credit.order_code, "CQ7K2M4X7");
    EXPECT_EQ(credit.account_number, "0141000000001") << "where the request was made for";
    EXPECT_EQ(credit.virtual_account, "DVCQG-H49.14") << "where the platform keeps it until it pays out";
}

// The platform that writes the hour of 15 as 03: what was paid in the afternoon does not count as paid in the morning.
TEST(NationalPayment, ATwelveHourClockIsNotBelieved)
{
    auto wrong = paid();
    wrong.told_paid_at = opened_at + 90s - 12h;
    EXPECT_EQ(judged(waiting(), wrong, opened_at + 2min)->paid_at, opened_at + 2min);
    wrong.told_paid_at = opened_at + 30h;
    EXPECT_EQ(judged(waiting(), wrong, opened_at + 2min)->paid_at, opened_at + 2min);
    EXPECT_EQ(judged(waiting(), paid(), opened_at + 2min)->paid_at, opened_at + 90s);
}

TEST(NationalPayment, IsAskedAboutAfterOneFiveFifteenAndThirtyMinutesThenHourlyTo72Hours)
{
    std::vector<std::chrono::minutes> asked;
    for (auto now = opened_at; auto const next = next_question(opened_at, now); now = *next)
        asked.push_back(std::chrono::duration_cast<std::chrono::minutes>(*next - opened_at));
    std::vector<std::chrono::minutes> expected = {1min, 5min, 15min, 30min};
    for (int hour = 1; hour <= 72; ++hour) expected.emplace_back(hour * 60);
    EXPECT_EQ(asked, expected);
    EXPECT_EQ(next_question(opened_at, opened_at + 100h), std::nullopt);
}

TEST(NationalPayment, IsLookedAtUntilNothingIsLeft)
{
    EXPECT_EQ(next_look(attempt(), opened_at), opened_at + 1min);
    EXPECT_EQ(next_look(waiting(), opened_at + 1min), opened_at + 5min);
    auto success = *judged(waiting(), paid(), opened_at + 2min);
    EXPECT_TRUE(next_look(success, opened_at + 2min).has_value());
    success = booked(success);
    EXPECT_EQ(next_look(success, opened_at + 2min), opened_at + 2min);
    EXPECT_EQ(next_look(with_bill(success), opened_at + 2min), std::nullopt);
    EXPECT_EQ(next_look(*judged(waiting(), failed_there(), opened_at), opened_at), std::nullopt);
    EXPECT_EQ(next_look(*given_up(waiting(), opened_at), opened_at), std::nullopt);
}

TEST(NationalPayment, AReferenceIsTheDossierAndTheSecond)
{
    auto const at = Day::from(2026, 11, 22).begin() + 9h + 30min + 15s;
    EXPECT_EQ(national_reference("H49.14-261122-0007", at), "dvcH49142611220007261122093015");
    EXPECT_EQ(national_reference("H49.14-261122-0007", at + 6h), "dvcH49142611220007261122153015");
}

}  // namespace
}  // namespace cho40::fees
