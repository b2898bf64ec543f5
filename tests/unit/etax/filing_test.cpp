#include "etax/filing.h"
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cho40::etax {
namespace {

using enum FilingState;
using A = FilingAction;

Instant at(char const* local) { return *parse_local_time(local); }

// Friday 16 October 2026, two weeks before the due day.
Instant const friday = at("2026-10-16 10:00:00");

Filing filing(FilingState state = draft)
{
    Filing f{.key = {"022080000000", "1266", *Period::quarter(2026, 3), {}}, .due = Day::from(2026, 11, 2), .state = state};
    f.digest = sha256("bytes");
    return f;
}

Notice notice(NoticeKind kind, std::optional<bool> positive, char const* code = "10820260019081192")
{
    Notice n;
    n.kind = kind;
    n.positive = positive;
    n.transaction_code = code;
    n.filed_at = friday;
    return n;
}

FilingEvent arrives(NoticeKind kind, std::optional<bool> positive) { return event::NoticeArrived{notice(kind, positive), friday}; }

struct Row {
    char const* what;
    FilingState from;
    FilingEvent event;
    FilingState to;
    std::vector<FilingAction> actions = {};
};

TEST(FilingLife, FollowsTheTable)
{
    FilingEvent const notice_843 = arrives(NoticeKind::received, true), yes = arrives(NoticeKind::result, true),
                      no = arrives(NoticeKind::result, false);
    for (auto const& row : std::vector<Row>{
             {"signing freezes the bytes", draft, event::Signed{}, signed_},
             {"queueing sends", signed_, event::Queued{}, queued, {A::send}},
             {"queued twice", queued, event::Queued{}, queued},
             {"the gateway took it", queued, event::Sent{friday}, sent, {A::poll}},
             {"silence is doubt, never a blind resend", sent, event::TransportLost{friday}, transport_unknown, {A::poll}},
             {"lost before any answer", queued, event::TransportLost{friday}, transport_unknown, {A::poll}},
             {"lost again", transport_unknown, event::TransportLost{friday}, transport_unknown},
             {"asked: it never came", transport_unknown, event::NotArrived{friday}, queued, {A::resend_same_bytes}},
             {"asked: it is there", transport_unknown, event::Sent{friday}, sent, {A::poll}},
             {"not arrived after a receipt means nothing", FilingState::received, event::NotArrived{friday}, FilingState::received},
             {"843", sent, notice_843, FilingState::received},
             {"843 after doubt", transport_unknown, notice_843, FilingState::received},
             {"843 before the gateway's answer", queued, notice_843, FilingState::received},
             {"843 again", FilingState::received, notice_843, FilingState::received},
             {"843 after 844", accepted, notice_843, accepted},
             {"844 Y", FilingState::received, yes, accepted},
             {"844 Y without 843", sent, yes, accepted},
             {"844 Y again", accepted, yes, accepted},
             {"844 N", FilingState::received, no, refused_business, {A::reopen_draft}},
             {"844 without yes or no", FilingState::received, arrives(NoticeKind::result, std::nullopt), FilingState::received},
             {"844 N after Y", accepted, no, conflict, {A::call_a_person}},
             {"844 Y after N", refused_business, yes, conflict, {A::call_a_person}},
             {"213", sent, arrives(NoticeKind::invalid, std::nullopt), refused_technical, {A::reopen_draft}},
             {"01/TB-TĐT received", sent, arrives(NoticeKind::receipt_2026, true), FilingState::received},
             {"01/TB-TĐT not received", sent, arrives(NoticeKind::receipt_2026, false), refused_technical, {A::reopen_draft}},
             {"incident of the authority", sent, arrives(NoticeKind::incident, std::nullopt), sent},
             {"the provider refuses the message", queued, event::GatewayRefused{"IHTKK-9999"}, refused_technical, {A::reopen_draft}},
             {"refused after a receipt", FilingState::received, event::GatewayRefused{"?"}, conflict, {A::call_a_person}},
             {"duplicate of the same bytes",
              transport_unknown,
              event::Duplicate{sha256("bytes"), friday},
              FilingState::received,
              {A::poll}},
             {"duplicate of other bytes", transport_unknown, event::Duplicate{sha256("other"), friday}, conflict, {A::call_a_person}},
             {"duplicate of who knows what", sent, event::Duplicate{std::nullopt, friday}, conflict, {A::call_a_person}},
             {"paid", accepted, event::Paid{}, settled},
             {"corrected", accepted, event::Superseded{{FilingType::supplementary, 1}}, superseded},
             {"acceptance after it counted by law", accepted_by_law, yes, accepted},
         }) {
        auto const step = on(filing(row.from), row.event, WorkingDays::embedded());
        ASSERT_TRUE(step) << row.what << ": " << step.error().detail;
        EXPECT_EQ(name_of(step->filing.state), name_of(row.to)) << row.what;
        EXPECT_EQ(step->actions, row.actions) << row.what;
    }
}

TEST(FilingLife, RefusesWhatOurOwnSideMayNotDo)
{
    for (auto const& row :
         std::vector<Row>{{"sending a draft", draft, event::Queued{}, draft},
                          {"sending what is not queued", signed_, event::Sent{friday}, draft},
                          {"signing twice", signed_, event::Signed{}, draft},
                          {"signing what left", sent, event::Signed{}, draft},
                          {"an answer to a draft", draft, arrives(NoticeKind::result, true), draft},
                          {"paying what is not accepted", FilingState::received, event::Paid{}, draft},
                          {"superseding what is not accepted", sent, event::Superseded{{FilingType::supplementary, 1}}, draft}}) {
        auto const step = on(filing(row.from), row.event, WorkingDays::embedded());
        ASSERT_FALSE(step) << row.what;
        EXPECT_EQ(step.error().code, Errc::invalid_state) << row.what;
    }
}

TEST(FilingLife, KeepsTheLegalTimeAndTheTransactionCode)
{
    auto const step = *on(filing(sent), arrives(NoticeKind::result, true), WorkingDays::embedded());
    EXPECT_EQ(step.filing.filed_at, friday);
    EXPECT_EQ(step.filing.transaction_code, "10820260019081192");
}

TEST(FilingLife, RaisesTheAlarmAfterOneWorkingDayOfSilenceOnce)
{
    auto f = filing(sent);
    f.sent_at = friday;
    auto quiet = *on(f, event::Tick{at("2026-10-19 10:00:00")}, WorkingDays::embedded());  // Monday, the same hour
    EXPECT_EQ(quiet.actions, std::vector{A::poll});
    auto loud = *on(f, event::Tick{at("2026-10-19 10:00:01")}, WorkingDays::embedded());
    EXPECT_EQ(loud.actions, (std::vector{A::poll, A::alert_silence}));
    EXPECT_EQ(on(loud.filing, event::Tick{at("2026-10-20 10:00:00")}, WorkingDays::embedded())->actions, std::vector{A::poll});
}

TEST(FilingLife, EscalatesTheDayBeforeTheDueDay)
{
    auto f = filing(draft);
    EXPECT_TRUE(on(f, event::Tick{at("2026-10-31 23:59:59")}, WorkingDays::embedded())->actions.empty());
    auto const step = *on(f, event::Tick{at("2026-11-01 00:00:00")}, WorkingDays::embedded());
    EXPECT_EQ(step.actions, std::vector{A::escalate});
    EXPECT_TRUE(on(step.filing, event::Tick{at("2026-11-02 00:00:00")}, WorkingDays::embedded())->actions.empty());
    EXPECT_TRUE(on(filing(accepted), event::Tick{at("2026-11-02 00:00:00")}, WorkingDays::embedded())->actions.empty());
}

TEST(FilingLife, AReceiptCountsByLawOnlyWhenConfigured)
{
    auto f = filing(FilingState::received);
    f.received_at = friday;
    auto const later = event::Tick{at("2026-10-20 10:00:00")};
    EXPECT_EQ(on(f, later, WorkingDays::embedded())->filing.state, FilingState::received);
    auto const step = *on(f, later, WorkingDays::embedded(), FilingPolicy{.receipt_counts_after_one_working_day = true});
    EXPECT_EQ(step.filing.state, accepted_by_law);
    EXPECT_EQ(step.filing.filed_at, friday);
}

TEST(FilingNumbers, FollowTheHistoryOfThePeriod)
{
    auto const due = Day::from(2026, 11, 2), before = Day::from(2026, 10, 20), after = Day::from(2026, 11, 3);
    FilingNumber const c0{FilingType::official, 0}, b1{FilingType::supplementary, 1}, b2{FilingType::supplementary, 2};
    struct History {
        char const* what;
        std::vector<EarlierFiling> earlier;
        Day today;
        FilingNumber next;
    };
    for (auto const& row : std::vector<History>{{"nothing yet", {}, before, c0},
                                                {"nothing yet, late", {}, after, c0},
                                                {"refused: the same number", {{c0, refused_business}}, after, c0},
                                                {"accepted, due day not over: another official one", {{c0, accepted}}, before, c0},
                                                {"accepted, due day over", {{c0, accepted}}, after, b1},
                                                {"settled, due day over", {{c0, settled}}, after, b1},
                                                {"first correction refused", {{c0, accepted}, {b1, refused_business}}, after, b1},
                                                {"first correction accepted", {{c0, superseded}, {b1, accepted}}, after, b2},
                                                {"corrected before the due day", {{c0, superseded}, {b1, accepted}}, before, b2}}) {
        auto const next = next_number(row.earlier, row.today, due);
        ASSERT_TRUE(next) << row.what;
        EXPECT_EQ(*next, row.next) << row.what;
    }
    for (auto state : {queued, sent, transport_unknown, FilingState::received, conflict}) {
        std::vector<EarlierFiling> const earlier = {{c0, state}};
        EXPECT_EQ(next_number(earlier, before, due).error().code, Errc::already_filed) << name_of(state);
    }
}

TEST(FilingNumbers, MakeTheIdempotencyKey)
{
    EXPECT_EQ(idempotency_key(filing().key), "022080000000|1266|Q:3/2026|C|0");
    auto key = filing().key;
    key.number = {FilingType::supplementary, 2};
    key.period = *Period::month(2026, 7);
    EXPECT_EQ(idempotency_key(key), "022080000000|1266|M:07/2026|B|2");
    EXPECT_EQ(compare(std::nullopt, sha256("a")), SameKey::new_key);
    EXPECT_EQ(compare(sha256("a"), sha256("a")), SameKey::identical);
    EXPECT_EQ(compare(sha256("b"), sha256("a")), SameKey::differs);
}

// Whatever the other side sends in whatever order: nothing is ever sent again after it was known to have arrived,
// and a state that a person must look at is not left by itself.
RC_GTEST_PROP(FilingLifeProperty, NeverSendsTwiceWhatArrived, ())
{
    auto f = filing(queued);
    bool arrived = false;
    auto const count = *rc::gen::inRange(0, 30);
    for (int i = 0; i < count; ++i) {
        auto const what = *rc::gen::inRange(0, 10);
        FilingEvent const events[] = {event::Sent{friday},
                                      event::TransportLost{friday},
                                      event::NotArrived{friday},
                                      event::GatewayRefused{"x"},
                                      arrives(NoticeKind::received, true),
                                      arrives(NoticeKind::result, true),
                                      arrives(NoticeKind::result, false),
                                      arrives(NoticeKind::invalid, false),
                                      event::Duplicate{sha256("bytes"), friday},
                                      event::Tick{friday}};
        bool const in_conflict = f.state == conflict;
        auto const step = *on(f, events[what], WorkingDays::embedded());
        for (auto action : step.actions) {
            if (action == A::send || action == A::resend_same_bytes) RC_ASSERT(!arrived);
        }
        arrived = arrived || (what >= 4 && what <= 8);
        RC_ASSERT(!in_conflict || step.filing.state == conflict);
        f = step.filing;
    }
}

}  // namespace
}  // namespace cho40::etax
