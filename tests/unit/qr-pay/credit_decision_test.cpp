#include "qr-pay/credit_decision.h"
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cho40::qr_pay {
namespace {

using namespace literals;
using namespace std::chrono_literals;

Instant const made{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 3h};
Instant const expires = made + 15min;

BankCredit credit(Dong amount, Instant booked = made + 1min)
{
    return BankCredit("payos", "p1", "0123456789", Direction::in, amount, booked);
}

PaymentRequest request_in(PaymentState state, Dong received = {})
{
    PaymentRequest request(Id<PaymentRequest>(), *OrderCode::parse("CQ7K2M4X7"), 45000_vnd, made, expires);
    request.state = state;
    request.received = received;
    return request;
}

struct Case {
    char const* name;
    PaymentState before;
    Dong received;
    Dong amount;
    Instant booked;
    PaymentState after;
    CreditReason reason;
    Dong remaining;
    std::vector<std::pair<Purpose, Dong>> parts;
};

using enum PaymentState;
auto const on_time = made + 1min;
auto const too_late = expires;

Case const cases[] = {
    {"exact", waiting, {}, 45000_vnd, on_time, paid, CreditReason::exact, {}, {{Purpose::sale, 45000_vnd}}},
    {"before_it_was_shown", PaymentState::created, {}, 45000_vnd, on_time, paid, CreditReason::exact, {}, {{Purpose::sale, 45000_vnd}}},
    {"while_in_doubt", in_doubt, {}, 45000_vnd, on_time, paid, CreditReason::exact, {}, {{Purpose::sale, 45000_vnd}}},
    {"short", waiting, {}, 40000_vnd, on_time, underpaid, CreditReason::short_paid, 5000_vnd, {{Purpose::sale, 40000_vnd}}},
    {"two_hundred_for_two_hundred_thousand",
     waiting,
     {},
     200_vnd,
     on_time,
     underpaid,
     CreditReason::short_paid,
     44800_vnd,
     {{Purpose::sale, 200_vnd}}},
    {"still_short", underpaid, 40000_vnd, 1000_vnd, on_time, underpaid, CreditReason::short_paid, 4000_vnd, {{Purpose::sale, 1000_vnd}}},
    {"topped_up", underpaid, 40000_vnd, 5000_vnd, on_time, paid, CreditReason::topped_up, {}, {{Purpose::sale, 5000_vnd}}},
    {"topped_up_after_the_hour", underpaid, 40000_vnd, 5000_vnd, too_late, paid, CreditReason::topped_up, {}, {{Purpose::sale, 5000_vnd}}},
    {"topped_up_too_much",
     underpaid,
     40000_vnd,
     6000_vnd,
     on_time,
     overpaid,
     CreditReason::over,
     {},
     {{Purpose::sale, 5000_vnd}, {Purpose::overpaid_refund_due, 1000_vnd}}},
    {"over",
     waiting,
     {},
     50000_vnd,
     on_time,
     overpaid,
     CreditReason::over,
     {},
     {{Purpose::sale, 45000_vnd}, {Purpose::overpaid_refund_due, 5000_vnd}}},
    {"booked_after_expiry_nobody_closed_it",
     waiting,
     {},
     45000_vnd,
     too_late,
     paid_late,
     CreditReason::late,
     {},
     {{Purpose::late_sale, 45000_vnd}}},
    {"told_after_expiry_but_booked_before",
     waiting,
     {},
     45000_vnd,
     expires - 1us,
     paid,
     CreditReason::exact,
     {},
     {{Purpose::sale, 45000_vnd}}},
    {"late_for_expired", expired, {}, 45000_vnd, too_late, paid_late, CreditReason::late, {}, {{Purpose::late_sale, 45000_vnd}}},
    {"late_for_cancelled", cancelled, {}, 45000_vnd, on_time, paid_late, CreditReason::late, {}, {{Purpose::late_sale, 45000_vnd}}},
    {"late_for_failed", failed, {}, 45000_vnd, on_time, paid_late, CreditReason::late, {}, {{Purpose::late_sale, 45000_vnd}}},
    {"late_and_short", expired, {}, 40000_vnd, too_late, paid_late, CreditReason::late_short, 5000_vnd, {{Purpose::late_sale, 40000_vnd}}},
    {"late_rest", paid_late, 40000_vnd, 5000_vnd, too_late, paid_late, CreditReason::late, {}, {{Purpose::late_sale, 5000_vnd}}},
    {"late_and_over",
     expired,
     {},
     46000_vnd,
     too_late,
     paid_late,
     CreditReason::late_over,
     {},
     {{Purpose::late_sale, 45000_vnd}, {Purpose::overpaid_refund_due, 1000_vnd}}},
    {"second_for_paid",
     paid,
     45000_vnd,
     45000_vnd,
     on_time,
     paid,
     CreditReason::duplicate,
     {},
     {{Purpose::duplicate_refund_due, 45000_vnd}}},
    {"second_for_overpaid",
     overpaid,
     50000_vnd,
     1_vnd,
     on_time,
     overpaid,
     CreditReason::duplicate,
     {},
     {{Purpose::duplicate_refund_due, 1_vnd}}},
    {"second_for_paid_late",
     paid_late,
     45000_vnd,
     45000_vnd,
     too_late,
     paid_late,
     CreditReason::duplicate,
     {},
     {{Purpose::duplicate_refund_due, 45000_vnd}}},
};

class DecideCredit : public testing::TestWithParam<Case> {};

TEST_P(DecideCredit, GivesEveryDongAPurposeAndTheRequestAState)
{
    auto const& c = GetParam();

    auto const decision = decide_credit(request_in(c.before, c.received), credit(c.amount, c.booked), expires + 1h);

    EXPECT_EQ(name_of(decision.request->state), name_of(c.after));
    EXPECT_EQ(name_of(decision.reason), name_of(c.reason));
    EXPECT_EQ(decision.remaining, c.remaining);
    EXPECT_EQ(decision.request->version, 2);
    std::vector<std::pair<Purpose, Dong>> parts;
    for (auto const& a : decision.allocations) parts.emplace_back(a.purpose, a.amount);
    EXPECT_EQ(parts, c.parts);
}

INSTANTIATE_TEST_SUITE_P(Rows, DecideCredit, testing::ValuesIn(cases), [](auto const& i) { return std::string(i.param.name); });

TEST(DecideCredit, AWaivedShortageMakesTheNextTransferADuplicate)
{
    auto const request = waive_shortage(request_in(underpaid, 40000_vnd));
    auto const decision = decide_credit(*request, credit(5000_vnd), on_time);
    EXPECT_EQ(decision.reason, CreditReason::duplicate);
    EXPECT_EQ(decision.request->state, paid);
}

TEST(DecideCredit, MoneyAfterGivingBackIsLate)
{
    auto const given = give_back(request_in(underpaid, 40000_vnd));
    auto const decision = decide_credit(given->request, credit(5000_vnd), on_time);
    EXPECT_EQ(decision.reason, CreditReason::late_short);
    EXPECT_EQ(decision.allocations[0].amount, 5000_vnd);
}

TEST(DecideCredit, ARailWhoseClockRunsAheadDoesNotMakeAPaymentLate)
{
    auto const decision = decide_credit(request_in(waiting), credit(45000_vnd, expires + 1min), expires - 1s);
    EXPECT_EQ(decision.reason, CreditReason::exact);
}

TEST(DecideCredit, NamelessMoneyIsIncomeWithItsReason)
{
    for (auto why : {CreditReason::nameless, CreditReason::ambiguous, CreditReason::suggested}) {
        auto const decision = decide_credit(std::nullopt, credit(20000_vnd), on_time, why);
        EXPECT_EQ(decision.reason, why);
        EXPECT_FALSE(decision.request);
        ASSERT_EQ(decision.allocations.size(), 1u);
        EXPECT_EQ(decision.allocations[0].purpose, Purpose::nameless_sale);
        EXPECT_EQ(decision.allocations[0].amount, 20000_vnd);
    }
}

// Any number of credits, in any state, with closings between: no đồng is lost, no finished state is downgraded.
RC_GTEST_PROP(DecideCredit, KeepsEveryDongAndNeverDowngrades, ())
{
    auto const asked = Dong(*rc::gen::inRange<std::int64_t>(1, 100000));
    PaymentRequest request(Id<PaymentRequest>(), *OrderCode::parse("CQ7K2M4X7"), asked, made, expires);
    std::int64_t sales = 0;
    std::int64_t given_back = 0;
    auto const steps = *rc::gen::container<std::vector<std::pair<int, std::int64_t>>>(
        rc::gen::pair(rc::gen::inRange(0, 9), rc::gen::inRange<std::int64_t>(1, 150000)));
    for (auto const& [what, size] : steps) {
        auto const before = request.state;
        auto const keep = [&](Result<PaymentRequest> after) {
            if (after) request = *std::move(after);
        };
        if (what == 0) keep(expire(request, expires));
        else if (what == 1) keep(cancel(request));
        else if (what == 2) keep(waive_shortage(request));
        else if (what == 3) keep(doubt(request));
        else if (what == 4) keep(fail_for_good(request));
        else if (what == 5) {
            if (auto given = give_back(request)) {
                given_back += given->refund_due.count();
                request = std::move(given->request);
            }
        } else {
            auto const now = made + std::chrono::seconds(size % 1800);
            auto const decision = decide_credit(request, credit(Dong(size), now), now);
            std::int64_t sum = 0;
            for (auto const& part : decision.allocations) {
                RC_ASSERT(part.amount.is_positive());
                sum += part.amount.count();
                if (part.purpose == Purpose::sale || part.purpose == Purpose::late_sale) sales += part.amount.count();
            }
            RC_ASSERT(sum == size);
            request = *decision.request;
        }
        if (before == paid || before == overpaid || before == paid_late) RC_ASSERT(request.state == before);
        if (before == expired || before == cancelled || before == failed) RC_ASSERT(request.state == before || request.state == paid_late);
        RC_ASSERT(sales - given_back <= asked.count());
    }
}

TEST(SuggestRequest, NamesTheOnlyOpenRequestOfThisAmountInTenMinutes)
{
    auto other = request_in(waiting);
    other.asked = 20000_vnd;
    std::vector<PaymentRequest> open{request_in(waiting), other};

    EXPECT_EQ(suggest_request(open, credit(45000_vnd))->text(), "CQ7K2M4X7");
    EXPECT_TRUE(suggest_request(open, credit(45000_vnd, made + 10min)));
    EXPECT_FALSE(suggest_request(open, credit(45000_vnd, made + 10min + 1us)));
    EXPECT_TRUE(suggest_request(open, credit(45000_vnd, made - 2min)));
    EXPECT_FALSE(suggest_request(open, credit(45000_vnd, made - 3min)));
    EXPECT_FALSE(suggest_request(open, credit(45001_vnd)));

    open.push_back(request_in(waiting));
    EXPECT_FALSE(suggest_request(open, credit(45000_vnd))) << "two fit: nobody guesses";

    std::vector<PaymentRequest> const closed{request_in(paid, 45000_vnd), request_in(expired)};
    EXPECT_FALSE(suggest_request(closed, credit(45000_vnd)));

    std::vector<PaymentRequest> const rest{request_in(underpaid, 40000_vnd)};
    EXPECT_TRUE(suggest_request(rest, credit(5000_vnd))) << "the rest of a short-paid request";
}

TEST(Names, ReadBack)
{
    EXPECT_EQ(purpose_named("late_sale"), Purpose::late_sale);
    EXPECT_EQ(credit_reason_named("short_paid"), CreditReason::short_paid);
    EXPECT_FALSE(purpose_named("x"));
    EXPECT_FALSE(credit_reason_named(""));
}

}  // namespace
}  // namespace cho40::qr_pay
