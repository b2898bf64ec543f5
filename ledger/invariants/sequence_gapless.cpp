#include "ledger/invariants/invariant.h"

namespace cho40::ledger {
namespace {

// Rows of a book are numbered 1, 2, 3 … without a hole and without a repeat, and time never runs backwards.
class SequenceGapless final : public Invariant {
public:
    std::string_view name() const override { return "sequence_gapless"; }

    void begin(Standing const& standing) override { last_ = standing.seq; }

    std::optional<std::string> on_row(JournalRow const& row) override
    {
        auto const expected = last_ + 1;
        last_ = row.seq;
        if (row.seq != expected) return "row " + std::to_string(expected) + " is missing: the next one is " + std::to_string(row.seq);
        auto const before = recorded_at_;
        recorded_at_ = row.recorded_at;
        if (row.seq > 1 && row.recorded_at < before) return "it was recorded before the row in front of it";
        return std::nullopt;
    }

    std::optional<std::string> on_book_end(BookId) override
    {
        last_ = 0;
        recorded_at_ = Instant{};
        return std::nullopt;
    }

private:
    std::int64_t last_ = 0;
    Instant recorded_at_;
};

}  // namespace

std::unique_ptr<Invariant> make_sequence_gapless() { return std::make_unique<SequenceGapless>(); }

}  // namespace cho40::ledger
