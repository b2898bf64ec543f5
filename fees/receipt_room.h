#pragma once
#include "fees/ports.h"

namespace cho40::fees {

// A receipt is issued in the moment the money is booked, so a series without a number left stops both. Whoever asks for
// money looks first; money that was on its way meets the same answer and is told again by its bank.

// The symbol of a series that a receipt of this notice would need today and that has no number left; "" when there is none.
[[nodiscard]] boost::asio::awaitable<Result<std::string>> full_series(ReceiptNumbers& numbers, RegisteredAgency agency, FeeNotice notice,
                                                                      Instant now);

// Before money is asked for. Error: series_exhausted.
[[nodiscard]] boost::asio::awaitable<Result<Done>> require_room(ReceiptNumbers& numbers, RegisteredAgency agency, FeeNotice notice,
                                                                Instant now);

// For money that has come. Error: series_exhausted.
[[nodiscard]] boost::asio::awaitable<Result<Done>> require_room_for_money(ReceiptNumbers& numbers, RegisteredAgency agency,
                                                                          FeeNotice notice, Instant now);

}  // namespace cho40::fees
