#pragma once
#include "adapters/xml/document.h"
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace cho40::tax_gateway {

// What a message is and says, for people and scripts: kind, taxpayer, form, period, version, states, figures. Knows
// filings (HSoThueDTu), notices (TBaoThueDTu), registrations (DKyThueDTu), invoice messages (TDiep) and invoices (HDon).
// Shows what stands there and judges nothing; signatures are only counted.
// Errors: xml_malformed, xml_forbidden, notice_unreadable (an unknown kind, or a notice that cannot be read).
[[nodiscard]] Result<nlohmann::ordered_json> inspect(std::string_view bytes);

// The tax code of whoever a document is about: the taxpayer of a filing, the recipient of a notice. Empty when none.
[[nodiscard]] std::string subject_of(xml::Document const& document);

// Whether a certificate's code (MST:…, CCCD:…) names the taxpayer of the document; spelling of the codes aside.
[[nodiscard]] bool is_same_taxpayer(std::string_view document_code, std::string_view certificate_code);

}  // namespace cho40::tax_gateway
