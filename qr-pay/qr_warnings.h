#pragma once
#include "qr-pay/emvco.h"

namespace cho40::qr_pay {

// What deviates from EMV or NAPAS in a payload that is accepted all the same, appended to `qr.issues`.
// `organisations` are the contents of sub 01 of each VietQR account, in the order of qr.merchant_accounts.
void add_warnings(DecodedQr& qr, std::vector<SubObjects> const& organisations);

}  // namespace cho40::qr_pay
