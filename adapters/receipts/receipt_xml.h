#pragma once
#include "fees/receipt.h"
#include <string>

namespace cho40::receipts {

// The receipt as it was issued, ready to be signed (BLaiDTu/BLai, a place for signatures beside it). The same receipt gives the
// same bytes, whatever becomes of it.
[[nodiscard]] std::string receipt_xml(fees::Receipt const& receipt);

inline constexpr std::string_view receipt_namespace = "urn:cho40:bien-lai:1";

}  // namespace cho40::receipts
