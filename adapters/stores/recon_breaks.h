#pragma once
#include "adapters/stores/recon_records.h"
#include "reconcile/workflow/break_act.h"

// Breaks and what people do with them, as they are kept. Rows travel with ledger commands.
namespace cho40::stores {

struct ReconBreak {
    ledger::BookId book;
    Id<ReconBreak> id;  // derived from class and members: a second run finds the first one's break
    Uuid partner;
    Day date;
    reconcile::BreakClass kind{};
    std::string members;  // JSON: the records it is about
    Dong delta;
    Dong at_stake;        // the largest amount among delta and members
    std::string summary;
    std::string owner;    // the desk that acts first
    reconcile::BreakStanding standing;
    std::int64_t acts = 0;
    Id<ReconRun> last_run;
    Instant opened_at;
    Instant updated_at;
    std::optional<Instant> closed_at;
    std::int64_t version = 1;
};

// One line of a break's history.
struct ReconBreakAct {
    std::int64_t number = 0;
    std::string verb;     // of reconcile::BreakVerb, or the machine's found_again, figures_changed, closed_by_data
    Uuid by;              // nil: the machine
    std::string by_name;
    Instant at;
    std::string from_state;
    std::string to_state;
    std::string reason;
    std::string resolution;
    std::string cause;
    std::optional<Uuid> assignee;
    std::optional<reconcile::Evidence> evidence;
    std::optional<Id<ReconRun>> run;  // of the machine's
    reconcile::BreakStanding before;
};

// What a run found; with what people did it is put together where it is written.
struct FoundReconBreak final : ledger::AttachedRow {
    explicit FoundReconBreak(ReconBreak b) : found(std::move(b)) {}
    ReconBreak found;
};
// Open breaks of the run's day that it did not find again are closed with it.
struct FinishedReconRun final : ledger::AttachedRow {
    explicit FinishedReconRun(ReconRun r) : run(std::move(r)) {}
    ReconRun run;
};
// A person's act. Guard it with break_act_guards(): it is written onto whatever stands there.
struct DoneBreakAct final : ledger::AttachedRow {
    DoneBreakAct(ledger::BookId b, Id<ReconBreak> i, reconcile::BreakStanding was, reconcile::BreakStanding is, reconcile::BreakAct a,
                 Uuid who, Instant when)
        : book(b), id(i), before(std::move(was)), after(std::move(is)), act(std::move(a)), by(who), at(when)
    {
    }
    ledger::BookId book;
    Id<ReconBreak> id;
    reconcile::BreakStanding before;
    reconcile::BreakStanding after;
    reconcile::BreakAct act;
    Uuid by;
    Instant at;
};
struct SetApprovalLimit final : ledger::AttachedRow {
    SetApprovalLimit(Uuid u, Dong a, Uuid who, Instant when) : user(u), amount(a), by(who), at(when) {}
    Uuid user;
    Dong amount;
    Uuid by;
    Instant at;
};

// Runs of a partner's day are counted by this guard; whoever acts on what a run found says which run that was.
[[nodiscard]] inline Uuid runs_of_day(Uuid partner, Day day)
{
    return make_derived_uuid({"recon runs", partner.to_string(), day.to_string()});
}
// Nothing else was done with the break since it was read.
[[nodiscard]] inline ledger::Guard break_act_guard(ReconBreak const& read)
{
    return {make_derived_uuid({"recon break act", read.id.uuid.to_string(), std::to_string(read.acts)}), 0, 1};
}

}  // namespace cho40::stores
