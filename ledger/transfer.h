#pragma once
#include "base/digest.h"
#include "base/uuid.h"
#include "ledger/account.h"
#include "ledger/chart.h"
#include <string>

namespace cho40::ledger {

// What a transfer does. Stored in the journal: append, never renumber.
enum class TransferKind : std::int16_t {
    posted = 1,   // moves the amount now
    pending = 2,  // holds the amount: neither balance moves, what is available does
    post = 3,     // posts a pending transfer, all of it or part; the rest is given back
    undo = 4,     // voids a pending transfer: all of it is given back
    expire = 5,   // written by the ledger itself when a pending transfer's time is over: all of it is given back
};

[[nodiscard]] constexpr bool moves_money(TransferKind kind) { return kind == TransferKind::posted || kind == TransferKind::post; }
[[nodiscard]] constexpr bool ends_pending(TransferKind kind) { return kind >= TransferKind::post; }

// For posted and pending transfers; what ends a pending one is given none and carries its flags and its code.
struct TransferFlags {
    bool balancing_debit = false;   // at most what the debited account's ceiling leaves room for (all of it when it has none)
    bool balancing_credit = false;  // at most what the credited account has available above its floor (0 when it has none)
    bool closing_debit = false;     // closes the debited account; a pending one opens it again when it is voided or expires
    bool closing_credit = false;

    [[nodiscard]] bool balancing() const { return balancing_debit || balancing_credit; }
    [[nodiscard]] bool closing() const { return closing_debit || closing_credit; }
    [[nodiscard]] constexpr std::int16_t bits() const
    {
        return static_cast<std::int16_t>(balancing_debit | balancing_credit << 1 | closing_debit << 2 | closing_credit << 3);
    }
    [[nodiscard]] static constexpr TransferFlags from_bits(std::int16_t bits)
    {
        return {(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0};
    }
    friend constexpr bool operator==(TransferFlags, TransferFlags) = default;
};

// One amount moved, held, or a hold ended, between two accounts of one book.
struct Transfer {
    Transfer() = default;
    Transfer(Id<Transfer> i, AccountNumber d, AccountNumber c, Dong a, TransferCode k, std::string r, Instant at)
        : id(i), debit(d), credit(c), amount(a), code(k), reference(std::move(r)), event_at(at)
    {
    }

    Id<Transfer> id;  // made before the first try; also the idempotency key: same id, same transfer of the same book, for ever
    TransferKind kind = TransferKind::posted;
    TransferFlags flags{};
    AccountNumber debit;   // kinds that end a pending transfer: as there, or 0 for "as there"
    AccountNumber credit;  // likewise
    // > 0; closing: 0 allowed; balancing: the most (told again, any most that what moved lies within is the same transfer);
    // post: at most what is held, 0 for all of it; undo: 0 or exactly what is held
    Dong amount;
    TransferCode code = TransferCode::opening;
    std::string reference;    // order code, bank reference, document number: up to 64 bytes, searchable
    Instant event_at;         // when it happened in the world; the writer adds when it was recorded
    Id<Transfer> pending;     // which pending transfer a post, undo or expire ends; else nil
    std::chrono::seconds timeout{};  // pending: given back after this long; 0: never

    friend bool operator==(Transfer const&, Transfer const&) = default;
};

// What a transfer became. Rows are never changed.
struct JournalRow {
    BookId book;
    std::int64_t seq = 0;  // dense per book, from 1
    Transfer transfer;     // as it was done: accounts and amount filled in
    Dong debit_balance;    // posted, of the debited account after this row
    Dong credit_balance;   // posted, of the credited account after this row
    Instant recorded_at;
    std::optional<Instant> expires_at;  // pending with a timeout: recorded_at + timeout
};

// The bytes of a row that proofs are made over, integers big-endian two's complement:
//   book 8 | seq 8 | id 16 | kind 2 | flags 2 | debit 8 | credit 8 | amount 8 | debit balance 8 | credit balance 8 | code 4 |
//   event_at 8 (microseconds since 1970 UTC) | recorded_at 8 | pending id 16 (zeros: none) | expires_at 8 (zero: none) |
//   length of reference 4 | reference (UTF-8)
[[nodiscard]] std::string row_bytes(JournalRow const& row);
void append_row_bytes(std::string& out, JournalRow const& row);  // the same, into a buffer that is used again

}  // namespace cho40::ledger
