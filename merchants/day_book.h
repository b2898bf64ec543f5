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
enum class LineKind { matched, short_, over, late, duplicate, nameless, cash, refund, refund_differs };
inline constexpr std::array line_kinds = {LineKind::matched, LineKind::short_,    LineKind::over,
                                          LineKind::late,    LineKind::duplicate, LineKind::nameless,
                                          LineKind::cash,    LineKind::refund,    LineKind::refund_differs};
[[nodiscard]] std::string_view name_of(LineKind kind);  // "matched", "short", …
[[nodiscard]] LineKind line_kind_of(qr_pay::CreditReason reason);

// One movement of the day: a credit heard of, cash noted, money given back, or money out under a refund's code that is not simply it.
struct DayLine {
    Instant at;
    LineKind kind = LineKind::nameless;
    Dong amount;
    std::optional<Dong> asked;
    Uuid payment;    // nil where none
    Uuid credit;     // nil for cash
    Uuid cash_sale;  // nil for bank money
    std::string payer;
    std::string reference;
    std::string trace_tail;  // last four of the bank's reference
    std::string note;
    std::string what_is_wrong;  // in the reader's words, and what to do about it; "" where the kind says enough
    std::string what_next;
};

// What the stall has to give back to a payer: it stands here from when it is known until the money has left.
enum class OwedKind {
    refund,   // asked for, and not paid yet: approval included
    surplus,  // too much or a second payment came, and nobody has asked for its refund
};
[[nodiscard]] std::string_view name_of(OwedKind kind);

struct Owed {
    OwedKind kind = OwedKind::refund;
    Dong amount;
    Instant since;
    Uuid payment;  // nil when it is of nameless money
    Uuid credit;   // nil when it is of a payment
    Uuid refund;   // nil of a surplus
    std::string reference;  // the refund's code, or the payment's
    std::string state;      // of the refund; "" of a surplus
    std::string text;       // in the reader's words: what it waits for
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
    std::array<CountAndSum, line_kinds.size()> by_kind;
    std::array<CountAndSum, 24> by_hour;  // local hours
};

// A stall's day. Sums are made here from the lines; pages never add up.
[[nodiscard]] DayTotals add_up(std::vector<DayLine> const& lines);

// All that has to be given back.
[[nodiscard]] CountAndSum add_up(std::vector<Owed> const& owed);

// Whether a person should look: short, over, late, second and nameless money, and money out that differs from its refund.
[[nodiscard]] bool needs_attention(LineKind kind);

}  // namespace cho40::merchants
