#pragma once
#include "adapters/api/remittances.h"

// An order to the budget as files.
namespace cho40::api {

// pain.001 for the collector's bank; the same order gives the same bytes. Errors: invalid_state (not ordered, or the treasury's bank is not known), validation_failed (a name
// that banks do not take).
[[nodiscard]] Result<std::string> remittance_pain001(fees::RegisteredAgency const& agency, fees::Remittance const& remittance,
                                                     fees::RemittanceOrder const& order, fees::Treasuries const& treasuries);

// One row "line" for each line of each order, then "total": how many they are, their sum, and the SHA-256 of all bytes before that row,
// which names the sheet wherever it is shown. What was planned never changes, and so the sheet does not.
struct RemittanceSheet {
    std::string csv;
    std::string sha256;  // hex
};
[[nodiscard]] RemittanceSheet remittance_sheet(fees::Remittance const& remittance);

// The payment order as form 02 of NĐ 347/2025 has its parts (fees.md §6.3), for people. Error: internal_error.
struct RemittancePrint {
    std::string by;
    Instant at;
};
[[nodiscard]] Result<std::string> remittance_pdf(fees::RegisteredAgency const& agency, fees::Remittance const& remittance,
                                                 fees::RemittanceOrder const& order, fees::Treasuries const& treasuries,
                                                 fees::FeeTables const& tables, RemittancePrint const& print);

}  // namespace cho40::api
