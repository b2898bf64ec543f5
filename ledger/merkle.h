#pragma once
#include "ledger/transfer.h"
#include <array>
#include <span>
#include <vector>

namespace cho40::ledger {

// The Merkle tree of a book's rows, as RFC 6962 section 2 defines it for Certificate Transparency: leaf i is row i + 1.
//   leaf = SHA-256(0x00 | row_bytes)      node = SHA-256(0x01 | left | right)      of no rows: SHA-256 of nothing
[[nodiscard]] Sha256 leaf_hash(std::string_view bytes);
[[nodiscard]] Sha256 leaf_hash(JournalRow const& row);
[[nodiscard]] Sha256 node_hash(Sha256 const& left, Sha256 const& right);

// Complete subtrees of these heights are kept (256, 65 536 and 16 777 216 rows); height 0 is a row.
inline constexpr std::array kept_levels{8, 16, 24};

// The root of the rows [index << level, (index + 1) << level), all of which exist.
struct MerkleNode {
    int level = 0;
    std::int64_t index = 0;
    Sha256 hash{};

    friend bool operator==(MerkleNode const&, MerkleNode const&) = default;
};

// What of a growing tree is needed to grow it further: the roots of the complete subtrees at its right edge, one for each
// bit set in its size.
class MerkleFrontier {
public:
    // Appends one row's leaf hash. Subtrees of a kept level that it completes are added to `completed`.
    void append(Sha256 const& leaf, std::vector<MerkleNode>& completed);
    // Appends 2^level rows at once, to make a tree again from kept nodes. Pre: size() is a multiple of 2^level.
    void append_subtree(int level, Sha256 const& hash);

    [[nodiscard]] std::int64_t size() const { return size_; }
    [[nodiscard]] Sha256 root() const;

private:
    // Adds a subtree and joins equals; `joined(level, index, hash)` sees each subtree that comes about.
    template <class Joined>
    void add(int level, Sha256 hash, Joined joined);

    std::int64_t size_ = 0;
    std::vector<Sha256> edge_;  // by level; those whose bit of size_ is clear mean nothing
};

// Whether `leaf` is row `index` (from 0) of the tree of `size` rows with this root (RFC 9162, 2.1.3.2).
[[nodiscard]] bool is_included(Sha256 const& leaf, std::int64_t index, std::int64_t size, std::span<Sha256 const> path, Sha256 const& root);

struct TreeHead {
    std::int64_t size = 0;
    Sha256 root{};
};

// Whether the later tree begins with all rows of the earlier one, unchanged (RFC 9162, 2.1.4.2). An empty tree is the
// beginning of every tree and proves nothing: refused.
[[nodiscard]] bool is_extended(TreeHead const& earlier, TreeHead const& later, std::span<Sha256 const> path);

}  // namespace cho40::ledger
