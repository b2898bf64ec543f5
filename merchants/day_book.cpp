#include "merchants/day_book.h"
#include "base/check.h"

namespace cho40::merchants {

std::string_view name_of(LineKind kind)
{
    switch (kind) {
    case LineKind::matched: return "matched";
    case LineKind::short_: return "short";
    case LineKind::over: return "over";
    case LineKind::late: return "late";
    case LineKind::duplicate: return "duplicate";
    case LineKind::nameless: return "nameless";
    case LineKind::cash: return "cash";
    case LineKind::refund: return "refund";
    case LineKind::refund_differs: return "refund_differs";
    }
    return "nameless";
}

LineKind line_kind_of(qr_pay::CreditReason reason)
{
    using enum qr_pay::CreditReason;
    switch (reason) {
    case exact:
    case topped_up: return LineKind::matched;
    case short_paid: return LineKind::short_;
    case over: return LineKind::over;
    case late:
    case late_short:
    case late_over: return LineKind::late;
    case duplicate: return LineKind::duplicate;
    case nameless:
    case ambiguous:
    case suggested: return LineKind::nameless;
    }
    return LineKind::nameless;
}

void CountAndSum::add(Dong amount)
{
    ++count;
    auto const total = cho40::add(sum, amount);
    CHO_CHECK(total.has_value());  // a day's lines come from the ledger, whose balances did not overflow
    sum = *total;
}

DayTotals add_up(std::vector<DayLine> const& lines)
{
    DayTotals totals;
    for (auto const& line : lines) {
        totals.by_kind[static_cast<std::size_t>(line.kind)].add(line.amount);
        if (line.kind == LineKind::refund) {
            totals.refunded.add(line.amount);
            continue;
        }
        if (line.kind == LineKind::refund_differs) continue;  // neither came in nor is it booked
        totals.all.add(line.amount);
        (line.kind == LineKind::cash ? totals.cash : totals.bank).add(line.amount);
        auto const hour = std::chrono::duration_cast<std::chrono::hours>(line.at - Day::of(line.at).begin()).count();
        totals.by_hour[static_cast<std::size_t>(hour)].add(line.amount);
    }
    return totals;
}

CountAndSum add_up(std::vector<Owed> const& owed)
{
    CountAndSum all;
    for (auto const& one : owed) all.add(one.amount);
    return all;
}

std::string_view name_of(OwedKind kind) { return kind == OwedKind::refund ? "refund" : "surplus"; }

bool needs_attention(LineKind kind) { return kind != LineKind::matched && kind != LineKind::cash && kind != LineKind::refund; }

}  // namespace cho40::merchants
