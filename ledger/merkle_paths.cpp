#include "ledger/merkle_paths.h"
#include "base/check.h"
#include <bit>
#include <map>

namespace cho40::ledger {
namespace {

constexpr int level_step = 8;  // between one kept level and the next
constexpr std::array stored_levels{kept_levels[2], kept_levels[1], kept_levels[0], 0};

// The rows [begin, end) of a tree.
struct Rows {
    std::int64_t begin = 0;
    std::int64_t end = 0;

    [[nodiscard]] std::int64_t count() const { return end - begin; }
    // Where RFC 6962 parts them: the largest power of two smaller than their number.
    [[nodiscard]] std::int64_t middle() const
    {
        return begin + static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(count() - 1)));
    }
};

// The few hashes of a tree that a proof needs, and what follows from them.
class PartialTree {
public:
    // Reads, at each stored level, the nodes beside `position` that share their parent of the next stored level with it.
    boost::asio::awaitable<Result<Done>> read_around(MerkleReader& reader, BookId book, std::int64_t position, std::int64_t size)
    {
        for (auto const level : stored_levels) {
            auto const complete = size >> level;
            auto const whole = level == stored_levels.front();
            auto const first = whole ? 0 : position >> (level + level_step) << level_step;
            auto const end = whole ? complete : std::min(complete, first + (1 << level_step));
            auto& nodes = nodes_[level];
            if (first >= end || nodes.contains(first)) continue;  // none, or read around another position
            CHO_CO_TRY(auto hashes, co_await reader.hashes(book, level, first, end - first));
            if (static_cast<std::int64_t>(hashes.size()) < end - first) {
                auto const missing = first + static_cast<std::int64_t>(hashes.size());
                co_return fail(Errc::books_broken, "book " + std::to_string(book.value) + " has no " +
                                                       (level == 0 ? "row " + std::to_string(missing + 1)
                                                                   : "node " + std::to_string(level) + "/" + std::to_string(missing)) +
                                                       ", which a proof over " + std::to_string(size) + " rows needs");
            }
            for (std::size_t i = 0; i < hashes.size(); ++i) nodes.emplace(first + static_cast<std::int64_t>(i), hashes[i]);
        }
        co_return Done{};
    }

    [[nodiscard]] Sha256 hash(Rows rows) const
    {
        if (auto const* known = find(rows)) return *known;
        CHO_CHECK(rows.count() > 1);
        auto const middle = rows.middle();
        return node_hash(hash({rows.begin, middle}), hash({middle, rows.end}));
    }

    // PATH of RFC 6962: the subtrees beside the way from the row up to the root.
    void add_inclusion(std::int64_t index, Rows rows, std::vector<Sha256>& path) const
    {
        if (rows.count() == 1) return;
        auto const middle = rows.middle();
        bool const left = index < middle;
        add_inclusion(index, left ? Rows{rows.begin, middle} : Rows{middle, rows.end}, path);
        path.push_back(hash(left ? Rows{middle, rows.end} : Rows{rows.begin, middle}));
    }

    // SUBPROOF of RFC 6962. `whole`: the earlier tree fills these rows from their beginning, so who checks has its root.
    void add_consistency(std::int64_t earlier, Rows rows, bool whole, std::vector<Sha256>& path) const
    {
        if (earlier == rows.end) {
            if (!whole) path.push_back(hash(rows));
            return;
        }
        auto const middle = rows.middle();
        if (earlier <= middle) {
            add_consistency(earlier, {rows.begin, middle}, whole, path);
            path.push_back(hash({middle, rows.end}));
        } else {
            add_consistency(earlier, {middle, rows.end}, false, path);
            path.push_back(hash({rows.begin, middle}));
        }
    }

private:
    [[nodiscard]] Sha256 const* find(Rows rows) const
    {
        auto const count = static_cast<std::uint64_t>(rows.count());
        if (!std::has_single_bit(count)) return nullptr;
        auto const level = nodes_.find(std::countr_zero(count));
        if (level == nodes_.end()) return nullptr;
        auto const node = level->second.find(rows.begin >> level->first);
        return node == level->second.end() ? nullptr : &node->second;
    }

    std::map<int, std::map<std::int64_t, Sha256>> nodes_;
};

}  // namespace

boost::asio::awaitable<Result<std::vector<Sha256>>> inclusion_path(MerkleReader& reader, BookId book, std::int64_t index, std::int64_t size)
{
    CHO_CHECK(index >= 0 && index < size);
    PartialTree tree;
    CHO_CO_TRY_DO(co_await tree.read_around(reader, book, index, size));
    CHO_CO_TRY_DO(co_await tree.read_around(reader, book, size, size));
    std::vector<Sha256> path;
    tree.add_inclusion(index, {0, size}, path);
    co_return path;
}

boost::asio::awaitable<Result<std::vector<Sha256>>> consistency_path(MerkleReader& reader, BookId book, std::int64_t earlier,
                                                                     std::int64_t later)
{
    CHO_CHECK(earlier > 0 && earlier <= later);
    PartialTree tree;
    CHO_CO_TRY_DO(co_await tree.read_around(reader, book, earlier, later));
    CHO_CO_TRY_DO(co_await tree.read_around(reader, book, later, later));
    std::vector<Sha256> path;
    tree.add_consistency(earlier, {0, later}, true, path);
    co_return path;
}

boost::asio::awaitable<Result<Sha256>> root_of(MerkleReader& reader, BookId book, std::int64_t size)
{
    if (size == 0) co_return sha256({});
    PartialTree tree;
    CHO_CO_TRY_DO(co_await tree.read_around(reader, book, size, size));
    co_return tree.hash({0, size});
}

}  // namespace cho40::ledger
