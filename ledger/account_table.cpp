#include "ledger/account_table.h"
#include "base/check.h"
#include <algorithm>
#include <bit>

namespace cho40::ledger {
namespace {

constexpr std::size_t index_min = 64;

}  // namespace

// Numbers come in runs of sixteen per owner; multiplied, their high bits are spread.
std::size_t AccountTable::home(AccountNumber number) const
{
    auto const mixed = static_cast<std::uint64_t>(number.value) * 0x9e3779b97f4a7c15ULL;
    return static_cast<std::size_t>(mixed >> (64 - std::countr_zero(index_.size())));
}

std::size_t AccountTable::place_of(AccountNumber number) const
{
    auto b = home(number);
    while (index_[b].state && index_[b].number != number) b = (b + 1) & (index_.size() - 1);
    return b;
}

AccountState const* AccountTable::find(AccountNumber number) const { return index_.empty() ? nullptr : index_[place_of(number)].state; }

AccountState* AccountTable::find(AccountNumber number) { return index_.empty() ? nullptr : index_[place_of(number)].state; }

AccountState& AccountTable::at(AccountNumber number)
{
    auto* const state = find(number);
    CHO_CHECK(state);
    return *state;
}

AccountTable::Placed AccountTable::add(Account const& account)
{
    if (auto* const there = find(account.number)) return {there, false};
    if ((states_.size() + 1) * 2 > index_.size()) grow();
    auto& state = states_.emplace_back(AccountState{account, {}, 0});
    index_[place_of(account.number)] = {account.number, &state};
    return {&state, true};
}

// The newest was put at the end of its run of buckets, and grow() puts it there again: nobody stands behind it because of it.
void AccountTable::pop_newest()
{
    CHO_CHECK(!states_.empty());
    index_[place_of(states_.back().account.number)] = Bucket{};
    states_.pop_back();
}

void AccountTable::grow()
{
    index_.assign(std::max(index_min, index_.size() * 2), Bucket{});
    for (auto& state : states_) index_[place_of(state.account.number)] = {state.account.number, &state};
}

void AccountTable::expect_later(AccountNumber number) const
{
    if (!index_.empty()) __builtin_prefetch(&index_[home(number)]);
}

void AccountTable::expect_next(AccountNumber number) const
{
    auto const* const state = find(number);
    if (!state) return;
    __builtin_prefetch(state, 1);
    __builtin_prefetch(&state->newest, 1);  // on the next line of the cache
}

}  // namespace cho40::ledger
