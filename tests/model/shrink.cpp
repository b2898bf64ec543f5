#include "tests/model/shrink.h"
#include <algorithm>

namespace cho40::tests::model {
namespace {

using Fails = std::function<bool(Plan const&)>;

// Takes `change` over when the plan still fails with it.
template <class Change>
bool attempt(Plan& plan, Fails const& fails, Change const& change)
{
    auto smaller = plan;
    change(smaller);
    if (to_cpp(smaller) == to_cpp(plan) || !fails(smaller)) return false;
    plan = std::move(smaller);
    return true;
}

bool drop_steps(Plan& plan, Fails const& fails)
{
    bool progress = false;
    for (auto chunk = std::max<std::size_t>(1, plan.steps.size() / 2);; chunk /= 2) {
        for (std::size_t from = 0; from < plan.steps.size();) {
            bool const gone = attempt(plan, fails, [&](Plan& p) {
                auto const first = p.steps.begin() + static_cast<std::ptrdiff_t>(from);
                p.steps.erase(first, first + static_cast<std::ptrdiff_t>(std::min(chunk, p.steps.size() - from)));
            });
            progress = progress || gone;
            if (!gone) from += chunk;
        }
        if (chunk == 1) return progress;
    }
}

template <class T>
bool drop_elements(Plan& plan, Fails const& fails, std::size_t step, std::vector<T> Op::* list)
{
    bool progress = false;
    for (auto i = (plan.steps[step].*list).size(); i-- > 0;) {
        progress |= attempt(plan, fails, [&](Plan& p) {
            auto& elements = p.steps[step].*list;
            elements.erase(elements.begin() + static_cast<std::ptrdiff_t>(i));
        });
    }
    return progress;
}

bool simplify_move(Plan& plan, Fails const& fails, std::size_t step, std::size_t i)
{
    auto const change = [&](auto const& to) { return attempt(plan, fails, [&](Plan& p) { to(p.steps[step].moves[i]); }); };
    bool progress = change([](Move& m) { m.amount = 1; });
    for (int const bit : {1, 2, 4, 8}) progress |= change([&](Move& m) { m.flags &= ~bit; });
    progress |= change([](Move& m) { m.timeout = 0; });
    progress |= change([](Move& m) { m.text = 0; });
    progress |= change([](Move& m) { m.event = 0; });
    return progress;
}

// One account for two, everywhere.
bool merge_accounts(Plan& plan, Fails const& fails)
{
    std::vector<int> accounts;
    for (auto const& op : plan.steps) {
        for (auto const& m : op.moves) accounts.insert(accounts.end(), {m.debit, m.credit});
    }
    std::ranges::sort(accounts);
    auto const repeated = std::ranges::unique(accounts);
    accounts.erase(repeated.begin(), repeated.end());
    bool progress = false;
    for (auto const one : accounts) {
        for (auto const other : accounts) {
            if (other >= one) break;
            progress |= attempt(plan, fails, [&](Plan& p) {
                for (auto& op : p.steps) {
                    for (auto& m : op.moves) {
                        if (m.debit == one) m.debit = other;
                        if (m.credit == one) m.credit = other;
                    }
                }
            });
        }
    }
    return progress;
}

bool simplify_steps(Plan& plan, Fails const& fails)
{
    bool progress = false;
    for (std::size_t step = 0; step < plan.steps.size(); ++step) {
        auto const change = [&](auto const& to) { return attempt(plan, fails, [&](Plan& p) { to(p.steps[step]); }); };
        progress |= change([](Op& op) { op.n = 1; });
        progress |= change([](Op& op) { op.together = false; });
        progress |= change([](Op& op) { op.poison = false; });
        progress |= change([](Op& op) { op.events = 0; });
        progress |= change([](Op& op) { op.close_before.reset(); });
        progress |= drop_elements(plan, fails, step, &Op::open);
        progress |= drop_elements(plan, fails, step, &Op::moves);
        progress |= drop_elements(plan, fails, step, &Op::guards);
        for (std::size_t i = 0; i < plan.steps[step].moves.size(); ++i) progress |= simplify_move(plan, fails, step, i);
    }
    return progress;
}

}  // namespace

Plan shrink(Plan plan, Fails const& fails)
{
    for (bool progress = true; progress;) {
        progress = drop_steps(plan, fails);
        progress |= merge_accounts(plan, fails);
        progress |= simplify_steps(plan, fails);
    }
    return plan;
}

}  // namespace cho40::tests::model
