#pragma once
#include "adapters/http/router.h"
#include <chrono>
#include <string_view>

namespace cho40::sandbox {

// `Test-Fault: latency=800ms;error=503;drop=after_commit`, any part of it. `latency` delays the answer, `error` answers
// without doing anything, `drop` cuts the connection before or after the work.
struct Fault {
    std::chrono::milliseconds latency{0};  // at most a minute; ms or s
    int error = 0;                         // 400 … 599, or 0
    enum class Drop { never, before_commit, after_commit } drop = Drop::never;
};

// Empty text is no fault. Error: invalid_input.
[[nodiscard]] Result<Fault> parse_fault(std::string_view text);

// The handler, with the faults its requests ask for.
[[nodiscard]] http::Handler with_faults(http::Handler handler);

}  // namespace cho40::sandbox
