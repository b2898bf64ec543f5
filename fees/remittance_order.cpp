#include "fees/remittance_order.h"

namespace cho40::fees {
namespace {

std::string_view state_vi(OrderState state)
{
    switch (state) {
    case OrderState::due: return "chờ duyệt";
    case OrderState::ordered: return "đã lập lệnh";
    case OrderState::debited: return "ngân hàng đã trích";
    case OrderState::credited: return "Kho bạc đã nhận";
    case OrderState::confirmed: return "đã xác nhận";
    case OrderState::returned: return "bị trả lại";
    case OrderState::dropped: return "đã bỏ";
    }
    return "";
}

Result<RemittanceOrder> step(RemittanceOrder order, std::initializer_list<OrderState> from, OrderState to)
{
    for (auto const state : from) {
        if (order.state != state) continue;
        order.state = to;
        return order;
    }
    return fail(Error(Errc::invalid_state, "order " + order.code.text() + " is " + std::string(order_state_name(order.state)) +
                                               ": it cannot become " + std::string(order_state_name(to)))
                    .vi("Lệnh nộp " + order.code.text() + " đang ở trạng thái " + std::string(state_vi(order.state)) +
                        ", không làm được việc này."));
}

LineMeaning meaning_for(StatementLine const& line, RemittanceOrder const& order)
{
    using enum OrderState;
    if (line.amount != order.plan.total) return LineMeaning::differs;
    if (order.state == due || order.state == dropped || order.state == returned) return LineMeaning::not_awaited;
    if (line.whose == StatementOf::collector) return order.debited ? LineMeaning::repeated : LineMeaning::debited;
    return order.credited ? LineMeaning::repeated : LineMeaning::credited;
}

}  // namespace

std::string_view order_state_name(OrderState state)
{
    switch (state) {
    case OrderState::due: return "due";
    case OrderState::ordered: return "ordered";
    case OrderState::debited: return "debited";
    case OrderState::credited: return "credited";
    case OrderState::confirmed: return "confirmed";
    case OrderState::returned: return "returned";
    case OrderState::dropped: return "dropped";
    }
    return "unknown";
}

std::string_view meaning_name(LineMeaning meaning)
{
    switch (meaning) {
    case LineMeaning::none: return "none";
    case LineMeaning::debited: return "debited";
    case LineMeaning::credited: return "credited";
    case LineMeaning::repeated: return "repeated";
    case LineMeaning::differs: return "differs";
    case LineMeaning::ambiguous: return "ambiguous";
    case LineMeaning::not_awaited: return "not_awaited";
    }
    return "unknown";
}

Result<RemittanceOrder> give_order(RemittanceOrder order, Instant at)
{
    CHO_TRY(auto after, step(std::move(order), {OrderState::due, OrderState::returned}, OrderState::ordered));
    ++after.attempt;
    after.ordered_at = at;
    after.debited.reset();
    after.credited.reset();
    return after;
}

Result<RemittanceOrder> drop_order(RemittanceOrder order) { return step(std::move(order), {OrderState::due}, OrderState::dropped); }

// The collector's own statement may come after the treasury's: what is known of the debit is then added, and the state stays.
Result<RemittanceOrder> note_debited(RemittanceOrder order, SeenEntry entry)
{
    using enum OrderState;
    auto const to = order.state == ordered ? debited : order.state;
    if (order.debited) return step(std::move(order), {}, debited);
    CHO_TRY(auto after, step(std::move(order), {ordered, credited, confirmed}, to));
    after.debited = std::move(entry);
    return after;
}

Result<RemittanceOrder> note_credited(RemittanceOrder order, SeenEntry entry)
{
    using enum OrderState;
    auto const to = order.state == confirmed ? confirmed : credited;
    if (order.credited) return step(std::move(order), {}, credited);
    CHO_TRY(auto after, step(std::move(order), {ordered, debited, confirmed}, to));
    after.credited = std::move(entry);
    return after;
}

Result<RemittanceOrder> note_confirmed(RemittanceOrder order, TreasuryPaper paper)
{
    using enum OrderState;
    CHO_TRY(auto after, step(std::move(order), {ordered, debited, credited}, confirmed));
    after.confirmed = std::move(paper);
    return after;
}

Result<RemittanceOrder> note_order_returned(RemittanceOrder order, std::string why)
{
    using enum OrderState;
    CHO_TRY(auto after, step(std::move(order), {ordered, debited, credited}, returned));
    after.returned_why = std::move(why);
    return after;
}

LineReading read_statement_line(StatementLine const& line, std::span<RemittanceOrder const> orders)
{
    // Money leaves the collector and comes to the treasury; the other directions are refunds and returns.
    if (line.is_money_out != (line.whose == StatementOf::collector)) return {};
    std::optional<std::size_t> named;
    for (std::size_t i = 0; i < orders.size(); ++i) {
        if (!orders[i].code.is_in(line.narrative) && !orders[i].code.is_in(line.reference)) continue;
        if (named) return {LineMeaning::ambiguous, std::nullopt};
        named = i;
    }
    if (!named) return {};
    return {meaning_for(line, orders[*named]), named};
}

}  // namespace cho40::fees
