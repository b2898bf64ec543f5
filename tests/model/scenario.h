#pragma once
#include "ledger/command.h"
#include <string>
#include <vector>

namespace cho40::tests::model {

// A transfer's id as a scenario writes it: a number, and the second of the scenario it was made in (a UUIDv7), or never (-1:
// an id that says nothing about its time).
struct IdSpec {
    int n = 0;
    int at = -1;
    friend bool operator==(IdSpec, IdSpec) = default;
};

struct Move {
    IdSpec id{};
    int kind = 1;  // as in TransferKind
    int flags = 0;
    int debit = 0, credit = 0;
    std::int64_t amount = 1;
    IdSpec pending{};
    int timeout = 0;  // seconds
    int event = 0;    // seconds since the scenario began
    int text = 0;     // bytes of the reference
    int code = 100;   // as in TransferCode
};

struct Open {
    int account = 0;
    std::optional<std::int64_t> floor{}, ceiling{};
};

struct VersionStep {
    int entity = 0;
    std::int64_t expected = 0;
};

enum class What {
    submit,        // a command, to whoever writes now
    submit_old,    // a command, to a writer that has been fenced
    advance,       // the clock, by `n` seconds
    tick,          // somebody's timer
    land,          // what is on its way goes `n` steps on: first durable, then answered
    give_up,       // the answer of what is durable never arrives: its writer does not know and stops
    deaf,          // the next look-up of old ids fails
    restart,       // the writer dies with all it has in memory; another starts from what is durable
    hand_over,     // the writer stops when all is written, another starts
    take_over,     // another starts while this one still writes
    cut,           // the connections of whoever writes are ended (where there are any)
    seal,          // the durable side notes balances, so that the next start replays less
};

// One step of a scenario. Everything is a plain number, so that a scenario can be cut down and printed.
struct Op {
    What what = What::submit;
    int n = 1;
    bool together = false;  // the next command arrives before anything else happens
    bool poison = false;    // something the ledger cannot see makes the database refuse it
    int book = 1;
    std::vector<Open> open{};
    std::vector<Move> moves{};
    std::optional<int> close_before{};  // seconds since the scenario began
    std::vector<VersionStep> guards{};
    int events = 0;
};

using Scenario = std::vector<Op>;

// The small sizes everything happens at, so that few commands reach all corners.
struct Sizes {
    std::size_t batch_max = 16, overlap_from = 4, queue_max = 64, remembered = 256;
};

struct Plan {
    std::uint64_t seed = 0;
    Sizes sizes;
    Scenario steps;
};

// All of it follows from the seed. `commands` is the number of submissions.
[[nodiscard]] Plan make_plan(std::uint64_t seed, std::size_t commands);

inline constexpr Instant scenario_start = Instant(std::chrono::seconds(1'795'000'000));

// Marks a command's rows: which command of the run it was, and whether the database is to refuse it.
struct Tag final : ledger::AttachedRow {
    Tag(std::size_t i, bool p) : index(i), poison(p) {}
    std::size_t index;
    bool poison;
};
// What guards a version where memory has forgotten it: a row that only the right predecessor lets in.
struct VersionRow final : ledger::AttachedRow {
    VersionRow(Uuid e, std::int64_t x, std::int64_t n) : entity(e), expected(x), next(n) {}
    Uuid entity;
    std::int64_t expected, next;
};

[[nodiscard]] Uuid uuid_of(IdSpec id);
[[nodiscard]] ledger::Command command_of(Op const& op, std::size_t index);

// As C++, to paste into a table of tests/model/model_test.cpp.
[[nodiscard]] std::string to_cpp(Op const& op);
[[nodiscard]] std::string to_cpp(Plan const& plan);

}  // namespace cho40::tests::model
