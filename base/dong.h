#pragma once
#include "base/result.h"
#include <compare>
#include <cstdint>
#include <span>
#include <vector>

namespace cho40 {

// An amount of Vietnamese đồng. The đồng has no minor unit (ISO 4217: VND, exponent 0),
// so 25 000 ₫ is count() == 25000. May be negative. Arithmetic that can overflow returns a Result.
class Dong {
public:
    constexpr Dong() = default;
    constexpr explicit Dong(std::int64_t count) : count_(count) {}

    [[nodiscard]] constexpr std::int64_t count() const { return count_; }
    [[nodiscard]] constexpr bool is_zero() const { return count_ == 0; }
    [[nodiscard]] constexpr bool is_positive() const { return count_ > 0; }

    friend constexpr auto operator<=>(Dong, Dong) = default;

private:
    std::int64_t count_ = 0;
};

static_assert(sizeof(Dong) == sizeof(std::int64_t));

// Errors: amount_overflow.
[[nodiscard]] Result<Dong> add(Dong a, Dong b);
[[nodiscard]] Result<Dong> subtract(Dong a, Dong b);

// numerator / denominator of `amount`, in 128 bits, rounded once: half away from zero. Pre: denominator > 0.
// Errors: amount_overflow.
[[nodiscard]] Result<Dong> multiply_half_up(Dong amount, std::int64_t numerator, std::int64_t denominator);

// Splits `total` in proportion to `weights`. The parts add up to `total` exactly; the đồng left
// over by rounding down go to the largest remainders, ties to the earlier part.
// Pre: total >= 0, weights not empty, their sum > 0.
[[nodiscard]] std::vector<Dong> split(Dong total, std::span<std::uint32_t const> weights);

namespace literals {
constexpr Dong operator""_vnd(unsigned long long count) { return Dong(static_cast<std::int64_t>(count)); }
}  // namespace literals

}  // namespace cho40
