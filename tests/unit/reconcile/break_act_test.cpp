#include "reconcile/workflow/break_act.h"
#include <gtest/gtest.h>
#include <random>

namespace cho40::reconcile {
namespace {

using enum BreakState;

constexpr BreakState all_states[] = {OPEN, ASSIGNED, INVESTIGATING, PROPOSED, RESOLVED, WRITTEN_OFF, REOPENED, AUTO_RESOLVED};
constexpr BreakVerb all_verbs[] = {BreakVerb::assign,     BreakVerb::investigate, BreakVerb::comment,
                                   BreakVerb::name_cause, BreakVerb::propose,     BreakVerb::approve,
                                   BreakVerb::reject,     BreakVerb::reopen,      BreakVerb::undo};

Uuid const mai = make_derived_uuid({"Mai"});
Uuid const lan = make_derived_uuid({"Lan"});
Instant const now = Day::from(2026, 11, 22).begin();
Evidence const paper{"cong-van-12.pdf", sha256("paper")};
BreakFacts const short_credit{BreakClass::AMOUNT_MISMATCH, Dong(-500), Dong(45000), false};

BreakActor person(Uuid id, std::int64_t limit = 1'000'000) { return {id, true, Dong(limit)}; }

BreakStanding standing_in(BreakState state)
{
    BreakStanding standing;
    standing.state = state;
    if (state == PROPOSED || state == RESOLVED) standing.proposal = Proposal{"corrected_line", "dòng đã sửa", paper, mai, now};
    if (state == WRITTEN_OFF) standing.proposal = Proposal{"written_off", "nhỏ", std::nullopt, mai, now};
    return standing;
}

BreakAct whole(BreakVerb verb)
{
    BreakAct act;
    act.verb = verb;
    act.resolution = "corrected_line";
    act.cause = "clock";
    act.reason = "theo công văn";
    act.evidence = paper;
    return act;
}

Result<BreakStanding> act(BreakFacts const& facts, BreakStanding const& standing, BreakAct const& what, BreakActor const& who,
                          std::optional<LastAct> const& last = std::nullopt, std::int64_t write_off = 0)
{
    return act_on(facts, standing, last, what, who, WriteOffLimit{Dong(write_off)}, now, BreakPolicy::embedded());
}

// What each act makes of each state, done by somebody who may. "-" is a refusal.
TEST(BreakAct, EveryActInEveryState)
{
    struct Row {
        BreakVerb verb;
        std::string_view becomes[8];  // in the order of all_states
    };
    using enum BreakVerb;
    constexpr auto no = "-";
    Row const rows[] = {
        {assign, {"ASSIGNED", "ASSIGNED", "ASSIGNED", no, no, no, "ASSIGNED", no}},
        {investigate, {"INVESTIGATING", "INVESTIGATING", "INVESTIGATING", no, no, no, "INVESTIGATING", no}},
        {comment, {"OPEN", "ASSIGNED", "INVESTIGATING", "PROPOSED", "RESOLVED", "WRITTEN_OFF", "REOPENED", "AUTO_RESOLVED"}},
        {name_cause, {"OPEN", "ASSIGNED", "INVESTIGATING", "PROPOSED", "RESOLVED", "WRITTEN_OFF", "REOPENED", "AUTO_RESOLVED"}},
        {propose, {"PROPOSED", "PROPOSED", "PROPOSED", no, no, no, "PROPOSED", no}},
        {approve, {no, no, no, "RESOLVED", no, no, no, no}},
        {reject, {no, no, no, "INVESTIGATING", no, no, no, no}},
        {reopen, {no, no, no, no, "REOPENED", "REOPENED", no, no}},
        {undo, {no, no, no, no, no, no, no, no}},  // nothing was done before
    };
    for (auto const& row : rows) {
        for (std::size_t i = 0; i < std::size(all_states); ++i) {
            auto const next = act(short_credit, standing_in(all_states[i]), whole(row.verb), person(lan));
            EXPECT_EQ(next ? name_of(next->state) : no, row.becomes[i]) << name_of(row.verb) << " of " << name_of(all_states[i]);
            if (!next) EXPECT_EQ(next.error().code, Errc::invalid_state);
        }
    }
}

TEST(BreakAct, WhoeverProposedNeverDecides)
{
    for (auto const verb : {BreakVerb::approve, BreakVerb::reject}) {
        auto const next = act(short_credit, standing_in(PROPOSED), whole(verb), person(mai));
        ASSERT_FALSE(next);
        EXPECT_EQ(next.error().code, Errc::maker_cannot_check);
    }
}

TEST(BreakAct, AProgramNeverDecides)
{
    auto program = person(lan);
    program.is_person = false;
    auto const next = act(short_credit, standing_in(PROPOSED), whole(BreakVerb::approve), program);
    ASSERT_FALSE(next);
    EXPECT_EQ(next.error().code, Errc::forbidden);
}

TEST(BreakAct, TheLimitIsOfWhatIsAtStakeNotOfTheDifference)
{
    EXPECT_TRUE(act(short_credit, standing_in(PROPOSED), whole(BreakVerb::approve), person(lan, 45000)));
    auto const next = act(short_credit, standing_in(PROPOSED), whole(BreakVerb::approve), person(lan, 44999));
    ASSERT_FALSE(next);
    EXPECT_EQ(next.error().code, Errc::limit_exceeded);
    EXPECT_NE(next.error().detail_vi.find("45.000"), std::string::npos) << next.error().detail_vi;
}

TEST(BreakAct, WhatMayBeWrittenOff)
{
    struct Row {
        BreakClass kind;
        char const* resolution;
        std::int64_t delta;
        bool public_money;
        std::int64_t limit;
        std::optional<Errc> refused;
    };
    using enum BreakClass;
    for (auto const& row : {
             Row{AMOUNT_MISMATCH, "written_off", -500, false, 500, {}},
             Row{AMOUNT_MISMATCH, "written_off", 500, false, 500, {}},
             Row{AMOUNT_MISMATCH, "written_off", -501, false, 500, Errc::limit_exceeded},
             Row{AMOUNT_MISMATCH, "written_off", -1, false, 0, Errc::limit_exceeded},
             Row{AMOUNT_MISMATCH, "written_off", -1, true, 500, Errc::forbidden},
             Row{SETTLEMENT_AMOUNT_MISMATCH, "written_off", -1, true, 500, Errc::forbidden},
             Row{DUPLICATE_PROVIDER_LINE, "dropped", 45000, true, 0, {}},
             Row{MISSING_AT_PROVIDER, "written_off", -1, false, 500, Errc::unknown_value},
         }) {
        auto what = whole(BreakVerb::propose);
        what.resolution = row.resolution;
        BreakFacts const facts{row.kind, Dong(row.delta), Dong(50000), row.public_money};
        auto const next = act(facts, standing_in(OPEN), what, person(mai), std::nullopt, row.limit);
        ASSERT_EQ(next.has_value(), !row.refused) << name_of(row.kind) << " " << row.delta;
        if (row.refused) {
            EXPECT_EQ(next.error().code, *row.refused) << name_of(row.kind) << " " << row.delta;
            continue;
        }
        auto const end = act(facts, *next, whole(BreakVerb::approve), person(lan), std::nullopt, row.limit);
        ASSERT_TRUE(end) << end.error().detail;
        EXPECT_EQ(end->state, WRITTEN_OFF);
        // The limit was lowered, or the difference has grown, between the two people.
        if (row.kind == AMOUNT_MISMATCH) EXPECT_FALSE(act(facts, *next, whole(BreakVerb::approve), person(lan), std::nullopt, 0));
    }
}

TEST(BreakAct, WhatMustBeSaid)
{
    for (auto const verb : {BreakVerb::comment, BreakVerb::propose, BreakVerb::reject, BreakVerb::reopen, BreakVerb::undo}) {
        auto what = whole(verb);
        what.reason = "  ";
        auto const state = verb == BreakVerb::reject ? PROPOSED : verb == BreakVerb::reopen ? RESOLVED : OPEN;
        auto const next = act(short_credit, standing_in(state), what, person(lan));
        ASSERT_FALSE(next) << name_of(verb);
        EXPECT_EQ(next.error().code, Errc::required) << name_of(verb);
        EXPECT_EQ(next.error().pointer, "/reason") << name_of(verb);
    }
    auto what = whole(BreakVerb::propose);
    what.evidence.reset();
    auto const next = act(short_credit, standing_in(OPEN), what, person(lan));
    ASSERT_FALSE(next);
    EXPECT_EQ(next.error().pointer, "/evidence");
}

TEST(BreakAct, OnesOwnLastActIsUndone)
{
    for (auto const verb : {BreakVerb::assign, BreakVerb::investigate, BreakVerb::propose, BreakVerb::name_cause}) {
        auto const before = standing_in(REOPENED);
        auto const after = act(short_credit, before, whole(verb), person(mai));
        ASSERT_TRUE(after);
        LastAct const last{verb, mai, before};
        EXPECT_EQ(act(short_credit, *after, whole(BreakVerb::undo), person(mai), last).value(), before) << name_of(verb);
        auto const stranger = act(short_credit, *after, whole(BreakVerb::undo), person(lan), last);
        ASSERT_FALSE(stranger);
        EXPECT_EQ(stranger.error().code, Errc::forbidden);
    }
    LastAct const approval{BreakVerb::approve, lan, standing_in(PROPOSED)};
    EXPECT_FALSE(act(short_credit, standing_in(RESOLVED), whole(BreakVerb::undo), person(lan), approval)) << "that is called reopening";
}

// Whatever people do in whatever order: what ends a break was proposed by one and approved by another who may.
TEST(BreakAct, NoPathEndsABreakByOnePerson)
{
    std::mt19937 dice(7);
    Uuid const people[] = {mai, lan, make_derived_uuid({"Hoa"})};
    int ended = 0;
    for (int game = 0; game < 2000; ++game) {
        BreakFacts facts = short_credit;
        facts.public_money = dice() % 2 == 0;
        BreakStanding standing;
        std::optional<LastAct> last;
        for (int step = 0; step < 30; ++step) {
            auto what = whole(all_verbs[dice() % std::size(all_verbs)]);
            if (dice() % 3 == 0) what.resolution = "written_off";
            auto const who = person(people[dice() % 3], dice() % 2 == 0 ? 45000 : 10);
            auto const next = act(facts, standing, what, who, last, 500);
            if (!next) continue;
            bool const ends = is_finished(next->state) && !is_finished(standing.state);
            if (ends) {
                ++ended;
                ASSERT_EQ(what.verb, BreakVerb::approve);
                ASSERT_EQ(standing.state, PROPOSED);
                ASSERT_NE(standing.proposal->by, who.id);
                ASSERT_GE(who.approval_limit, facts.at_stake);
                if (facts.public_money) ASSERT_NE(next->state, WRITTEN_OFF);
            }
            if (what.verb != BreakVerb::comment) last = LastAct{what.verb, who.id, standing};
            standing = *next;
        }
    }
    EXPECT_GT(ended, 500);
}

TEST(BreakStates, NamesGoBothWays)
{
    for (auto const state : all_states) EXPECT_EQ(break_state_from(name_of(state)), state);
    for (auto const verb : all_verbs) EXPECT_EQ(break_verb_from(name_of(verb)), verb);
    EXPECT_FALSE(break_state_from("CLOSED"));
    EXPECT_FALSE(break_verb_from("delete"));
}

}  // namespace
}  // namespace cho40::reconcile
