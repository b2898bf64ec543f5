#pragma once
#include "etax/rates.h"
#include <string_view>

namespace cho40::tax_gateway {

// Reads a rate file (schema cho40.tax-rates/1). Errors: invalid_json, invalid_utf8, invalid_config with the JSON
// Pointer of the member or the id of the row.
[[nodiscard]] Result<etax::RateBook> read_rates(std::string_view json_text);

// The rate file of this build; it is checked by the tests, so it is always there.
[[nodiscard]] etax::RateBook const& embedded_rates();

}  // namespace cho40::tax_gateway
