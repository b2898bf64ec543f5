#pragma once
#include "etax/return_document.h"
#include <string>
#include <string_view>

namespace cho40::tax_gateway {

// Reads a filing as `cho40 etax build` takes it; README.md of this folder shows the members. Strict: unknown members
// are refused. Errors: invalid_json, invalid_utf8, invalid_input, unknown_field, invalid_date, invalid_period,
// amount_overflow, each with the JSON Pointer.
[[nodiscard]] Result<etax::ReturnInput> read_filing(std::string_view json_text);

// The same members back: read_filing(filing_text(input)) is the input (known_on excepted, which no filing has).
[[nodiscard]] std::string filing_text(etax::ReturnInput const& input);

}  // namespace cho40::tax_gateway
