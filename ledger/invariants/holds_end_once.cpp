#include "ledger/invariants/invariant.h"
#include <unordered_map>

namespace cho40::ledger {
namespace {

// A pending transfer ends once, between the same two accounts, and never for more than was held.
class HoldsEndOnce final : public Invariant {
public:
    std::string_view name() const override { return "holds_end_once"; }

    void begin(Standing const& standing) override
    {
        for (auto const& h : standing.holds) open_.emplace(h.id.uuid, Held{h.debit, h.credit, h.amount, h.expires_at});
    }

    std::optional<std::string> on_row(JournalRow const& row) override
    {
        auto const& t = row.transfer;
        if (t.kind == TransferKind::pending) {
            open_.emplace(t.id.uuid, Held{t.debit, t.credit, t.amount, row.expires_at});
            return std::nullopt;
        }
        if (!ends_pending(t.kind)) return std::nullopt;
        auto const it = open_.find(t.pending.uuid);
        if (it == open_.end()) return "it ends pending transfer " + t.pending.uuid.to_string() + ", which is not open";
        auto const held = it->second;
        open_.erase(it);
        if (held.debit != t.debit || held.credit != t.credit) return "it ends a pending transfer of other accounts";
        if (t.kind == TransferKind::post ? t.amount > held.amount : t.amount != held.amount) {
            return "it ends " + std::to_string(t.amount.count()) + " đồng; held were " + std::to_string(held.amount.count());
        }
        if (t.kind == TransferKind::expire && (!held.expires_at || row.recorded_at < *held.expires_at)) return "it expired before its time";
        if (t.kind != TransferKind::expire && held.expires_at && row.recorded_at >= *held.expires_at)
            return "it ended after its time was over";
        return std::nullopt;
    }

    std::optional<std::string> on_book_end(BookId) override
    {
        open_.clear();
        return std::nullopt;
    }

private:
    struct Held {
        AccountNumber debit, credit;
        Dong amount;
        std::optional<Instant> expires_at;
    };
    std::unordered_map<Uuid, Held> open_;
};

}  // namespace

std::unique_ptr<Invariant> make_holds_end_once() { return std::make_unique<HoldsEndOnce>(); }

}  // namespace cho40::ledger
