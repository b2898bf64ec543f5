#include "ledger/invariants/invariant.h"
#include <unordered_set>

namespace cho40::ledger {
namespace {

// A transfer id stands in the journal once: nothing is ever booked twice.
class OneOutcomePerKey final : public Invariant {
public:
    std::string_view name() const override { return "one_outcome_per_key"; }

    void begin(Standing const&) override {}  // ids of before are not known

    std::optional<std::string> on_row(JournalRow const& row) override
    {
        if (seen_.insert(row.transfer.id.uuid).second) return std::nullopt;
        return "transfer " + row.transfer.id.uuid.to_string() + " stands twice";
    }

    std::optional<std::string> on_book_end(BookId) override
    {
        seen_.clear();
        return std::nullopt;
    }

private:
    std::unordered_set<Uuid> seen_;
};

}  // namespace

std::unique_ptr<Invariant> make_one_outcome_per_key() { return std::make_unique<OneOutcomePerKey>(); }

}  // namespace cho40::ledger
