#pragma once
#include "base/time.h"
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::fees {

enum class ReliefKind {
    pct,   // pays VALUE per cent of the base
    off,   // pays VALUE per cent less than the base
    free,  // pays nothing
    cap,   // pays at most VALUE đồng
    min,   // pays at least VALUE đồng
};

// One token of a row's `reduction_rule`: (pct|off|free|cap|min)(:VALUE)?(:AUDIENCE)?(@FROM..TO)?(#SOURCE)?
// A source may carry a condition in brackets that no data field proves: #TT117(movables only).
struct Relief {
    ReliefKind kind;
    std::int64_t value = 0;             // per cent 0..100 (pct, off) or đồng (cap, min)
    std::vector<std::string> audience;  // any of these; empty = everybody
    std::optional<Day> from, to;        // both inclusive
    std::string source;                 // key of acts.csv, or empty: the act of the row itself
    std::string condition;

    [[nodiscard]] bool in_force(Day day) const { return (!from || *from <= day) && (!to || day <= *to); }
    [[nodiscard]] std::string id() const;  // the token again, without its dates: "pct:50#TT64"
};

// Tokens joined by ';'. Error: invalid_csv.
[[nodiscard]] Result<std::vector<Relief>> parse_reduction_rule(std::string_view text);

[[nodiscard]] std::string_view relief_kind_name(ReliefKind kind);

}  // namespace cho40::fees
