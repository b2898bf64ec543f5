#pragma once
#include "base/dong.h"
#include <compare>
#include <cstdint>

namespace cho40::fees {

// A non-negative amount of đồng between two roundings: 0.15 % of a value, halved, is rounded once, at the end.
// Bounds: amounts and values are at most 13 digits, quantities at most 10^9 thousandths, denominators at most 10^11,
// so that a comparison of two fractions (numerator times denominator) stays inside 128 bits.
class Fraction {
public:
    __extension__ using Wide = __int128;

    constexpr Fraction() = default;
    constexpr explicit Fraction(Dong amount) : numerator_(amount.count()) {}
    constexpr Fraction(Wide numerator, std::int64_t denominator) : numerator_(numerator), denominator_(denominator) {}

    [[nodiscard]] constexpr Fraction times(std::int64_t numerator, std::int64_t denominator) const
    {
        return {numerator_ * numerator, denominator_ * denominator};
    }
    [[nodiscard]] constexpr Fraction plus(Fraction other) const
    {
        return {numerator_ * other.denominator_ + other.numerator_ * denominator_, denominator_ * other.denominator_};
    }
    [[nodiscard]] constexpr bool is_zero() const { return numerator_ == 0; }

    // To a multiple of `step` đồng, half up. Error: amount_overflow. Pre: step > 0, the amount is not negative.
    [[nodiscard]] Result<Dong> round_half_up(std::int64_t step = 1) const
    {
        Wide const unit = Wide(denominator_) * step;
        Wide const rounded = (2 * numerator_ + unit) / (2 * unit) * step;
        if (rounded > INT64_MAX) return fail(Errc::amount_overflow, "the fee does not fit into an amount");
        return Dong(static_cast<std::int64_t>(rounded));
    }

    friend constexpr bool operator<(Fraction a, Fraction b) { return a.numerator_ * b.denominator_ < b.numerator_ * a.denominator_; }

private:
    Wide numerator_ = 0;
    std::int64_t denominator_ = 1;
};

}  // namespace cho40::fees
