#pragma once
#include "adapters/postgres/pool.h"
#include "adapters/stores/recon_breaks.h"
#include "adapters/stores/row_writers.h"
#include "reconcile/workflow/break_life.h"
#include <map>

namespace cho40::stores {

struct BreakFilter {
    std::vector<Uuid> partners;        // those the reader may see
    std::optional<Day> from;           // business days, both included
    std::optional<Day> to;
    std::vector<std::string> classes;  // empty: all
    std::vector<std::string> states;
    std::optional<Uuid> assignee;
    std::optional<std::string> cause;  // "": none was named
    // Due on this day or earlier: of batches, of everything else (reconcile::due_day).
    std::optional<std::pair<Day, Day>> due_until;
};

// How many breaks and how much money one cell of the overview stands for.
struct BreakCount {
    Uuid partner;
    Day date;
    std::string kind;
    std::string state;
    std::string cause;
    std::int64_t count = 0;
    Dong delta;
    Dong at_stake;
};

// Breaks and their history.
class ReconBreakStore {
public:
    explicit ReconBreakStore(postgres::Pool& pool) : pool_(pool) {}

    // Oldest first.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<ReconBreak>>> list(BreakFilter filter,
                                                                               std::optional<std::pair<Instant, Uuid>> after, int limit);
    // By partner, day, class, state and cause.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<BreakCount>>> count(BreakFilter filter);
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<ReconBreak>>> find(std::vector<Uuid> ids);
    // As they stood at `began` and at `ended`, of all that were known by then: those of business days from … to, or, without days,
    // those that were open when it began or became known since. By partner. Error: too_many.
    using Lives = std::map<Uuid, std::vector<reconcile::BreakLife>>;
    [[nodiscard]] boost::asio::awaitable<Result<Lives>> lives(std::vector<Uuid> partners, Instant began, Instant ended,
                                                              std::optional<std::pair<Day, Day>> days);
    // First act first.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<ReconBreakAct>>> acts(ledger::BookId book, Id<ReconBreak> id);
    // What the person may approve, where somebody said so.
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<Dong>>> approval_limit(Uuid user);
    // Names of the people among the ids.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<std::pair<Uuid, std::string>>>> names(std::vector<Uuid> users);

private:
    postgres::Pool& pool_;
};

void add_recon_break_writers(RowWriters& writers);

}  // namespace cho40::stores
