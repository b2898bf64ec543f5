#pragma once
#include "adapters/rails/rail.h"
#include <nlohmann/json_fwd.hpp>

namespace cho40::rails::momo {

// MoMo's IPN (https://developers.momo.vn): JSON that tells of one payment to a merchant account (partnerCode) for an order
// of ours (orderId), signed by HMAC-SHA256. The access key is part of what is signed and not of what is sent; the secret of
// the rail account is "accessKey:secretKey".
//
// Money moved only where resultCode is 0; 9000 is a hold that may still be given back. MoMo is content with 204 and an empty
// body within 15 seconds and calls again otherwise, how often is not published. responseTime is when the payment was
// answered, the same in each call; there is no time of signing, so a late repeat is heard.
[[nodiscard]] Rail const& rail();

// What is signed: these members in the order of their names, raw. Errors: required, wrong_type.
[[nodiscard]] Result<std::string> canonical(nlohmann::json const& body, std::string_view access_key);

// The provider's side: the notification that tells of a payment of `credit`; a `result_code` other than 0 is one that
// failed. Pre: provider_id is a whole number, as MoMo's transId is; the secret has both keys.
[[nodiscard]] RawNotification notification(qr_pay::BankCredit const& credit, RailSecret const& secret, Instant sent_at,
                                           int result_code = 0);

}  // namespace cho40::rails::momo
