#include "ledger/invariants/chain_intact.h"
#include <algorithm>

namespace cho40::ledger {

std::optional<std::string> ChainIntact::on_row(JournalRow const& row)
{
    bytes_.clear();
    append_row_bytes(bytes_, row);
    std::vector<MerkleNode> completed;
    tree_.append(leaf_hash(bytes_), completed);
    if (expected_.empty() || expected_.front().book != row.book || expected_.front().size > row.seq) return std::nullopt;
    auto const head = expected_.front();
    expected_.pop_front();
    return compare(head);
}

std::optional<std::string> ChainIntact::compare(SignedHead const& head)
{
    ++heads_;
    auto const where = "the head of " + std::to_string(head.size) + " rows ";
    if (head.previous != previous_) return where + "does not follow the head before it";
    previous_ = head_hash(head);
    if (head.size != tree_.size()) return where + "is out of order";
    if (head.root != tree_.root()) { return where + "was signed over " + to_hex(head.root) + "; the rows give " + to_hex(tree_.root()); }
    if (keys_.empty()) return std::nullopt;
    ++signatures_;
    auto const name = to_hex(std::string_view(reinterpret_cast<char const*>(head.key.data()), head.key.size()));
    auto const key = std::ranges::find_if(keys_, [&](HeadKey const* k) { return k->id() == head.key; });
    if (key == keys_.end()) return where + "names the key " + name + ", which is none that we know";
    if (!is_signed_by(**key, head)) return where + "names the key " + name + ", which did not sign it";
    return std::nullopt;
}

// Heads of the next book may be expected already.
std::optional<std::string> ChainIntact::on_book_end(BookId book)
{
    std::optional<std::string> missing;
    for (; !expected_.empty() && expected_.front().book == book; expected_.pop_front()) {
        missing = std::to_string(expected_.front().size) + " rows were signed for, " + std::to_string(tree_.size()) + " stand";
    }
    tree_ = {};
    previous_ = {};
    return missing;
}

}  // namespace cho40::ledger
