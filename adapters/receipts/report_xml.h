#pragma once
#include "fees/receipt_report.h"
#include <string>

namespace cho40::receipts {

// The summary 01/TH-BLĐT, ready to be signed (THBLDTu/THBLai, a place for signatures beside it). The same report gives the same
// bytes.
[[nodiscard]] std::string report_xml(fees::ReceiptReport const& report);

inline constexpr std::string_view report_namespace = "urn:cho40:01-th-bldt:1";

}  // namespace cho40::receipts
