#pragma once
#include "base/uuid.h"
#include "tests/chaos/record.h"
#include <random>

namespace cho40::chaos {

inline constexpr ledger::BookId book{9'100};
inline constexpr std::int64_t accounts = 30;          // numbers 1 to 30
inline constexpr std::int64_t limited_accounts = 5;   // the first of them cannot be overdrawn

// What is posted, thrown from a seed: single transfers, chains, holds and their ends, and now and then what must be refused.
class Dice final : public Random {
public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}

    void fill(std::uint8_t* out, std::size_t size) override;
    [[nodiscard]] std::int64_t below(std::int64_t limit);
    [[nodiscard]] bool one_in(std::int64_t n) { return below(n) == 0; }

    [[nodiscard]] Asked command(Record& record, Instant now);
    // One that was accepted before, by whichever life of this poster; null: there is none.
    [[nodiscard]] Asked const* accepted(Record const& record);

private:
    [[nodiscard]] ledger::Transfer transfer(Instant now);
    [[nodiscard]] std::optional<ledger::Transfer> end_of_hold(Record const& record, Instant now);

    std::mt19937_64 engine_;
};

}  // namespace cho40::chaos
