#pragma once
#include "base/digest.h"
#include "base/uuid.h"
#include "ledger/account.h"
#include "ledger/chart.h"
#include <string>

namespace cho40::ledger {

// One amount moved between two accounts of one book.
struct Transfer {
    Transfer() = default;
    Transfer(Id<Transfer> i, AccountNumber d, AccountNumber c, Dong a, TransferCode k, std::string r, Instant at)
        : id(i), debit(d), credit(c), amount(a), code(k), reference(std::move(r)), event_at(at)
    {
    }

    Id<Transfer> id;  // made before the first try; also the idempotency key: same id, same transfer, for ever
    AccountNumber debit;
    AccountNumber credit;
    Dong amount;              // > 0
    TransferCode code = TransferCode::opening;
    std::string reference;    // order code, bank reference, document number: up to 64 bytes, searchable
    Instant event_at;         // when it happened in the world; the writer adds when it was recorded

    friend bool operator==(Transfer const&, Transfer const&) = default;
};

// What a transfer became. Rows are never changed.
struct JournalRow {
    BookId book;
    std::int64_t seq = 0;  // dense per book, from 1
    Transfer transfer;
    Dong debit_balance;   // of the debited account after this row
    Dong credit_balance;  // of the credited account after this row
    Instant recorded_at;
    Sha256 chain{};  // chain.h
};

}  // namespace cho40::ledger
