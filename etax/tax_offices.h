#pragma once
#include "base/time.h"
#include "etax/return_document.h"
#include <string_view>

namespace cho40::etax {

struct Province {
    std::string_view code = "22";  // Quyết định 19/2025/QĐ-TTg
    std::string_view name = "Quảng Ninh";
};

// The office a household's return goes to, by the ward of its address (data/tax-offices.csv; ward `*` is the rest of the
// province). The codes of the two-level organisation are not published: until they are, the table names the provincial
// office alone, and a ward's own row goes before `*`. Error: invalid_config when no row governs that day.
[[nodiscard]] Result<Office> tax_office_of(std::string_view ward_code, Day day);

}  // namespace cho40::etax
