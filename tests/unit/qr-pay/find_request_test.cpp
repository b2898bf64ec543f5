#include "qr-pay/find_request.h"
#include <gtest/gtest.h>

namespace cho40::qr_pay {
namespace {

using namespace literals;
using namespace std::chrono_literals;

Instant const made{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 3h};

StoredRequest request(std::string_view code, Dong amount = 45000_vnd, PaymentState state = PaymentState::waiting)
{
    StoredRequest stored(PaymentRequest(Id<PaymentRequest>(make_derived_uuid({code})), *OrderCode::parse(code), amount, made, made + 15min),
                         ledger::BookId{1});
    stored.request.state = state;
    return stored;
}

struct Case {
    char const* name;
    std::string memo;
    std::string virtual_account, order_code;
    MatchRule rule;
    std::string_view request;    // the code of it; "" for none
    std::string_view suggested;
    MemoSpan characters;
    CreditReason why_none = CreditReason::nameless;
};

// The account has two open requests, CQ7K2M4X7 for 45 000 đ and CQHN8R3TA for 20 000 đ, and a paid one, CQ222222S. The virtual
// account VA77 was given out for the second. 45 000 đ arrive.
Case const cases[] = {
    {"code", "tien ca cq7k2m4x7 sap 12", "", "", MatchRule::code, "CQ7K2M4X7", "", {8, 9}},
    {"code_broken_once", "CQ7K2 M4X7", "", "", MatchRule::code, "CQ7K2M4X7", "", {0, 10}},
    {"code_behind_accents", "Trả tiền CQ7K2M4X7", "", "", MatchRule::code, "CQ7K2M4X7", "", {9, 9}},
    {"code_behind_decomposed_accents", "ca\xCC\x81 CQ7K2M4X7", "", "", MatchRule::code, "CQ7K2M4X7", "", {4, 9}},
    {"code_of_another_amount", "CQHN8R3TA", "", "", MatchRule::code, "CQHN8R3TA", "", {0, 9}},
    {"code_of_a_paid_one", "CQ222222S", "", "", MatchRule::code, "CQ222222S", "", {0, 9}},
    {"virtual_account_survives_any_memo", "x", "VA77", "", MatchRule::virtual_account, "CQHN8R3TA", "", {}},
    {"virtual_account_before_code", "CQ7K2M4X7", "VA77", "", MatchRule::virtual_account, "CQHN8R3TA", "", {}},
    {"virtual_account_of_nobody", "CQ7K2M4X7", "VA78", "", MatchRule::code, "CQ7K2M4X7", "", {0, 9}},
    {"echo_of_the_provider", "x", "", "CQHN8R3TA", MatchRule::provider_order, "CQHN8R3TA", "", {}},
    {"echo_before_code", "CQ7K2M4X7", "", "CQHN8R3TA", MatchRule::provider_order, "CQHN8R3TA", "", {}},
    {"echo_of_nobody", "CQ7K2M4X7", "", "CQ333333D", MatchRule::code, "CQ7K2M4X7", "", {0, 9}},
    {"two_codes", "CQ7K2M4X7 CQHN8R3TA", "", "", MatchRule::several_codes, "", "", {0, 9}, CreditReason::ambiguous},
    {"nearly", "CQHN 8R 3TA", "", "", MatchRule::code_nearly, "", "CQHN8R3TA", {0, 11}, CreditReason::suggested},
    {"nearly_before_amount", "CQHN8R3T", "", "", MatchRule::code_nearly, "", "CQHN8R3TA", {0, 8}, CreditReason::suggested},
    {"nearly_a_paid_one", "CQ22 22 22S", "", "", MatchRule::amount_and_time, "", "CQ7K2M4X7", {}, CreditReason::suggested},
    {"amount_and_time", "chuyen tien", "", "", MatchRule::amount_and_time, "", "CQ7K2M4X7", {}, CreditReason::suggested},
    {"only_in_the_name_part",
     "x.CT tu 0011004123456 CQHN8R3TA toi 1017595600 B",
     "",
     "",
     MatchRule::amount_and_time,
     "",
     "CQ7K2M4X7",
     {},
     CreditReason::suggested},
};

class FindRequest : public testing::TestWithParam<Case> {};

TEST_P(FindRequest, FirstRuleThatSpeaksDecides)
{
    auto const& c = GetParam();
    BankCredit credit("payos", "p1", "0123456789", Direction::in, 45000_vnd, made + 1min);
    credit.memo = c.memo;
    credit.virtual_account = c.virtual_account;
    credit.order_code = c.order_code;
    CreditFacts facts;
    facts.requests = {request("CQ7K2M4X7"), request("CQHN8R3TA", 20000_vnd), request("CQ222222S", 45000_vnd, PaymentState::paid)};
    facts.requests[1].virtual_account = "VA77";
    facts.open = {facts.requests[0].request};

    auto const found = find_request(credit, facts);
    EXPECT_EQ(name_of(found.match.rule), name_of(c.rule));
    EXPECT_EQ(found.request ? found.request->request.code.text() : "", c.request);
    auto const suggested = c.suggested.empty() ? std::nullopt : std::optional(request(c.suggested).request.id);
    EXPECT_EQ(found.suggested, suggested);
    EXPECT_EQ(found.match.characters, c.characters);
    EXPECT_EQ(found.match.version, match_rules_version);
    EXPECT_EQ(found.why_none, c.why_none);
}

INSTANTIATE_TEST_SUITE_P(Rows, FindRequest, testing::ValuesIn(cases), [](auto const& i) { return std::string(i.param.name); });

TEST(FindRequest, SaysThatNoRuleSpoke)
{
    BankCredit credit("payos", "p1", "0123456789", Direction::in, 45000_vnd, made);
    credit.memo = "CQ7K2M4X8";
    auto const found = find_request(credit, {});
    EXPECT_EQ(found.match.rule, MatchRule::nothing);
    EXPECT_FALSE(found.request || found.suggested);
    EXPECT_EQ(found.why_none, CreditReason::nameless);
}

TEST(MatchRule, NamesAreTheirOwn)
{
    for (int i = 1; i <= 8; ++i) {
        auto const rule = static_cast<MatchRule>(i);
        EXPECT_EQ(match_rule_named(name_of(rule)), rule);
    }
    EXPECT_FALSE(match_rule_named("guess"));
}

}  // namespace
}  // namespace cho40::qr_pay
