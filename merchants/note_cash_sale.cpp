#include "merchants/note_cash_sale.h"
#include "base/text.h"

namespace cho40::merchants {

boost::asio::awaitable<Result<CashSale>> NoteCashSale::operator()(StallWithAccount stall, CashSale facts, ledger::Extra<CashSale> extra)
{
    auto const now = clock_.now();
    auto const today = Day::of(now);
    constexpr int days_back_max = 731;
    if (!facts.amount.is_positive()) co_return fail(Errc::amount_not_positive, "note at least 1 đồng", "/amount/amount");
    if (facts.amount > qr_pay::amount_max) co_return fail(Errc::limit_exceeded, "the amount is too large", "/amount/amount");
    if (facts.sold_on > today) co_return fail(Errc::invalid_date, "the day lies in the future", "/sold_on");
    if (today.days_since(facts.sold_on) > days_back_max)
        co_return fail(Errc::invalid_date, "the day lies more than two years back", "/sold_on");
    if (count_code_points(facts.note) > 140) co_return fail(Errc::text_too_long, "a note has at most 140 characters", "/note");

    auto made = std::move(facts);
    made.book = stall.stall.book;
    made.stall = stall.stall.id;
    made.id = make_id<CashSale>(now, random_);
    made.noted_at = now;
    // A sale of an earlier day counts at that day's noon; today's counts now.
    auto const event_at = made.sold_on == today ? now : made.sold_on.begin() + std::chrono::hours(12);

    ledger::Command command(made.book);
    using enum ledger::AccountKind;
    command.transfers.emplace_back(
        Id<ledger::Transfer>(make_following_uuid(made.id.uuid, "cash_sale")), ledger::account_number(stall.stall.ordinal, cash),
        ledger::account_number(stall.stall.ordinal, cash_sales), made.amount, ledger::TransferCode::cash_sale, std::string(), event_at);
    command.rows.push_back(std::make_shared<NewCashSale>(made));
    ledger::Event event;
    event.id = make_uuid7(now, random_);
    event.stream = made.stall.uuid;
    event.type = "cash_sale.noted";
    event.resource = made.id.uuid;
    event.attributes = {{"amount", made.amount.count()}, {"sold_on", made.sold_on.to_string()}};
    command.events.push_back(std::move(event));
    extra.add_to(command, made);
    CHO_CO_TRY_DO(co_await ledger_.submit(std::move(command)));
    co_return made;
}

}  // namespace cho40::merchants
