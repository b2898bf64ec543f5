#pragma once
#include "base/uuid.h"
#include "reconcile/file_register.h"

namespace cho40::reconcile {

// How far around a day a run must look so that nothing of the day is called missing for want of its neighbours.
struct Reach {
    Day first;
    Day last;
    [[nodiscard]] bool holds(Day day) const { return first <= day && day <= last; }
};
[[nodiscard]] Reach internal_reach(Day day);                           // near midnight the neighbour's day counts
[[nodiscard]] Reach provider_reach(Day day, Settings const& settings); // batches settle days after their business date
[[nodiscard]] Reach bank_reach(Day day, Settings const& settings);     // until the day's money would be overdue

// One business day of one partner with everything its run looks at.
struct DayInput {
    Day day;
    std::string partner;                  // keeps the ids of its breaks apart
    Settings settings;
    Instant as_of;
    std::vector<InternalRecord> internal;
    std::vector<ImportedFile> files;      // in force, provider and bank
    std::vector<HeldFile> held;           // of the day
};

struct CountSum {
    std::int64_t count = 0;
    Dong sum;
};

struct BreakRecord {
    Side side = Side::internal;
    std::string id;
    Dong amount;            // signed: refunds and debits negative
    Instant at;
    std::string reference;  // order code, batch or provider's number; empty where there is none
};

// A break of the day. The same class and members have the same id in every run.
struct DayBreak {
    Uuid id;
    BreakClass kind{};
    Dong delta;
    std::string why;
    std::vector<BreakRecord> records;
};

// What a run says of its day; of the neighbours only `result` speaks.
struct DayRun {
    RunResult result;
    CountSum matched;   // ledger records of the day, paired with the provider or the bank
    CountSum waiting;   // records and batches of the day that wait; sums without sign
    std::vector<DayBreak> breaks;
};

// Errors: those of reconcile_day.
[[nodiscard]] Result<DayRun> run_day(DayInput input);

}  // namespace cho40::reconcile
