#include "adapters/statements/decimal.h"
#include <algorithm>

namespace cho40::statements {

Result<Decimal> Decimal::parse(std::string_view text)
{
    Decimal value;
    int digits = 0;
    bool point = false;
    for (char c : text) {
        if (c == '.' && !point && digits > 0) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9' || ++digits > 18)
            return fail(Errc::invalid_input, "not an amount of at most 18 digits: " + std::string(text.substr(0, 40)));
        value.units_ = value.units_ * 10 + (c - '0');
        if (point) ++value.scale_;
    }
    if (digits == 0 || value.scale_ > 5 || text.back() == '.')
        return fail(Errc::invalid_input, "not an amount: " + std::string(text.substr(0, 40)));
    while (value.scale_ > 0 && value.units_ % 10 == 0) {
        value.units_ /= 10;
        --value.scale_;
    }
    return value;
}

std::string Decimal::to_string() const
{
    auto text = std::to_string(units_);
    if (scale_ == 0) return text;
    auto const scale = static_cast<std::size_t>(scale_);
    if (text.size() <= scale) text.insert(0, scale + 1 - text.size(), '0');
    text.insert(text.size() - scale, ".");
    return text;
}

Result<Dong> Decimal::to_dong() const
{
    if (scale_ != 0) return fail(Errc::invalid_input, "an amount in VND has no fraction: " + to_string());
    return Dong(units_);
}

}  // namespace cho40::statements
