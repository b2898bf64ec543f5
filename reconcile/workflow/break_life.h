#pragma once
#include "base/dong.h"
#include "base/time.h"
#include "reconcile/result.h"
#include "reconcile/workflow/break_state.h"
#include <optional>
#include <string>

namespace cho40::reconcile {

// A break as it stood when a period began and when it ended (or now, while the period lasts).
struct BreakLife {
    std::string id;
    BreakClass kind{};
    Day date;
    Dong delta;
    Dong at_stake;
    std::string cause;                 // a code of BreakPolicy, or empty
    Instant opened_at;
    std::optional<BreakState> before;  // nothing: it was not known yet
    BreakState after = BreakState::OPEN;
    std::optional<Instant> ended_at;   // of one that is finished at the end

    [[nodiscard]] bool was_open() const { return before && !is_finished(*before); }
    [[nodiscard]] bool is_open() const { return !is_finished(after); }
};

}  // namespace cho40::reconcile
