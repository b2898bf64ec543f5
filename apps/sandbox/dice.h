#pragma once
#include <cstdint>

namespace cho40::sandbox {

// Draws that depend on the seed, on what is drawn and on which one it is, and on nothing else: the same script gives the
// same day on every machine, in whatever order the answers come back.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : seed_(seed) {}

    [[nodiscard]] std::uint64_t draw(std::uint64_t what, std::uint64_t which) const { return mix(mix(seed_ + what) + which); }
    // 0 … limit - 1. Pre: limit > 0.
    [[nodiscard]] std::uint64_t below(std::uint64_t limit, std::uint64_t what, std::uint64_t which) const
    {
        return draw(what, which) % limit;
    }
    [[nodiscard]] std::uint64_t seed() const { return seed_; }

private:
    // splitmix64 (Steele, Lea, Flood 2014).
    static std::uint64_t mix(std::uint64_t z)
    {
        z += 0x9E3779B97F4A7C15ULL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }
    std::uint64_t seed_;
};

}  // namespace cho40::sandbox
