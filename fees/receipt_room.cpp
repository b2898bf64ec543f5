#include "fees/receipt_room.h"

namespace cho40::fees {

boost::asio::awaitable<Result<std::string>> full_series(ReceiptNumbers& numbers, RegisteredAgency agency, FeeNotice notice, Instant now)
{
    auto const day = Day::of(now);
    for (auto const& plan : plan_receipts(notice, agency.facts)) {
        CHO_CO_TRY(auto symbol, receipt_symbol(day.year(), plan.letters));
        CHO_CO_TRY(auto const last, co_await numbers.last_receipt_number(agency.book, agency.id, ReceiptForm::no_printed_value, symbol));
        CHO_CO_TRY(auto series, ReceiptSeries::make(agency.facts.code, ReceiptForm::no_printed_value, symbol, last));
        auto const taken = series.take(day);
        if (!taken && taken.error().code == Errc::series_exhausted) co_return symbol;
    }
    co_return std::string();
}

boost::asio::awaitable<Result<Done>> require_room(ReceiptNumbers& numbers, RegisteredAgency agency, FeeNotice notice, Instant now)
{
    CHO_CO_TRY(auto const symbol, co_await full_series(numbers, std::move(agency), std::move(notice), now));
    if (symbol.empty()) co_return Done{};
    co_return fail(Error(Errc::series_exhausted, "receipt series " + symbol +
                                                     " has no number left, so nothing can be collected for this notice. No money was "
                                                     "taken. The agency must open a series with other letters, then try again.")
                       .vi("Ký hiệu biên lai " + symbol +
                           " đã hết số nên chưa thu được khoản này. Chưa có tiền nào bị trừ. Cơ quan thu cần mở ký hiệu "
                           "biên lai mới rồi thử lại."));
}

boost::asio::awaitable<Result<Done>> require_room_for_money(ReceiptNumbers& numbers, RegisteredAgency agency, FeeNotice notice, Instant now)
{
    CHO_CO_TRY(auto const symbol, co_await full_series(numbers, std::move(agency), std::move(notice), now));
    if (symbol.empty()) co_return Done{};
    co_return fail(Error(Errc::series_exhausted,
                         "receipt series " + symbol +
                             " has no number left. The money is on the agency's account; the bank's message is "
                             "kept and nothing is booked until it tells again. The agency must open a series with other letters.")
                       .vi("Ký hiệu biên lai " + symbol +
                           " đã hết số. Tiền đã vào tài khoản của cơ quan thu; tin báo của ngân hàng đã được lưu, chưa ghi sổ "
                           "cho đến khi ngân hàng báo lại. Cơ quan thu cần mở ký hiệu biên lai mới."));
}

}  // namespace cho40::fees
