#pragma once
#include "ledger/invariants/invariant.h"
#include <unordered_map>

namespace cho40::ledger {

// What is held and what is available add up to the total: an account is said to stand at exactly what its entries add up to,
// and to have held exactly what its open pending transfers hold.
class HeldPlusAvailable final : public Invariant {
public:
    // What is said of one account, held against the rows shown so far.
    [[nodiscard]] std::optional<std::string> compare(AccountNumber account, Balance const& said) const;

    [[nodiscard]] std::string_view name() const override { return "held_plus_available"; }
    void begin(Standing const& standing) override;
    [[nodiscard]] std::optional<std::string> on_row(JournalRow const& row) override;
    [[nodiscard]] std::optional<std::string> on_standing(Standing const& said) override;
    [[nodiscard]] std::optional<std::string> on_book_end(BookId book) override;

private:
    struct Held {
        AccountNumber debit, credit;
        std::int64_t amount;
    };

    void hold(Held const& held, std::int64_t sign);

    struct Sums {
        std::int64_t posted = 0, debits_held = 0, credits_held = 0;
    };
    std::unordered_map<AccountNumber, Sums> sums_;
    std::unordered_map<Uuid, Held> open_;
};

}  // namespace cho40::ledger
