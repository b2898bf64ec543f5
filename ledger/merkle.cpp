#include "ledger/merkle.h"
#include "base/check.h"
#include <algorithm>
#include <bit>
#include <cstring>

namespace cho40::ledger {
namespace {

constexpr char leaf_prefix = '\0';
constexpr char node_prefix = '\1';

bool is_kept(int level) { return std::ranges::find(kept_levels, level) != kept_levels.end(); }

}  // namespace

Sha256 leaf_hash(std::string_view bytes)
{
    std::string prefixed;
    prefixed.reserve(bytes.size() + 1);
    prefixed += leaf_prefix;
    prefixed += bytes;
    return sha256(prefixed);
}

Sha256 leaf_hash(JournalRow const& row)
{
    // Runs for every row that is posted: the buffer keeps its room.
    thread_local std::string bytes;
    bytes.assign(1, leaf_prefix);
    append_row_bytes(bytes, row);
    return sha256(bytes);
}

Sha256 node_hash(Sha256 const& left, Sha256 const& right)
{
    char bytes[1 + 2 * sizeof(Sha256)];
    bytes[0] = node_prefix;
    std::memcpy(bytes + 1, left.data(), left.size());
    std::memcpy(bytes + 1 + left.size(), right.data(), right.size());
    return sha256({bytes, sizeof bytes});
}

template <class Joined>
void MerkleFrontier::add(int level, Sha256 hash, Joined joined)
{
    auto index = size_ >> level;
    for (; (index & 1) != 0; ++level, index >>= 1) {
        hash = node_hash(edge_[static_cast<std::size_t>(level)], hash);
        joined(level + 1, index >> 1, hash);
    }
    if (edge_.size() <= static_cast<std::size_t>(level)) edge_.resize(static_cast<std::size_t>(level) + 1);
    edge_[static_cast<std::size_t>(level)] = hash;
}

void MerkleFrontier::append(Sha256 const& leaf, std::vector<MerkleNode>& completed)
{
    add(0, leaf, [&](int level, std::int64_t index, Sha256 const& hash) {
        if (is_kept(level)) completed.push_back(MerkleNode{level, index, hash});
    });
    ++size_;
}

void MerkleFrontier::append_subtree(int level, Sha256 const& hash)
{
    auto const rows = std::int64_t{1} << level;
    CHO_CHECK(size_ % rows == 0);
    add(level, hash, [](int, std::int64_t, Sha256 const&) {});
    size_ += rows;
}

Sha256 MerkleFrontier::root() const
{
    if (size_ == 0) return sha256({});
    auto rest = static_cast<std::uint64_t>(size_);
    auto root = edge_[static_cast<std::size_t>(std::countr_zero(rest))];
    for (rest &= rest - 1; rest != 0; rest &= rest - 1) root = node_hash(edge_[static_cast<std::size_t>(std::countr_zero(rest))], root);
    return root;
}

bool is_included(Sha256 const& leaf, std::int64_t index, std::int64_t size, std::span<Sha256 const> path, Sha256 const& root)
{
    if (index < 0 || index >= size) return false;
    auto hash = leaf;
    auto last = size - 1;
    for (auto const& sibling : path) {
        if (last == 0) return false;
        if ((index & 1) != 0 || index == last) {
            hash = node_hash(sibling, hash);
            while ((index & 1) == 0 && index != 0) {
                index >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(hash, sibling);
        }
        index >>= 1;
        last >>= 1;
    }
    return last == 0 && hash == root;
}

bool is_extended(TreeHead const& earlier, TreeHead const& later, std::span<Sha256 const> path)
{
    if (earlier.size <= 0 || earlier.size > later.size) return false;
    if (earlier.size == later.size) return path.empty() && earlier.root == later.root;
    // A tree of a power of two rows is itself the first node of the path and is not repeated there.
    bool const complete = std::has_single_bit(static_cast<std::uint64_t>(earlier.size));
    if (!complete && path.empty()) return false;
    auto const& first = complete ? earlier.root : path.front();
    if (!complete) path = path.subspan(1);

    auto index = earlier.size - 1;
    auto last = later.size - 1;
    while ((index & 1) != 0) {
        index >>= 1;
        last >>= 1;
    }
    auto old_root = first;
    auto new_root = first;
    for (auto const& node : path) {
        if (last == 0) return false;
        if ((index & 1) != 0 || index == last) {
            old_root = node_hash(node, old_root);
            new_root = node_hash(node, new_root);
            while ((index & 1) == 0 && index != 0) {
                index >>= 1;
                last >>= 1;
            }
        } else {
            new_root = node_hash(new_root, node);
        }
        index >>= 1;
        last >>= 1;
    }
    return last == 0 && old_root == earlier.root && new_root == later.root;
}

}  // namespace cho40::ledger
