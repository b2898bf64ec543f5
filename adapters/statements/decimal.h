#pragma once
#include "base/dong.h"
#include <string>
#include <string_view>

namespace cho40::statements {

// An amount as a statement prints it: exact, never below 0 (ISO 20022: at most 18 digits, 5 of them after the point).
class Decimal {
public:
    // "8.85", "50000.00", "0". Error: invalid_input.
    [[nodiscard]] static Result<Decimal> parse(std::string_view text);

    // The same number without superfluous zeros: "8.85", "50000".
    [[nodiscard]] std::string to_string() const;
    // VND has no minor unit but may be printed 50000.00. Error: invalid_input when the fraction is not zero.
    [[nodiscard]] Result<Dong> to_dong() const;

    friend bool operator==(Decimal const&, Decimal const&) = default;

private:
    std::int64_t units_ = 0;  // without superfluous zeros
    int scale_ = 0;           // digits after the point
};

}  // namespace cho40::statements
