#pragma once
#include "etax/return_document.h"
#include <string>

namespace cho40::tax_gateway {

// The unsigned HSoThueDTu of a return: UTF-8 without BOM, NFC, no white space between tags, an empty CKyDTu. The layout is
// that of the form version in the document. Same document, same bytes.
// Errors: form_version_missing (no layout for that version), invalid_input (a text cannot stand in XML).
[[nodiscard]] Result<std::string> write_filing(etax::ReturnDocument const& document);

}  // namespace cho40::tax_gateway
