#pragma once
#include "adapters/stores/recon_records.h"
#include "reconcile/workflow/day_close.h"

// Closings of reconciliation days, as they are kept. Rows travel with ledger commands and are only ever inserted.
namespace cho40::stores {

struct ClosingDecision {
    bool is_signed = false;  // else rejected
    std::string reason;      // of a rejection
    Uuid by;
    std::string by_name;
    Instant at;
    std::string key_id;      // of a signature: 8 bytes, and 64 over reconcile::signed_bytes()
    std::string signature;
};

struct ReconClosing {
    ledger::BookId book;
    Id<ReconClosing> id;
    Uuid partner;
    Day date;
    int number = 1;
    Id<ReconRun> run;
    std::string sheet;       // CSV; empty where only heads were asked for
    Sha256 digest{};
    std::string note;
    Uuid prepared_by;
    Uuid prepared_by_owner;
    std::string prepared_by_name;
    Instant prepared_at;
    std::optional<ClosingDecision> decision;

    [[nodiscard]] bool is_signed() const { return decision && decision->is_signed; }
};

struct NewReconClosing final : ledger::AttachedRow {
    explicit NewReconClosing(ReconClosing c) : closing(std::move(c)) {}
    ReconClosing closing;
};
// Pre: the closing has its decision.
struct DecidedReconClosing final : ledger::AttachedRow {
    explicit DecidedReconClosing(ReconClosing c) : closing(std::move(c)) {}
    ReconClosing closing;
};

// What was done with closings of a day, counted: whoever prepares or decides says what they saw.
[[nodiscard]] inline ledger::Guard closings_guard(Uuid partner, Day day, std::vector<ReconClosing> const& seen)
{
    std::int64_t acts = 0;
    for (auto const& closing : seen) acts += closing.decision ? 2 : 1;
    return {make_derived_uuid({"recon closings", partner.to_string(), day.to_string()}), acts, acts + 1};
}

}  // namespace cho40::stores
