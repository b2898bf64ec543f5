#include "ledger/chain.h"
#include "ledger/invariants/invariant.h"

namespace cho40::ledger {
namespace {

// Every row carries the hash of all rows up to it (chain.h).
class ChainIntact final : public Invariant {
public:
    std::string_view name() const override { return "chain_intact"; }

    std::optional<std::string> on_row(JournalRow const& row) override
    {
        link_ = chain_link(link_, row);
        if (link_ == row.chain) return std::nullopt;
        return "its link is " + to_hex(row.chain) + ", the content gives " + to_hex(link_);
    }

    std::optional<std::string> on_book_end(BookId) override
    {
        link_ = Sha256{};
        return std::nullopt;
    }

private:
    Sha256 link_{};
};

}  // namespace

std::unique_ptr<Invariant> make_chain_intact() { return std::make_unique<ChainIntact>(); }

}  // namespace cho40::ledger
