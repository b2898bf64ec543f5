#pragma once
#include "ledger/merkle_paths.h"
#include <map>

namespace cho40::ledger {

// A book's tree in memory: what the journal and the table of kept nodes would answer, and what was asked of them.
struct TreeInMemory final : MerkleReader {
    explicit TreeInMemory(std::int64_t size = 0)
    {
        for (std::int64_t i = 0; i < size; ++i) append(leaf_hash("row " + std::to_string(i)));
    }
    void append(Sha256 const& leaf)
    {
        std::vector<MerkleNode> completed;
        leaves.push_back(leaf);
        frontier.append(leaf, completed);
        for (auto const& node : completed) nodes[node.level].push_back(node.hash);
    }

    boost::asio::awaitable<Result<std::vector<Sha256>>> hashes(BookId, int level, std::int64_t first, std::int64_t count) override
    {
        asked[level] += count;
        auto const& all = level == 0 ? leaves : nodes[level];
        std::vector<Sha256> out;
        for (auto i = first; i < first + count && i < static_cast<std::int64_t>(all.size()); ++i) {
            out.push_back(all[static_cast<std::size_t>(i)]);
        }
        co_return out;
    }

    std::vector<Sha256> leaves;
    std::map<int, std::vector<Sha256>> nodes;
    std::map<int, std::int64_t> asked;  // hashes, by level
    MerkleFrontier frontier;
};

// MTH of RFC 6962, word by word.
inline Sha256 naive_root(std::span<Sha256 const> leaves)
{
    if (leaves.empty()) return sha256({});
    if (leaves.size() == 1) return leaves[0];
    std::size_t k = 1;
    while (k * 2 < leaves.size()) k *= 2;
    return node_hash(naive_root(leaves.first(k)), naive_root(leaves.subspan(k)));
}

}  // namespace cho40::ledger
