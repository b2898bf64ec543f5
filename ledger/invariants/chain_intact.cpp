#include "ledger/invariants/chain_intact.h"

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
    if (key_ && head.key == key_->id() && !is_signed_by(*key_, head)) return where + "names our key, which did not sign it";
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
