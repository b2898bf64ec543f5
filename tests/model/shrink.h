#pragma once
#include "tests/model/scenario.h"
#include <functional>

namespace cho40::tests::model {

// The smallest plan found that still fails: steps are taken out in ever smaller chunks (delta debugging), then each one that is
// left is made simpler. `fails` must be deterministic. Pre: it fails for `plan`.
[[nodiscard]] Plan shrink(Plan plan, std::function<bool(Plan const&)> const& fails);

}  // namespace cho40::tests::model
