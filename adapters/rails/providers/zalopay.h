#pragma once
#include "adapters/rails/rail.h"

namespace cho40::rails::zalopay {

// ZaloPay's callback (https://docs.zalopay.vn): {"data": "<JSON as a text>", "mac": "…", "type": 1}. The mac is HMAC-SHA256
// with key2 over the text of `data` exactly as it stands after the outer JSON was read once; what is inside is read only
// then. It tells of one payment to a merchant account (app_id) for an order of ours (app_trans_id); ZaloPay calls only for
// payments that succeeded, and type 2 tells of an agreement, which moves no money. The secret is key2.
//
// The answer is always 200 with a return_code: 1 taken, 2 told before, 0 please call again (at most three times), -1 the mac
// is wrong; -1 is also said to what can never be read, because it makes ZaloPay stop. server_time is when the payment was
// made, the same in each call; there is no time of signing, so a late repeat is heard.
[[nodiscard]] Rail const& rail();

// The provider's side: the notification that tells of a payment of `credit`. Pre: account_number (app_id) and provider_id
// (zp_trans_id) are whole numbers.
[[nodiscard]] RawNotification notification(qr_pay::BankCredit const& credit, RailSecret const& secret, Instant sent_at);
// `data` as it is, signed.
[[nodiscard]] std::string signed_body(std::string const& data, RailSecret const& secret);

}  // namespace cho40::rails::zalopay
