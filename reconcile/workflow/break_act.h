#pragma once
#include "base/digest.h"
#include "base/dong.h"
#include "base/time.h"
#include "base/uuid.h"
#include "reconcile/workflow/break_policy.h"
#include "reconcile/workflow/break_state.h"
#include <optional>

namespace cho40::reconcile {

// A document that proves something, kept elsewhere and named by its bytes.
struct Evidence {
    std::string name;
    Sha256 digest{};
    friend bool operator==(Evidence const&, Evidence const&) = default;
};

// `sha256` as 64 lower-case hex digits. Nothing when it is not.
[[nodiscard]] std::optional<Evidence> evidence_of(std::string name, std::string_view sha256);

struct Proposal {
    std::string resolution;  // a code of BreakPolicy
    std::string reason;
    std::optional<Evidence> evidence;
    Uuid by;
    Instant at;
    friend bool operator==(Proposal const&, Proposal const&) = default;
};

// What acts change.
struct BreakStanding {
    BreakState state = BreakState::OPEN;
    std::optional<Uuid> assignee;
    std::optional<Proposal> proposal;  // what is to be approved, or what was
    std::string cause;                 // a code of BreakPolicy, or empty
    friend bool operator==(BreakStanding const&, BreakStanding const&) = default;
};

// What acts never change, and limits depend on.
struct BreakFacts {
    BreakClass kind{};
    Dong delta;
    Dong at_stake;             // the largest amount that is in question, >= 0
    bool public_money = false; // collected for the budget: nobody on the platform may let it go
};

// The act before, for undo.
struct LastAct {
    BreakVerb verb{};
    Uuid by;
    BreakStanding before;
};

struct BreakActor {
    Uuid id;
    bool is_person = false;  // not a program with a key
    Dong approval_limit;
};

struct BreakAct {
    BreakVerb verb{};
    std::optional<Uuid> assignee;  // assign: whose it is from now on; absent: the actor's
    std::string resolution;        // propose
    std::string cause;             // name_cause
    std::string reason;            // comment, propose, reject, reopen, undo: needed
    std::optional<Evidence> evidence;
};

// How much difference of vendors' and the platform's own money may be let go; 0: none.
struct WriteOffLimit {
    Dong amount;
};

// What a break becomes by an act. Whoever proposes never approves. Errors: invalid_state (says what can be done instead),
// maker_cannot_check, limit_exceeded (the approver's limit), forbidden (a program approves; public money is let go),
// unknown_value /resolution or /cause, required /reason or /evidence.
[[nodiscard]] Result<BreakStanding> act_on(BreakFacts const& facts, BreakStanding const& standing, std::optional<LastAct> const& last,
                                           BreakAct const& act, BreakActor const& actor, WriteOffLimit limit, Instant now,
                                           BreakPolicy const& policy);

}  // namespace cho40::reconcile
