#pragma once
#include "base/dong.h"
#include "base/time.h"
#include "qr-pay/credit_decision.h"
#include <array>
#include <optional>
#include <string>
#include <vector>

namespace cho40::merchants {

// How a line of the day book is called.
enum class LineKind { matched, short_, over, late, duplicate, nameless, cash, refund };
inline constexpr std::array line_kinds = {LineKind::matched,   LineKind::short_,   LineKind::over, LineKind::late,
                                          LineKind::duplicate, LineKind::nameless, LineKind::cash, LineKind::refund};
[[nodiscard]] std::string_view name_of(LineKind kind);  // "matched", "short", …
[[nodiscard]] LineKind line_kind_of(qr_pay::CreditReason reason);

// One movement of the day: a credit heard of, cash noted, or money given back.
struct DayLine {
    Instant at;
    LineKind kind = LineKind::nameless;
    Dong amount;
    std::optional<Dong> asked;
    Dong refund_due;  // what of the amount is owed back to the payer
    Uuid payment;    // nil where none
    Uuid credit;     // nil for cash
    Uuid cash_sale;  // nil for bank money
    std::string payer;
    std::string reference;
    std::string trace_tail;  // last four of the bank's reference
    std::string note;
};

struct CountAndSum {
    std::int64_t count = 0;
    Dong sum;
    void add(Dong amount);
};

struct DayTotals {
    CountAndSum all;
    CountAndSum bank;
    CountAndSum cash;
    CountAndSum refunded;    // given back that day; not taken off the sums of what came in
    CountAndSum refund_due;  // surplus and second payments: money that is not the stall's
    std::array<CountAndSum, line_kinds.size()> by_kind;
    std::array<CountAndSum, 24> by_hour;  // local hours
};

// A stall's day. Sums are made here from the lines; pages never add up.
[[nodiscard]] DayTotals add_up(std::vector<DayLine> const& lines);

// Whether a person should look: short, over, late, second and nameless money.
[[nodiscard]] bool needs_attention(LineKind kind);

}  // namespace cho40::merchants
