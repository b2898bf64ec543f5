#pragma once
#include "ledger/account.h"
#include "ledger/transfer.h"
#include <utility>
#include <vector>

namespace cho40::ledger {

// A pending transfer that has not ended.
struct Hold {
    Id<Transfer> id;
    TransferFlags flags{};
    AccountNumber debit;
    AccountNumber credit;
    Dong amount;
    TransferCode code = TransferCode::opening;
    std::string reference;
    std::optional<Instant> expires_at;
};

// What a book says of itself after its row `seq`: for whoever goes on from there, and for whoever doubts it.
struct Standing {
    BookId book;
    std::int64_t seq = 0;
    std::int64_t event_seq = 0;  // of its newest event
    std::vector<std::pair<Account, Balance>> accounts;
    std::vector<Hold> holds;
};

}  // namespace cho40::ledger
