#pragma once
#include "fees/assess.h"
#include "fees/fraction.h"

namespace cho40::fees {

// The amount before relief, or why it is not known.
struct Base {
    std::optional<Fraction> amount;
    UnknownBecause unknown_because = UnknownBecause::nothing;
    std::string working;
};

// Pre: the request is within its bounds.
[[nodiscard]] Base base_of(FeeTables const& tables, Rate const& rate, AssessmentRequest const& request);

}  // namespace cho40::fees
