#pragma once
#include "adapters/postgres/statement.h"
#include <map>
#include <memory>
#include <string>

namespace cho40::stores {

// What is asked of one part of the journal. Ranges of seq are $2 < seq < $3 everywhere; $1 is the book.
enum class PartQuery : std::uint8_t {
    rows_up,       // rows in order: $4 limit
    by_seqs,       // those of an account among given rows: $2 seqs, $3 account
    walk_up,       // an account's rows, found by walking along seq: $4 account, $5 holds too, $6 limit
    walk_down,
    debits_up,     // the same by the index of the debit or the credit side
    debits_down,
    credits_up,
    credits_down,
    debit_keys,    // (seq, event_at) of an account's movements that happened in [$5, $6): $4 account, $7 limit
    credit_keys,
    walk_keys,
    debit_sum,     // what those movements add up to
    credit_sum,
    walk_sum,
    by_id,         // $2 transfer
    by_reference,  // $4 reference, $5 limit; newest first
    filter_down,   // rows with a code ($4, NULL: any), a reference ($5), happened in [$6, $7); $8 limit
    first_at,      // the first seq recorded at or after $2, and the end of the part (one after its last seq)
    balances,      // the newest balance of each account: $4 accounts
    end,           // the part's last seq of the book, 0 when there is none
};

// Statements of each part. They name the part's own table: one over all parts would lock and plan for every one of them, and
// grow slower with the journal.
class PartStatements {
public:
    [[nodiscard]] postgres::Statement const& get(PartQuery query, std::int16_t part);

private:
    struct Made {
        std::string name, sql;
        postgres::Statement statement{};
    };
    std::map<std::pair<PartQuery, std::int16_t>, std::unique_ptr<Made>> made_;  // used for ever: connections keep them prepared
};

}  // namespace cho40::stores
