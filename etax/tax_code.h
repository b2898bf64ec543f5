#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace cho40::etax {

// What a tax code (mã số thuế) names. Thông tư 86/2024/TT-BTC, Điều 5 and Điều 38 khoản 2.
enum class TaxCodeKind {
    ten,          // organisation, or an individual without a personal number: 10 digits with a check digit
    thirteen,     // dependent unit: 10 digits, a dash, 001-999
    personal_id,  // individual, household, household business from 01/07/2025: 12 digits, no check digit
};

// Why a text is no tax code. When several hold, the first in this order is reported.
enum class TaxCodeFault {
    empty,
    non_digit,
    length,
    sequence_zero,   // digits 3-9 are all zero
    branch_zero,     // dependent unit 000
    no_check_digit,  // the weighted sum is divisible by 11: no tenth digit fits these nine
    checksum,
};

struct TaxCodeCheck {
    bool valid = false;
    TaxCodeKind kind = TaxCodeKind::ten;        // meaningful when valid
    TaxCodeFault fault = TaxCodeFault::empty;   // meaningful when not valid
    std::string canonical;                      // NNNNNNNNNN, NNNNNNNNNN-NNN or NNNNNNNNNNNN; empty when not valid
    std::vector<std::string> warnings;          // accepted but unusual, e.g. UNKNOWN_BIRTH_REGISTRATION_PROVINCE
};

// Reads a tax code as people write it: ASCII space, TAB, NO-BREAK SPACE, dot and dash are ignored wherever they stand;
// only ASCII digits may remain (full-width digits are refused). Never fails on any bytes.
[[nodiscard]] TaxCodeCheck check_tax_code(std::string_view text);

// Stable names as in the published vectors: TEN, THIRTEEN, PERSONAL_ID; EMPTY, NON_DIGIT, LENGTH, ...
[[nodiscard]] std::string_view name_of(TaxCodeKind kind);
[[nodiscard]] std::string_view name_of(TaxCodeFault fault);

// One sentence for people.
[[nodiscard]] std::string explain(TaxCodeCheck const& check);

}  // namespace cho40::etax
