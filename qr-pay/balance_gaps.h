#pragma once
#include "qr-pay/bank_credit.h"
#include <vector>

namespace cho40::qr_pay {

// A transfer of one bank account with the balance that the rail told after it.
struct ToldBalance {
    ToldBalance(std::string provider, Instant booked, Direction way, Dong moved, Dong after)
        : provider_id(std::move(provider)), booked_at(booked), direction(way), amount(moved), balance(after)
    {
    }

    // Before it and after it; the balances of an account whose transfers are all known make one chain of these.
    [[nodiscard]] std::int64_t before() const { return balance.count() - signed_amount(); }
    [[nodiscard]] std::int64_t after() const { return balance.count(); }

    std::string provider_id;
    Instant booked_at;
    Direction direction;
    Dong amount;
    Dong balance;

private:
    [[nodiscard]] std::int64_t signed_amount() const { return direction == Direction::in ? amount.count() : -amount.count(); }
};

// Between two transfers that are known, others must have been that nobody told of.
struct BalanceGap {
    ToldBalance last;    // before the gap
    ToldBalance first;   // after it
    Dong missing;        // what they come to: below zero is money that went out. Could be several transfers
};

// The gaps in what is known of one account of one rail, earliest first. The order of `told` does not matter. The same provider_id
// twice is one transfer.
//
// Where one transfer ends at a balance at which another begins, the one is taken to follow the other; each at most once, so balances
// that come again are no trouble. Times only choose among those that fit: of one second nobody knows the order, bank clocks differ by
// up to two minutes, and some lists tell the day alone. Transfers that leave the balance as it was (money in and out again, both
// untold) cannot be seen this way.
//
// A rail that never told of money out does not tell of it at all: then a balance that fell is no gap.
[[nodiscard]] std::vector<BalanceGap> find_balance_gaps(std::vector<ToldBalance> told);

}  // namespace cho40::qr_pay
