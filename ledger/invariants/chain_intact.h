#pragma once
#include "ledger/invariants/invariant.h"
#include "ledger/signed_head.h"
#include <deque>

namespace cho40::ledger {

// What was signed of a book is what stands there: each signed head names the one before it, is signed by a key we know, and its
// root is the root of the rows it covers.
class ChainIntact final : public Invariant {
public:
    // Without keys the signatures are not looked at; with keys a head of another one is a fault.
    explicit ChainIntact(std::vector<HeadKey const*> keys) : keys_(std::move(keys)) {}

    // Heads in order of book and size, each before the row with its number is shown.
    void expect(SignedHead head) { expected_.push_back(std::move(head)); }

    [[nodiscard]] std::string_view name() const override { return "chain_intact"; }
    void begin(Standing const&) override {}  // the tree starts at the first row, wherever one looks from
    [[nodiscard]] std::optional<std::string> on_row(JournalRow const& row) override;
    [[nodiscard]] std::optional<std::string> on_book_end(BookId book) override;

    [[nodiscard]] std::int64_t heads() const { return heads_; }
    [[nodiscard]] std::int64_t signatures() const { return signatures_; }

private:
    [[nodiscard]] std::optional<std::string> compare(SignedHead const& head);

    std::vector<HeadKey const*> keys_;
    std::deque<SignedHead> expected_;
    MerkleFrontier tree_;
    std::string bytes_;  // reused
    Sha256 previous_{};
    std::int64_t heads_ = 0;
    std::int64_t signatures_ = 0;
};

}  // namespace cho40::ledger
