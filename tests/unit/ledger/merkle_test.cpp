#include "tests/support/run.h"
#include "tests/unit/ledger/merkle_fixture.h"
#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace cho40::ledger {
namespace {

using Path = std::vector<Sha256>;
using namespace std::string_view_literals;

constexpr BookId book{7};

Path inclusion(MerkleReader& tree, std::int64_t index, std::int64_t size)
{
    return tests::run(inclusion_path(tree, book, index, size)).value();
}
Path consistency(MerkleReader& tree, std::int64_t from, std::int64_t to)
{
    return tests::run(consistency_path(tree, book, from, to)).value();
}
Sha256 root_at(MerkleReader& tree, std::int64_t size) { return tests::run(root_of(tree, book, size)).value(); }

std::vector<std::string> hex(Path const& path)
{
    std::vector<std::string> out;
    for (auto const& node : path) out.push_back(to_hex(node));
    return out;
}

// The eight leaves of the certificate-transparency project's tests, and what they must come to.
TreeInMemory published_tree()
{
    TreeInMemory tree;
    for (auto const leaf : {""sv, "\x00"sv, "\x10"sv, "\x20\x21"sv, "\x30\x31"sv, "\x40\x41\x42\x43"sv,
                            "\x50\x51\x52\x53\x54\x55\x56\x57"sv, "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"sv}) {
        tree.append(leaf_hash(leaf));
    }
    return tree;
}

TEST(MerklePublished, RootsOfOneToEightLeaves)
{
    char const* const roots[] = {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                                 "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                 "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                 "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                 "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                 "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                 "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                 "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                 "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    auto tree = published_tree();
    for (std::int64_t size = 0; size <= 8; ++size) EXPECT_EQ(to_hex(root_at(tree, size)), roots[size]) << size;
    EXPECT_EQ(to_hex(tree.frontier.root()), roots[8]);
}

TEST(MerklePublished, InclusionPaths)
{
    auto tree = published_tree();
    EXPECT_EQ(hex(inclusion(tree, 0, 1)), std::vector<std::string>{});
    EXPECT_EQ(hex(inclusion(tree, 0, 8)), (std::vector<std::string>{"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                                                                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                                                                    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}));
    EXPECT_EQ(hex(inclusion(tree, 5, 8)), (std::vector<std::string>{"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                                                                    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                                                                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
    EXPECT_EQ(hex(inclusion(tree, 2, 3)), (std::vector<std::string>{"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"}));
}

TEST(MerklePublished, ConsistencyPaths)
{
    auto tree = published_tree();
    EXPECT_EQ(hex(consistency(tree, 1, 1)), std::vector<std::string>{});
    EXPECT_EQ(hex(consistency(tree, 6, 8)), (std::vector<std::string>{"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                                                                      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                                                                      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
    EXPECT_EQ(hex(consistency(tree, 2, 5)), (std::vector<std::string>{"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                                                                      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}));
}

TEST(Merkle, TheFrontierIsTheRecursion)
{
    TreeInMemory tree;
    for (int i = 0; i < 600; ++i) {
        ASSERT_EQ(tree.frontier.root(), naive_root(tree.leaves)) << i;
        ASSERT_EQ(tree.frontier.size(), i);
        tree.append(leaf_hash(std::to_string(i)));
    }
}

// All small trees and those around a kept subtree; a few between.
std::int64_t next_size(std::int64_t size)
{
    return size < 40 || (size >= 254 && size < 260) ? size + 1 : size + 43 < 254 ? size + 43 : size < 254 ? 254 : size + 20;
}

TEST(Merkle, EveryRowOfEveryTreeIsProved)
{
    TreeInMemory tree(300);
    for (std::int64_t size = 1; size <= 300; size = next_size(size)) {
        auto const root = naive_root(std::span(tree.leaves).first(static_cast<std::size_t>(size)));
        ASSERT_EQ(root_at(tree, size), root);
        for (std::int64_t index = 0; index < size; ++index) {
            auto const path = inclusion(tree, index, size);
            ASSERT_TRUE(is_included(tree.leaves[static_cast<std::size_t>(index)], index, size, path, root)) << index << " of " << size;
        }
    }
}

TEST(Merkle, EveryPairOfTreesIsProved)
{
    TreeInMemory tree(300);
    std::vector<Sha256> roots;
    for (std::int64_t size = 0; size <= 300; ++size) roots.push_back(root_at(tree, size));
    auto const head = [&](std::int64_t size) { return TreeHead{size, roots[static_cast<std::size_t>(size)]}; };
    for (std::int64_t later = 1; later <= 300; later = next_size(later)) {
        for (std::int64_t earlier = 1; earlier <= later; ++earlier) {
            ASSERT_TRUE(is_extended(head(earlier), head(later), consistency(tree, earlier, later))) << earlier << " to " << later;
        }
    }
    EXPECT_FALSE(is_extended(head(0), head(9), {}));
    EXPECT_FALSE(is_extended(head(9), head(8), {}));
    EXPECT_FALSE(is_extended({9, roots[8]}, head(9), {}));
}

void flip_bit(Sha256& hash, std::size_t bit) { hash[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8)); }

TEST(Merkle, AnyChangedBitIsRefused)
{
    TreeInMemory tree(400);
    rc::check("inclusion", [&] {
        auto const size = *rc::gen::inRange<std::int64_t>(1, 401);
        auto const index = *rc::gen::inRange<std::int64_t>(0, size);
        auto const bit = *rc::gen::inRange<std::size_t>(0, 256);
        auto leaf = tree.leaves[static_cast<std::size_t>(index)];
        auto root = root_at(tree, size);
        auto path = inclusion(tree, index, size);
        RC_ASSERT(is_included(leaf, index, size, path, root));
        switch (auto const victim = *rc::gen::inRange<std::size_t>(0, path.size() + 4)) {
        case 0: flip_bit(leaf, bit); break;
        case 1: flip_bit(root, bit); break;
        case 2: path.push_back(leaf); break;
        case 3:
            RC_PRE(!path.empty());
            path.pop_back();
            break;
        default: flip_bit(path[victim - 4], bit);
        }
        RC_ASSERT_FALSE(is_included(leaf, index, size, path, root));
    });
    rc::check("another place", [&] {
        auto const size = *rc::gen::inRange<std::int64_t>(2, 401);
        auto const index = *rc::gen::inRange<std::int64_t>(0, size);
        auto const other = *rc::gen::inRange<std::int64_t>(-2, size + 2);
        RC_PRE(other != index);
        RC_ASSERT_FALSE(
            is_included(tree.leaves[static_cast<std::size_t>(index)], other, size, inclusion(tree, index, size), root_at(tree, size)));
    });
    rc::check("consistency", [&] {
        auto const size = *rc::gen::inRange<std::int64_t>(2, 401);
        TreeHead later{size, root_at(tree, size)};
        auto const before = *rc::gen::inRange<std::int64_t>(1, size);
        TreeHead earlier{before, root_at(tree, before)};
        auto path = consistency(tree, before, size);
        RC_ASSERT(is_extended(earlier, later, path));
        auto const bit = *rc::gen::inRange<std::size_t>(0, 256);
        switch (auto const victim = *rc::gen::inRange<std::size_t>(0, path.size() + 4)) {
        case 0: flip_bit(earlier.root, bit); break;
        case 1: flip_bit(later.root, bit); break;
        case 2: path.push_back(earlier.root); break;
        case 3:
            RC_PRE(!path.empty());
            path.pop_back();
            break;
        default: flip_bit(path[victim - 4], bit);
        }
        RC_ASSERT_FALSE(is_extended(earlier, later, path));
    });
}

TEST(Merkle, KeptNodesAreHandedOutAndMakeTheTreeAgain)
{
    TreeInMemory tree;
    auto const leaf = leaf_hash("the same row again");
    auto const size = (std::int64_t{1} << 16) + 3 * 256 + 5;
    for (std::int64_t i = 0; i < size; ++i) tree.append(leaf);
    EXPECT_EQ(tree.nodes[8].size(), 259U);
    EXPECT_EQ(tree.nodes[16].size(), 1U);
    EXPECT_EQ(tree.nodes[8][17], naive_root(std::span(tree.leaves).subspan(17 * 256, 256)));

    MerkleFrontier again;
    std::vector<MerkleNode> completed;
    again.append_subtree(16, tree.nodes[16][0]);
    for (std::size_t i = 256; i < 259; ++i) again.append_subtree(8, tree.nodes[8][i]);
    for (int i = 0; i < 5; ++i) again.append(leaf, completed);
    EXPECT_TRUE(completed.empty());
    EXPECT_EQ(again.size(), size);
    EXPECT_EQ(again.root(), tree.frontier.root());
    for (int i = 5; i < 256; ++i) again.append(leaf, completed);
    ASSERT_EQ(completed.size(), 1U);
    EXPECT_EQ(completed[0], (MerkleNode{8, 259, tree.nodes[8][3]}));
}

// A book of tens of millions of equal rows: every complete subtree of one height has one hash.
struct HugeTree final : MerkleReader {
    explicit HugeTree(std::int64_t s) : size(s)
    {
        by_level.push_back(leaf_hash("always the same row"));
        while (by_level.size() < 40) by_level.push_back(node_hash(by_level.back(), by_level.back()));
        for (int const level : {24, 16, 8, 0}) {
            while (frontier.size() + (std::int64_t{1} << level) <= size)
                frontier.append_subtree(level, by_level[static_cast<std::size_t>(level)]);
        }
    }
    boost::asio::awaitable<Result<std::vector<Sha256>>> hashes(BookId, int level, std::int64_t first, std::int64_t count) override
    {
        EXPECT_LE((first + count) << level, size) << "a node that is not complete yet";
        asked[level] += count;
        co_return std::vector<Sha256>(static_cast<std::size_t>(count), by_level[static_cast<std::size_t>(level)]);
    }
    std::int64_t size;
    std::vector<Sha256> by_level;
    MerkleFrontier frontier;
    std::map<int, std::int64_t> asked;
};

TEST(Merkle, AProofInAHugeBookReadsAFewHundredHashes)
{
    for (std::int64_t const size :
         {std::int64_t{10'000'000}, std::int64_t{100'000'007}, std::int64_t{1} << 24, (std::int64_t{5} << 24) + 255}) {
        HugeTree tree(size);
        auto const root = tree.frontier.root();
        EXPECT_EQ(root_at(tree, size), root);
        for (auto const index : {std::int64_t{0}, std::int64_t{255}, std::int64_t{256}, size / 3, size - 257, size - 1}) {
            tree.asked.clear();
            auto const path = inclusion(tree, index, size);
            EXPECT_TRUE(is_included(tree.by_level[0], index, size, path, root)) << index << " of " << size;
            for (auto const& [level, count] : tree.asked) EXPECT_LE(count, 512) << "level " << level;

            HugeTree const before(index + 1);
            tree.asked.clear();
            auto const extension = consistency(tree, index + 1, size);
            EXPECT_TRUE(is_extended({index + 1, before.frontier.root()}, {size, root}, extension)) << index << " of " << size;
            for (auto const& [level, count] : tree.asked) EXPECT_LE(count, 512) << "level " << level;
        }
    }
}

TEST(Merkle, AMissingRowIsNamed)
{
    TreeInMemory tree(700);
    tree.leaves.resize(650);
    auto const answer = tests::run(inclusion_path(tree, book, 3, 700));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Errc::books_broken);
    EXPECT_NE(answer.error().detail.find("no row 651"), std::string::npos) << answer.error().detail;
}

}  // namespace
}  // namespace cho40::ledger
