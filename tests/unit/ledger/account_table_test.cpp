#include "ledger/account_table.h"
#include <gtest/gtest.h>
#include <map>
#include <rapidcheck/gtest.h>

namespace cho40::ledger {
namespace {

TEST(AccountTable, WhatIsThereStaysAsItIs)
{
    AccountTable table;
    EXPECT_FALSE(table.find(AccountNumber{16}));
    table.expect_later(AccountNumber{16});  // nothing to bring nearer, and no harm
    table.expect_next(AccountNumber{16});
    auto const first = table.add(Account{AccountNumber{16}, credits_must_not_exceed_debits});
    auto const again = table.add(Account{AccountNumber{16}});
    EXPECT_TRUE(first.added);
    EXPECT_FALSE(again.added);
    EXPECT_EQ(first.state, again.state);
    EXPECT_EQ(table.at(AccountNumber{16}).account.limits, credits_must_not_exceed_debits);
}

// Beside a map, with numbers that fall into few buckets, growing and taking back what was added last.
RC_GTEST_PROP(AccountTable, AgreesWithAMapAndAccountsNeverMove, ())
{
    AccountTable table;
    std::map<AccountNumber, AccountState*> model;
    std::vector<AccountNumber> order;
    auto const steps = *rc::gen::inRange(0, 600);
    for (int i = 0; i < steps; ++i) {
        if (*rc::gen::inRange(0, 4) == 0 && !order.empty()) {
            table.pop_newest();
            model.erase(order.back());
            order.pop_back();
        } else {
            AccountNumber const number{
                *rc::gen::oneOf(rc::gen::inRange<std::int64_t>(-400, 400),
                                rc::gen::map(rc::gen::inRange<std::int64_t>(1, 400), [](std::int64_t n) { return n << 32; }))};
            auto const placed = table.add(Account{number});
            RC_ASSERT(placed.added == !model.contains(number));
            if (placed.added) order.push_back(number);
            model.try_emplace(number, placed.state);
        }
        RC_ASSERT(table.size() == model.size());
    }
    for (auto const& [number, state] : model) {
        RC_ASSERT(table.find(number) == state);
        RC_ASSERT(state->account.number == number);
    }
    for (std::int64_t n = -400; n < 400; ++n) RC_ASSERT((table.find(AccountNumber{n}) != nullptr) == model.contains(AccountNumber{n}));
}

}  // namespace
}  // namespace cho40::ledger
