#pragma once
#include "qr-pay/refund.h"

namespace cho40::stores {

// What a refund is taken from, as it is stored. Reading what we did not write is a mistake of ours and throws nlohmann's
// exceptions.
[[nodiscard]] std::string parts_json(std::vector<qr_pay::RefundPart> const& parts);
[[nodiscard]] std::vector<qr_pay::RefundPart> read_parts(std::string_view text);

}  // namespace cho40::stores
