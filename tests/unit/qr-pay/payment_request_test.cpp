#include "qr-pay/payment_request.h"
#include <gtest/gtest.h>

namespace cho40::qr_pay {
namespace {

using namespace literals;
using namespace std::chrono_literals;

Instant const created{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 3h};

constexpr PaymentState all_states[] = {PaymentState::created,   PaymentState::waiting,  PaymentState::underpaid, PaymentState::in_doubt,
                                       PaymentState::paid,      PaymentState::overpaid, PaymentState::paid_late, PaymentState::expired,
                                       PaymentState::cancelled, PaymentState::failed};

PaymentRequest request_in(PaymentState state)
{
    PaymentRequest request(Id<PaymentRequest>(), *OrderCode::parse("CQ7K2M4X7"), 45000_vnd, created, created + 15min);
    request.state = state;
    if (state == PaymentState::underpaid) request.received = 40000_vnd;
    return request;
}

TEST(PaymentState, NamesAreTheContractAndReadBack)
{
    EXPECT_EQ(name_of(PaymentState::paid_late), "paid_late");
    for (auto state : all_states) EXPECT_EQ(payment_state_named(name_of(state)), state);
    EXPECT_EQ(payment_state_named("PAID"), std::nullopt);
}

struct Event {
    char const* name;
    Result<PaymentRequest> (*apply)(PaymentRequest);
    std::set<PaymentState> from;
    PaymentState to;
};

Event const events[] = {
    {"show", show, {PaymentState::created}, PaymentState::waiting},
    {"expire",
     [](PaymentRequest r) { return expire(std::move(r), created + 15min); },
     {PaymentState::created, PaymentState::waiting},
     PaymentState::expired},
    {"expire_too_early", [](PaymentRequest r) { return expire(std::move(r), created + 15min - 1us); }, {}, PaymentState::expired},
    {"cancel", cancel, {PaymentState::created, PaymentState::waiting}, PaymentState::cancelled},
    {"waive_shortage", waive_shortage, {PaymentState::underpaid}, PaymentState::paid},
    {"doubt", doubt, {PaymentState::created, PaymentState::waiting}, PaymentState::in_doubt},
    {"undoubt", undoubt, {PaymentState::in_doubt}, PaymentState::waiting},
    {"fail_for_good", fail_for_good, {PaymentState::in_doubt}, PaymentState::failed},
    {"give_back",
     [](PaymentRequest r) -> Result<PaymentRequest> {
         CHO_TRY(auto g, give_back(std::move(r)));
         return g.request;
     },
     {PaymentState::underpaid},
     PaymentState::cancelled},
};

class PaymentEvent : public testing::TestWithParam<Event> {};

TEST_P(PaymentEvent, MovesOnlyFromItsOwnStates)
{
    for (auto state : all_states) {
        auto const after = GetParam().apply(request_in(state));
        ASSERT_EQ(after.has_value(), GetParam().from.contains(state)) << name_of(state);
        if (!after) {
            EXPECT_EQ(after.error().code, Errc::invalid_state);
            continue;
        }
        EXPECT_EQ(after->state, GetParam().to);
        EXPECT_EQ(after->version, 2);
    }
}

INSTANTIATE_TEST_SUITE_P(Rows, PaymentEvent, testing::ValuesIn(events), [](auto const& i) { return std::string(i.param.name); });

TEST(WaiveShortage, IsPaidWithWhatCame)
{
    auto const paid = waive_shortage(request_in(PaymentState::underpaid));
    ASSERT_TRUE(paid);
    EXPECT_EQ(paid->received, 40000_vnd);
    EXPECT_EQ(paid->waived, 5000_vnd);
    EXPECT_EQ(paid->remaining(), 0_vnd);
}

TEST(GiveBack, OwesThePayerWhatCame)
{
    auto const given = give_back(request_in(PaymentState::underpaid));
    ASSERT_TRUE(given);
    EXPECT_EQ(given->refund_due, 40000_vnd);
    EXPECT_EQ(given->request.received, 0_vnd);
}

}  // namespace
}  // namespace cho40::qr_pay
