#pragma once
#include "adapters/api/remittances.h"

// An order to the budget as files. Same order, same bytes.
namespace cho40::api {

// pain.001 for the collector's bank. Errors: invalid_state (not ordered, or the treasury's bank is not known), validation_failed (a name
// that banks do not take).
[[nodiscard]] Result<std::string> remittance_pain001(fees::RegisteredAgency const& agency, fees::Remittance const& remittance,
                                                     fees::RemittanceOrder const& order, fees::Treasuries const& treasuries);

// One row "line" for each line of each order, then "total": how many they are, their sum, and the SHA-256 of all bytes before that row.
[[nodiscard]] std::string remittance_csv(fees::Remittance const& remittance);

// The payment order as form 02 of NĐ 347/2025 has its parts (fees.md §6.3), for people. Error: internal_error.
[[nodiscard]] Result<std::string> remittance_pdf(fees::RegisteredAgency const& agency, fees::Remittance const& remittance,
                                                 fees::RemittanceOrder const& order, fees::Treasuries const& treasuries,
                                                 fees::FeeTables const& tables);

}  // namespace cho40::api
