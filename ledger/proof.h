#pragma once
#include "ledger/merkle_paths.h"
#include "ledger/signed_head.h"
#include <optional>

namespace cho40::ledger {

// All that is needed to see, without us, that a row stands in a book that we have signed for.
struct Proof {
    struct Later {
        SignedHead head;
        std::vector<Sha256> path;  // that the later head's tree begins with the earlier one's rows
    };

    JournalRow row;
    std::int64_t index = 0;  // of the leaf: row.seq - 1
    Sha256 leaf{};           // leaf_hash(row); told apart so that a changed row is known from a changed path
    std::vector<Sha256> path;
    SignedHead head;
    std::optional<Later> later;
};

enum class ProofFault {
    other_book,             // the head is of another book
    index_wrong,            // the leaf is not the row's place in its book
    not_covered,            // the head was signed before the row was posted
    other_key,              // the head names another key than the one it is checked with
    signature_wrong,
    row_changed,            // the row does not hash to the leaf
    path_wrong,             // leaf and path do not lead to the head's root
    later_head_wrong,       // of another book, or smaller than the first
    later_other_key,
    later_signature_wrong,
    later_path_wrong,       // the later head does not begin with the rows of the first
};
[[nodiscard]] std::string_view proof_fault_name(ProofFault fault);  // "row_changed"
[[nodiscard]] std::string_view proof_fault_text(ProofFault fault);  // a sentence for people

// The first thing that is wrong with a proof. Pure: no service, no database.
[[nodiscard]] std::optional<ProofFault> check_proof(Proof const& proof, HeadKey const& key);

struct ProofReader : MerkleReader {
    // Without a book all books are looked through.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<JournalRow>>> find_row(Id<Transfer> transfer,
                                                                                             std::optional<BookId> book) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<JournalRow>>> row_at(BookId book, std::int64_t seq) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<SignedHead>>> newest_head(BookId book) = 0;
    // The smallest head of at least this size.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<SignedHead>>> first_head(BookId book, std::int64_t size) = 0;
};

struct ProofWish {
    std::optional<BookId> book = {};  // where the transfer is known to lie
    bool from_first = false;          // against the first head that covered it, and from there to the newest
};

// A transfer's proof as of now. Errors: not_found, unavailable (its row is so new that no head covers it: ask again in a
// second), books_broken.
[[nodiscard]] boost::asio::awaitable<Result<Proof>> proof_of(ProofReader& reader, Id<Transfer> transfer, ProofWish wish = {});
// The same of a row that is known by its place, against the newest head.
[[nodiscard]] boost::asio::awaitable<Result<Proof>> proof_of_row(ProofReader& reader, BookId book, std::int64_t seq);

}  // namespace cho40::ledger
