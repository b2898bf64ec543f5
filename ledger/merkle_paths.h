#pragma once
#include "base/result.h"
#include "ledger/merkle.h"
#include <boost/asio/awaitable.hpp>

namespace cho40::ledger {

// Where the hashes of a book's tree lie: at height 0 in the journal (each made again from its row), at the kept levels as
// they were written down.
struct MerkleReader {
    virtual ~MerkleReader() = default;
    // Those with index first, first + 1, … that exist, at most `count` and up to the first gap.
    // Pre: level is 0 or a kept one. Errors: unavailable.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<Sha256>>> hashes(BookId book, int level, std::int64_t first,
                                                                                     std::int64_t count) = 0;
};

// Proofs over the first rows of a book. Each reads at most 512 rows and 512 nodes of each kept level, however long the book
// is. Errors: books_broken (a row or node that must exist is not there), unavailable.

// That row `index` (from 0) is one of the first `size`. Pre: 0 <= index < size.
[[nodiscard]] boost::asio::awaitable<Result<std::vector<Sha256>>> inclusion_path(MerkleReader& reader, BookId book, std::int64_t index,
                                                                                 std::int64_t size);
// That the first `later` rows begin with the first `earlier` ones. Pre: 0 < earlier <= later.
[[nodiscard]] boost::asio::awaitable<Result<std::vector<Sha256>>> consistency_path(MerkleReader& reader, BookId book, std::int64_t earlier,
                                                                                   std::int64_t later);
// The root of the first `size` rows.
[[nodiscard]] boost::asio::awaitable<Result<Sha256>> root_of(MerkleReader& reader, BookId book, std::int64_t size);

}  // namespace cho40::ledger
