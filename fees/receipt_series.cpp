#include "fees/receipt_series.h"
#include <algorithm>

namespace cho40::fees {
namespace {

bool is_symbol(std::string_view s)
{
    auto const digit = [](char c) { return c >= '0' && c <= '9'; };
    return s.size() == 5 && digit(s[0]) && digit(s[1]) && s[2] == 'T' && are_symbol_letters(s.substr(3));
}

}  // namespace

std::string_view form_code(ReceiptForm form) { return form == ReceiptForm::printed_value ? "EBL02" : "EBL01"; }

bool are_symbol_letters(std::string_view letters)
{
    constexpr std::string_view allowed = "ABCDEGHKLMNPQRSTUVXY";
    return letters.size() == 2 && std::ranges::all_of(letters, [&](char c) { return allowed.find(c) != allowed.npos; });
}

Result<std::string> receipt_symbol(int year, std::string_view letters)
{
    if (year < 2000 || year > 2099) return fail(Errc::invalid_input, "the year of a receipt symbol is 2000 to 2099");
    if (!are_symbol_letters(letters))
        return fail(Errc::invalid_input, "a receipt symbol ends with two of A B C D E G H K L M N P Q R S T U V X Y");
    auto const two = year % 100;
    return std::string{static_cast<char>('0' + two / 10), static_cast<char>('0' + two % 10), 'T', letters[0], letters[1]};
}

std::string ReceiptNumber::to_string() const { return std::string(form_code(form)) + ' ' + symbol + ' ' + std::to_string(number); }

Result<ReceiptSeries> ReceiptSeries::make(std::string agency_code, ReceiptForm form, std::string symbol, std::int64_t last)
{
    if (agency_code.empty()) return fail(Errc::invalid_input, "a series belongs to a collector");
    if (!is_symbol(symbol)) return fail(Errc::invalid_input, "a receipt symbol is like 26TAA, not \"" + symbol + '"');
    if (last < 0 || last > number_max) return fail(Errc::invalid_input, "the last number is 0 to 99999999");
    return ReceiptSeries(std::move(agency_code), form, std::move(symbol), last);
}

Result<ReceiptNumber> ReceiptSeries::take(Day day)
{
    auto const year = (symbol_[0] - '0') * 10 + (symbol_[1] - '0');
    if (day.year() % 100 != year) {
        return fail(Errc::invalid_period,
                    "series " + symbol_ + " is not of the year of " + day.to_string() + "; open the series of that year");
    }
    if (last_ == number_max) return fail(Errc::series_exhausted, "series " + symbol_ + " has no number left; open one with other letters");
    return ReceiptNumber{form_, symbol_, ++last_};
}

}  // namespace cho40::fees
