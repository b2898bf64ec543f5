#pragma once
#include "reconcile/rules/rule.h"

namespace cho40::reconcile {

// B1: the squeezed narrative holds the order code of a direct transfer and the amount is equal. B2: the amount differs,
// which is AMOUNT_MISMATCH. Several codes in one narrative are AMBIGUOUS. Of several credits for one order the earlier is
// the payment; leftovers become DUPLICATE_PAYMENT.
class BankOrder final : public Rule {
public:
    // A shorter code would be found by accident.
    static constexpr std::size_t shortest_code = 6;

    [[nodiscard]] std::string_view name() const override { return "B1"; }
    [[nodiscard]] Result<Done> apply(Pool& pool) const override;
};

}  // namespace cho40::reconcile
