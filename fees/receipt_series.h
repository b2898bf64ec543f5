#pragma once
#include "base/time.h"
#include <cstdint>
#include <string>
#include <string_view>

namespace cho40::fees {

// The form code of an electronic receipt (NĐ 254/2026 arts. 22–29, TT 91/2026).
enum class ReceiptForm {
    no_printed_value,  // EBL01: the amount is written on each receipt
    printed_value,     // EBL02
};
[[nodiscard]] std::string_view form_code(ReceiptForm form);

// Two of the twenty letters a symbol may carry.
[[nodiscard]] bool are_symbol_letters(std::string_view letters);

// "26TAA": the last two digits of the year, T, two letters. Errors: invalid_input.
[[nodiscard]] Result<std::string> receipt_symbol(int year, std::string_view letters);

// Names one receipt for ever, together with its collector.
struct ReceiptNumber {
    ReceiptForm form = ReceiptForm::no_printed_value;
    std::string symbol;
    std::int64_t number = 0;  // 1..99999999

    [[nodiscard]] std::string to_string() const;  // "EBL01 26TAA 12"
    friend auto operator<=>(ReceiptNumber const&, ReceiptNumber const&) = default;
};

// Numbers of one (collector, form, symbol): from 1, without gaps, ending on 31 December of the symbol's year. Whoever
// stores it takes the number in the transaction that closes the payment, so that a number is used or was never taken.
class ReceiptSeries {
public:
    static constexpr std::int64_t number_max = 99'999'999;

    // `last` is the number taken last, 0 for a new series. Errors: invalid_input.
    [[nodiscard]] static Result<ReceiptSeries> make(std::string agency_code, ReceiptForm form, std::string symbol, std::int64_t last);

    // Errors: series_exhausted; invalid_period when the day lies in another year than the symbol.
    [[nodiscard]] Result<ReceiptNumber> take(Day day);

    [[nodiscard]] std::string const& agency_code() const { return agency_code_; }
    [[nodiscard]] ReceiptForm form() const { return form_; }
    [[nodiscard]] std::string const& symbol() const { return symbol_; }
    [[nodiscard]] std::int64_t last() const { return last_; }

private:
    ReceiptSeries(std::string agency_code, ReceiptForm form, std::string symbol, std::int64_t last)
        : agency_code_(std::move(agency_code)), form_(form), symbol_(std::move(symbol)), last_(last)
    {
    }

    std::string agency_code_;
    ReceiptForm form_;
    std::string symbol_;
    std::int64_t last_;
};

}  // namespace cho40::fees
