#pragma once
#include "tests/model/scenario.h"

namespace cho40::tests::model {

// What to do with a failing seed: how to play it again, and the same fault in as few commands as were found.
[[nodiscard]] std::string report(Plan const& plan, std::size_t commands, std::string const& difference);

}  // namespace cho40::tests::model
