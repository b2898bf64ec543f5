#pragma once
#include "ledger/account.h"
#include <cstdint>
#include <deque>
#include <vector>

namespace cho40::ledger {

// A row that touches an account, as seen from that account: seq * 2 + (1 if it is debited there). 0: none.
using Touch = std::int64_t;

struct AccountState {
    Account account;
    Balance balance;
    Touch newest = 0;
};

// A book's accounts by number. With a million of them nearly every look-up waits for memory, twice, and so does what is done
// with the account: so the index is one flat array, accounts never move, and whoever knows which account comes next can have
// both brought nearer while others are decided.
class AccountTable {
public:
    [[nodiscard]] AccountState* find(AccountNumber number);
    [[nodiscard]] AccountState const* find(AccountNumber number) const;
    [[nodiscard]] AccountState& at(AccountNumber number);  // Pre: it is there

    struct Placed {
        AccountState* state;  // stays where it is as long as it is there
        bool added;
    };
    Placed add(Account const& account);  // what is there already stays as it is
    void pop_newest();                   // takes back the newest add() that added. Pre: not empty

    // This account will be looked for shortly: first its place in the index, later itself.
    void expect_later(AccountNumber number) const;
    void expect_next(AccountNumber number) const;

    [[nodiscard]] std::size_t size() const { return states_.size(); }
    [[nodiscard]] auto begin() const { return states_.begin(); }
    [[nodiscard]] auto end() const { return states_.end(); }

private:
    struct Bucket {
        AccountNumber number;
        AccountState* state = nullptr;  // null: empty
    };

    [[nodiscard]] std::size_t home(AccountNumber number) const;
    [[nodiscard]] std::size_t place_of(AccountNumber number) const;  // its bucket, or the empty one where it would go
    void grow();

    std::deque<AccountState> states_;  // in the order they were added
    std::vector<Bucket> index_;        // open addressing, at most half full; a power of two
};

}  // namespace cho40::ledger
