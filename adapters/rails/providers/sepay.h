#pragma once
#include "adapters/rails/rail.h"

namespace cho40::rails::sepay {

// SePay (https://docs.sepay.vn): one JSON object for each transfer in and out of a bank account. What proves it is chosen
// for each webhook at SePay, and for each rail account by the form of its secret:
//
//   hmac:SECRET    X-SePay-Signature: sha256=<hex> over X-SePay-Timestamp + "." + the raw body. The one to choose.
//   apikey:KEY     Authorization: Apikey KEY
//   bearer:TOKEN   Authorization: Bearer TOKEN
//
// SePay also offers none; there is no form for it, and an account without proof cannot be registered. One mode does not
// stand in for another: a message with a good key is refused where a signature is agreed.
//
// SePay is content with 200 or 201 and {"success":true} within 30 seconds. Anything else it sends again, seven times in
// 33 minutes, with a new timestamp and signature; it knows no answer that means "never again".
//
// Its list call is the one of API v1 (GET /userapi/transactions/list, Authorization: Bearer TOKEN): the newer one numbers transfers
// otherwise than the notifications do. Three calls a second are allowed.
[[nodiscard]] Rail const& rail();

[[nodiscard]] std::string signature(std::string_view timestamp, std::string_view body, std::string_view key);

// The provider's side: the notification that tells of `credit`. Pre: provider_id is a whole number, as SePay's are.
[[nodiscard]] RawNotification notification(qr_pay::BankCredit const& credit, RailSecret const& secret, Instant sent_at);

}  // namespace cho40::rails::sepay
