#include "etax/tax_code.h"
#include <algorithm>
#include <array>
#include <optional>

namespace cho40::etax {
namespace {

// Separators are dropped; nothing when anything but ASCII digits is left.
std::optional<std::string> digits_of(std::string_view text)
{
    std::string digits;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        if (c >= '0' && c <= '9') {
            digits += c;
        } else if (text.substr(i, 2) == "\xC2\xA0") {
            ++i;
        } else if (c != ' ' && c != '\t' && c != '.' && c != '-') {
            return std::nullopt;
        }
    }
    return digits;
}

// 0-9, or nothing when no tenth digit exists.
std::optional<int> check_digit(std::string_view nine)
{
    static constexpr std::array weights = {31, 29, 23, 19, 17, 13, 7, 5, 3};
    int sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * (nine[i] - '0');
    int const digit = 10 - sum % 11;
    if (digit == 10) return std::nullopt;
    return digit;
}

// Provinces of birth registration in personal numbers: 001-096, of which these were given out (Thông tư 59/2021/TT-BCA,
// Phụ lục I). A number outside the list is accepted with a warning: the list is a plausibility hint only.
bool is_birth_province(int code)
{
    static constexpr std::array known = {1,  2,  4,  6,  8,  10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33,
                                         34, 35, 36, 37, 38, 40, 42, 44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66,
                                         67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96};
    return std::ranges::binary_search(known, code);
}

TaxCodeCheck refused(TaxCodeFault fault)
{
    TaxCodeCheck check;
    check.fault = fault;
    return check;
}

TaxCodeCheck accepted(TaxCodeKind kind, std::string canonical)
{
    TaxCodeCheck check;
    check.valid = true;
    check.kind = kind;
    check.canonical = std::move(canonical);
    return check;
}

TaxCodeCheck personal(std::string digits)
{
    auto check = accepted(TaxCodeKind::personal_id, std::move(digits));
    auto const& d = check.canonical;
    if (!is_birth_province((d[0] - '0') * 100 + (d[1] - '0') * 10 + (d[2] - '0'))) {
        check.warnings.emplace_back("UNKNOWN_BIRTH_REGISTRATION_PROVINCE");
    }
    // 0/1: born 1900-1999, 2/3: 2000-2099. Nobody alive has another.
    if (d[3] > '3') check.warnings.emplace_back("CENTURY_DIGIT_UNUSUAL");
    return check;
}

}  // namespace

TaxCodeCheck check_tax_code(std::string_view text)
{
    auto digits = digits_of(text);
    if (!digits) return refused(TaxCodeFault::non_digit);
    if (digits->empty()) return refused(TaxCodeFault::empty);
    if (digits->size() == 12) return personal(*std::move(digits));
    if (digits->size() != 10 && digits->size() != 13) return refused(TaxCodeFault::length);

    std::string_view const d = *digits;
    if (d.substr(2, 7) == "0000000") return refused(TaxCodeFault::sequence_zero);
    if (d.size() == 13 && d.substr(10) == "000") return refused(TaxCodeFault::branch_zero);
    auto const expected = check_digit(d.substr(0, 9));
    if (!expected) return refused(TaxCodeFault::no_check_digit);
    if (*expected != d[9] - '0') return refused(TaxCodeFault::checksum);

    if (d.size() == 10) return accepted(TaxCodeKind::ten, std::string(d));
    return accepted(TaxCodeKind::thirteen, std::string(d.substr(0, 10)) + "-" + std::string(d.substr(10)));
}

std::string_view name_of(TaxCodeKind kind)
{
    switch (kind) {
    case TaxCodeKind::ten: return "TEN";
    case TaxCodeKind::thirteen: return "THIRTEEN";
    case TaxCodeKind::personal_id: return "PERSONAL_ID";
    }
    return "";
}

std::string_view name_of(TaxCodeFault fault)
{
    switch (fault) {
    case TaxCodeFault::empty: return "EMPTY";
    case TaxCodeFault::non_digit: return "NON_DIGIT";
    case TaxCodeFault::length: return "LENGTH";
    case TaxCodeFault::sequence_zero: return "SEQUENCE_ZERO";
    case TaxCodeFault::branch_zero: return "BRANCH_ZERO";
    case TaxCodeFault::no_check_digit: return "NO_CHECK_DIGIT";
    case TaxCodeFault::checksum: return "CHECKSUM";
    }
    return "";
}

std::string explain(TaxCodeCheck const& check)
{
    if (check.valid) {
        switch (check.kind) {
        case TaxCodeKind::ten: return "10 digits and the check digit fits";
        case TaxCodeKind::thirteen: return "dependent unit of a 10-digit code whose check digit fits";
        case TaxCodeKind::personal_id: return "12-digit personal identification number; it has no check digit";
        }
    }
    switch (check.fault) {
    case TaxCodeFault::empty: return "nothing but separators";
    case TaxCodeFault::non_digit: return "only the digits 0-9, spaces, dots and dashes may stand in a tax code";
    case TaxCodeFault::length: return "a tax code has 10, 12 or 13 digits";
    case TaxCodeFault::sequence_zero: return "digits 3 to 9 count from 0000001";
    case TaxCodeFault::branch_zero: return "dependent units count from 001";
    case TaxCodeFault::no_check_digit: return "no code exists with these first nine digits: their sum is divisible by 11";
    case TaxCodeFault::checksum: return "the tenth digit does not fit the first nine: a digit is wrong or two are swapped";
    }
    return "";
}

}  // namespace cho40::etax
