#include "reconcile/equations/bank_days.h"
#include "reconcile/sum.h"
#include <algorithm>
#include <tuple>

namespace cho40::reconcile {
namespace {

std::string text(Dong amount) { return std::to_string(amount.count()); }

std::string days(StatementBalance const& b)
{
    return "account " + b.account + ", " + b.from.to_string() + (b.from == b.to ? "" : " to " + b.to.to_string());
}

}  // namespace

Result<EquationFigures> BankDays::figures(Pool const& pool) const
{
    Sum left, right;
    for (auto const& b : pool.input().balances) {
        left.add(b.opening), left.add(b.credits), left.subtract(b.debits);
        right.add(b.closing);
    }
    CHO_TRY(auto const l, left.total());
    CHO_TRY(auto const r, right.total());
    return EquationFigures{number(), name(), l, r};
}

Result<std::optional<std::string>> BankDays::broken(Pool const& pool) const
{
    auto balances = pool.input().balances;
    std::ranges::sort(balances, {}, [](auto const& b) { return std::tie(b.account, b.from, b.to, b.opening, b.closing); });
    for (std::size_t i = 0; i < balances.size(); ++i) {
        auto const& b = balances[i];
        CHO_TRY(auto const in, add(b.opening, b.credits));
        CHO_TRY(auto const closing, subtract(in, b.debits));
        if (closing != b.closing) {
            return days(b) + ": opening " + text(b.opening) + " + credits " + text(b.credits) + " - debits " + text(b.debits) + " = " +
                   text(closing) + ", but closing is " + text(b.closing);
        }
        if (i + 1 == balances.size()) continue;
        auto const& next = balances[i + 1];
        if (next.account == b.account && next.from == b.to.plus_days(1) && next.opening != b.closing) {
            return days(b) + ": closing " + text(b.closing) + ", but the next statement opens with " + text(next.opening);
        }
    }
    for (auto const& entry : pool.entries) {
        if (entry.repeated || entry.placed == 1) continue;
        return "entry " + entry.record->entry_ref + " of account " + entry.record->account + " is in " + std::to_string(entry.placed) +
               " places instead of one";
    }
    return std::nullopt;
}

}  // namespace cho40::reconcile
