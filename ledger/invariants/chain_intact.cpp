#include "ledger/invariants/chain_intact.h"

namespace cho40::ledger {

std::optional<std::string> ChainIntact::on_row(JournalRow const& row)
{
    bytes_.clear();
    append_row_bytes(bytes_, row);
    std::vector<MerkleNode> completed;
    tree_.append(leaf_hash(bytes_), completed);
    if (expected_.empty() || expected_.front().size > row.seq) return std::nullopt;
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

std::optional<std::string> ChainIntact::on_book_end(BookId)
{
    std::optional<std::string> missing;
    if (!expected_.empty()) {
        missing = std::to_string(expected_.back().size) + " rows were signed for, " + std::to_string(tree_.size()) + " stand";
    }
    expected_.clear();
    tree_ = {};
    previous_ = {};
    return missing;
}

}  // namespace cho40::ledger
