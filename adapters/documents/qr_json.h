#pragma once
#include "qr-pay/emvco.h"
#include <nlohmann/json_fwd.hpp>

namespace cho40::documents {

// A decoded payload as `cho40 qr decode` prints it: {"valid":true,"decoded":{…}} or
// {"valid":false,"decoded":{"error":"…","crc_ok":…}}. Members that the payload does not have are left out.
[[nodiscard]] nlohmann::ordered_json qr_json(tl::expected<qr_pay::DecodedQr, qr_pay::QrRefusal> const& reading);

}  // namespace cho40::documents
