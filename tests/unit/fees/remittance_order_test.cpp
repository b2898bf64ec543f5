#include "fees/remittance_order.h"
#include <gtest/gtest.h>

namespace cho40::fees {
namespace {

using enum OrderState;

// Bytes that count up from a start: another start, another draw.
struct Counting final : Random {
    explicit Counting(std::uint8_t from) : next(from) {}
    void fill(std::uint8_t* out, std::size_t size) override
    {
        for (std::size_t i = 0; i < size; ++i) out[i] = next += 7;
    }
    std::uint8_t next;
};

RemittanceOrder order(OrderState state = ordered, std::uint8_t seed = 1)
{
    Counting random(seed);
    PlannedOrder plan{"2827", "1139936", "3511.0", {}, Dong(9'341), "chín nghìn ba trăm bốn mươi mốt đồng"};
    RemittanceOrder out(RemittanceCode::draw(random), std::move(plan));
    out.state = state;
    return out;
}

SeenEntry const entry{"FT1", Day::from(2026, 12, 3)};
TreasuryPaper const paper{"GNT-12", "scan 12", Day::from(2026, 12, 4)};

TEST(RemittanceCode, IsNSAndSevenWithACheckCharacter)
{
    Counting random(3);
    for (int i = 0; i < 500; ++i) {
        auto const code = RemittanceCode::draw(random);
        EXPECT_EQ(code.text().size(), RemittanceCode::length);
        auto const parsed = RemittanceCode::parse(code.text());
        ASSERT_TRUE(parsed) << code.text();
        EXPECT_EQ(*parsed, code);
        auto typo = code.text();
        typo[4] = typo[4] == '2' ? '3' : '2';
        EXPECT_FALSE(RemittanceCode::parse(typo)) << typo;
    }
    EXPECT_FALSE(RemittanceCode::parse("CQ2345678"));
    EXPECT_FALSE(RemittanceCode::parse(""));
}

TEST(RemittanceCode, IsFoundInWhatBanksMakeOfAMemo)
{
    auto const code = order().code;
    auto const& t = code.text();
    EXPECT_TRUE(code.is_in("NOP NSNN " + t + " KY 11.2026"));
    EXPECT_TRUE(code.is_in("nộp ngân sách " + t.substr(0, 4) + " " + t.substr(4) + "-FT26337"));
    EXPECT_TRUE(code.is_in("X" + t + "9"));
    EXPECT_FALSE(code.is_in("NOP NSNN " + t.substr(0, 8)));
    EXPECT_FALSE(code.is_in("\xff\xfe"));
}

struct Step {
    char const* what;
    Result<RemittanceOrder> (*make)(RemittanceOrder);
    std::vector<std::pair<OrderState, OrderState>> allowed;
};

class Steps : public testing::TestWithParam<Step> {};

TEST_P(Steps, AreTakenFromTheirStatesOnly)
{
    for (auto const state : {due, ordered, debited, credited, confirmed, returned, dropped}) {
        auto const after = GetParam().make(order(state));
        auto const to = std::ranges::find(GetParam().allowed, state, [](auto const& pair) { return pair.first; });
        if (to == GetParam().allowed.end()) {
            ASSERT_FALSE(after) << GetParam().what << " from " << order_state_name(state);
            EXPECT_EQ(after.error().code, Errc::invalid_state);
        } else {
            ASSERT_TRUE(after) << GetParam().what << " from " << order_state_name(state);
            EXPECT_EQ(after->state, to->second);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Table, Steps,
                         testing::Values(Step{"order",
                                              [](RemittanceOrder o) { return give_order(std::move(o), Instant()); },
                                              {{due, ordered}, {returned, ordered}}},
                                         Step{"drop", drop_order, {{due, dropped}}},
                                         Step{"debit",
                                              [](RemittanceOrder o) { return note_debited(std::move(o), entry); },
                                              {{ordered, debited}, {credited, credited}, {confirmed, confirmed}}},
                                         Step{"credit",
                                              [](RemittanceOrder o) { return note_credited(std::move(o), entry); },
                                              {{ordered, credited}, {debited, credited}, {confirmed, confirmed}}},
                                         Step{"confirm",
                                              [](RemittanceOrder o) { return note_confirmed(std::move(o), paper); },
                                              {{ordered, confirmed}, {debited, confirmed}, {credited, confirmed}}},
                                         Step{"return",
                                              [](RemittanceOrder o) { return note_order_returned(std::move(o), "wrong account"); },
                                              {{ordered, returned}, {debited, returned}, {credited, returned}}}),
                         [](auto const& info) { return std::string(info.param.what); });

TEST(RemittanceOrder, IsOrderedAgainWithTheSameReferenceAndAwaitsBothEntriesAnew)
{
    auto const first = order(due);
    auto again = give_order(*note_order_returned(*note_debited(*give_order(first, Instant()), entry), "wrong account"), Instant());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->code, first.code);
    EXPECT_EQ(again->attempt, 2);
    EXPECT_FALSE(again->debited);
    EXPECT_TRUE(note_debited(*again, entry));
}

TEST(RemittanceOrder, ADebitToldTwiceIsNoSecondDebit)
{
    auto const once = note_debited(order(), entry);
    EXPECT_FALSE(note_debited(*once, entry));
    auto const both = note_debited(*note_credited(order(), entry), entry);
    ASSERT_TRUE(both);
    EXPECT_EQ(both->state, credited);
    EXPECT_FALSE(note_debited(*both, entry));
}

struct Line {
    char const* what;
    StatementOf whose;
    bool out;
    std::int64_t amount;
    OrderState state;
    LineMeaning meaning;
};
class StatementLines : public testing::TestWithParam<Line> {};

TEST_P(StatementLines, MeanWhatTheirDirectionAmountAndOrderSay)
{
    auto const& p = GetParam();
    std::vector const orders = {order(ordered, 90), order(p.state)};
    ASSERT_NE(orders[0].code, orders[1].code);
    StatementLine const line{p.whose, p.out, Dong(p.amount), Day::from(2026, 12, 3), "FT1", "NOP NSNN " + orders[1].code.text()};
    auto const reading = read_statement_line(line, orders);
    EXPECT_EQ(meaning_name(reading.meaning), meaning_name(p.meaning));
    if (p.meaning != LineMeaning::none) EXPECT_EQ(reading.order, 1u);
}

INSTANTIATE_TEST_SUITE_P(Table, StatementLines,
                         testing::Values(Line{"debit", StatementOf::collector, true, 9'341, ordered, LineMeaning::debited},
                                         Line{"credit", StatementOf::treasury, false, 9'341, debited, LineMeaning::credited},
                                         Line{"credit_first", StatementOf::treasury, false, 9'341, ordered, LineMeaning::credited},
                                         Line{"one_dong_less", StatementOf::collector, true, 9'340, ordered, LineMeaning::differs},
                                         Line{"one_dong_more", StatementOf::treasury, false, 9'342, debited, LineMeaning::differs},
                                         Line{"before_approval", StatementOf::collector, true, 9'341, due, LineMeaning::not_awaited},
                                         Line{"dropped", StatementOf::collector, true, 9'341, dropped, LineMeaning::not_awaited},
                                         Line{"after_return", StatementOf::collector, true, 9'341, returned, LineMeaning::not_awaited},
                                         Line{"money_in_at_the_collector", StatementOf::collector, false, 9'341, ordered,
                                              LineMeaning::none},
                                         Line{"money_out_at_the_treasury", StatementOf::treasury, true, 9'341, ordered, LineMeaning::none}),
                         [](auto const& info) { return std::string(info.param.what); });

TEST(StatementLine, WithoutAReferenceMeansNothingWhateverItsAmount)
{
    StatementLine const line{StatementOf::collector, true, Dong(9'341), Day::from(2026, 12, 3), "FT1", "NOP NSNN"};
    EXPECT_EQ(read_statement_line(line, std::vector{order()}).meaning, LineMeaning::none);
}

TEST(StatementLine, ThatNamesTwoOrdersIsNotGuessed)
{
    std::vector const orders = {order(ordered, 90), order()};
    StatementLine const line{StatementOf::collector, true,  Dong(9'341),
                             Day::from(2026, 12, 3), "FT1", orders[0].code.text() + " " + orders[1].code.text()};
    auto const reading = read_statement_line(line, orders);
    EXPECT_EQ(reading.meaning, LineMeaning::ambiguous);
    EXPECT_FALSE(reading.order);
}

TEST(StatementLine, ToldAgainIsRepeated)
{
    std::vector const orders = {*note_credited(*note_debited(order(), entry), entry)};
    StatementLine line{StatementOf::collector, true, Dong(9'341), Day::from(2026, 12, 3), "FT1", orders[0].code.text()};
    EXPECT_EQ(read_statement_line(line, orders).meaning, LineMeaning::repeated);
    line.whose = StatementOf::treasury;
    line.is_money_out = false;
    EXPECT_EQ(read_statement_line(line, orders).meaning, LineMeaning::repeated);
}

}  // namespace
}  // namespace cho40::fees
