#pragma once
#include "fees/assess.h"

namespace cho40::fees {

// The sentences a payer and an auditor read: amount, act, relief, what was not used and why.
[[nodiscard]] std::string explain_vi(FeeTables const& tables, Assessment const& assessment);
[[nodiscard]] std::string explain_en(FeeTables const& tables, Assessment const& assessment);

// The act without our remarks about how it was read, and with its English joining words in Vietnamese:
// "TT 25/2021 then TT 28/2026 (…)" -> "TT 25/2021, TT 28/2026".
[[nodiscard]] std::string legal_basis_vi(std::string_view legal_basis);
[[nodiscard]] std::string legal_basis_en(std::string_view legal_basis);

// "còn 50% theo TT 64/2025/TT-BTC (đến 31/12/2026)" / "50% under Circular 64/2025/TT-BTC (until 31/12/2026)".
[[nodiscard]] std::string relief_text_vi(FeeTables const& tables, Relief const& relief);
[[nodiscard]] std::string relief_text_en(FeeTables const& tables, Relief const& relief);

}  // namespace cho40::fees
