#include "fees/notice.h"
#include "tests/unit/fees/notice_for_tests.h"
#include <numeric>
#include <rapidcheck/gtest.h>

namespace cho40::fees {
namespace {

using namespace literals;

Instant at(int minute) { return Day::from(2026, 11, 22).begin() + std::chrono::minutes(minute); }

Uuid payment(std::uint8_t n)
{
    Uuid id;
    id.bytes[15] = n;
    return id;
}

template <class Action>
int count(std::vector<NoticeLife::Action> const& actions)
{
    return static_cast<int>(std::ranges::count_if(actions, [](auto const& a) { return std::holds_alternative<Action>(a); }));
}

TEST(FeeNotice, AddsItsLinesUpByKind)
{
    auto const notice = notice_of({"BR_REG", "BR_PUB"});
    ASSERT_TRUE(notice) << notice.error().detail;
    EXPECT_EQ(notice->total, 125'000_vnd);
    EXPECT_EQ(notice->total_of(FeeKind::phi), 100'000_vnd);
    EXPECT_EQ(notice->total_of(FeeKind::le_phi), 25'000_vnd);
}

TEST(FeeNotice, AnUnknownAmountIsNeverPutBeforeAPayer)
{
    auto const notice = notice_of({"BR_PUB", "HB_REG"});
    ASSERT_FALSE(notice);
    EXPECT_EQ(notice.error().code, Errc::fee_amount_unknown);
    EXPECT_EQ(notice.error().pointer, "/lines/1");
    EXPECT_FALSE(notice.error().detail_vi.empty());
}

TEST(FeeNotice, NothingDueNeedsNoNotice)
{
    auto const notice = notice_of({"ID_FIRST"});
    ASSERT_FALSE(notice);
    EXPECT_EQ(notice.error().code, Errc::notice_not_payable);
}

TEST(FeeNotice, RefusesWhatCannotBePrinted)
{
    auto draft = draft_of({"BR_PUB"});
    draft.payer_name = "";
    EXPECT_EQ(FeeNotice::make(draft).error().pointer, "/payer_name");
    draft.payer_name = std::string(201, 'a');
    EXPECT_EQ(FeeNotice::make(draft).error().code, Errc::text_too_long);
    draft.payer_name = "\xff";
    EXPECT_EQ(FeeNotice::make(draft).error().code, Errc::invalid_utf8);
    draft = draft_of({"BR_PUB"});
    draft.valid_until = draft.issued_at;
    EXPECT_EQ(FeeNotice::make(draft).error().pointer, "/valid_until");
    draft.lines.clear();
    EXPECT_EQ(FeeNotice::make(draft).error().pointer, "/lines");
}

class Life : public testing::Test {
protected:
    NoticeLife life{125'000_vnd, at(60)};

    std::vector<NoticeLife::Action> on(NoticeLife::Event event)
    {
        auto actions = life.on(event);
        EXPECT_TRUE(actions) << actions.error().detail;
        return actions ? *actions : std::vector<NoticeLife::Action>();
    }
    Errc refused(NoticeLife::Event event)
    {
        auto const before = life.record().state;
        auto const actions = life.on(event);
        EXPECT_FALSE(actions);
        EXPECT_EQ(life.record().state, before);
        return actions ? Errc::internal_error : actions.error().code;
    }
};

TEST_F(Life, PaidTicksOnceAndThenTellsTheCase)
{
    on(NoticeLife::PayingStarted{at(1)});
    EXPECT_EQ(life.state(), NoticeState::waiting);

    auto const actions = on(NoticeLife::MoneyReceived{payment(1), 125'000_vnd, at(2)});

    EXPECT_EQ(life.state(), NoticeState::paid);
    EXPECT_EQ(life.record().paid_at, at(2));
    EXPECT_EQ(life.record().dossier, DossierTick::pending);
    EXPECT_EQ(count<NoticeLife::IssueReceipts>(actions), 1);
    EXPECT_EQ(count<NoticeLife::TellDossier>(actions), 1);
    EXPECT_EQ(count<NoticeLife::OweBack>(actions), 0);

    on(NoticeLife::DossierFailed{at(3), "portal does not answer"});
    EXPECT_EQ(life.record().dossier, DossierTick::failed);
    EXPECT_EQ(count<NoticeLife::TellDossier>(on(NoticeLife::DossierRetried{at(4)})), 1);
    on(NoticeLife::DossierTold{at(5)});
    EXPECT_EQ(life.record().told_at, at(5));
    on(NoticeLife::DossierFailed{at(6), "late answer of the first try"});
    EXPECT_EQ(life.record().dossier, DossierTick::told);
}

TEST_F(Life, TheSamePaymentTwiceChangesNothing)
{
    on(NoticeLife::MoneyReceived{payment(1), 125'000_vnd, at(2)});
    EXPECT_TRUE(on(NoticeLife::MoneyReceived{payment(1), 125'000_vnd, at(3)}).empty());
    EXPECT_EQ(life.record().received, 125'000_vnd);
    EXPECT_EQ(life.record().paid_at, at(2));
}

TEST_F(Life, TwoPartsMakeAWhole)
{
    EXPECT_TRUE(on(NoticeLife::MoneyReceived{payment(1), 100'000_vnd, at(2)}).empty());
    EXPECT_EQ(life.state(), NoticeState::waiting);
    EXPECT_EQ(count<NoticeLife::IssueReceipts>(on(NoticeLife::MoneyReceived{payment(2), 25'000_vnd, at(3)})), 1);
    EXPECT_EQ(life.record().paid_at, at(3));
}

TEST_F(Life, TooMuchIsOwedBackAndASecondPaymentWhole)
{
    auto const first = on(NoticeLife::MoneyReceived{payment(1), 130'000_vnd, at(2)});
    EXPECT_EQ(count<NoticeLife::OweBack>(first), 1);
    EXPECT_EQ(life.record().owed_back, 5'000_vnd);
    auto const second = on(NoticeLife::MoneyReceived{payment(2), 125'000_vnd, at(3)});
    ASSERT_EQ(second.size(), 1u);
    EXPECT_EQ(std::get<NoticeLife::OweBack>(second[0]).amount, 125'000_vnd);
    EXPECT_EQ(life.record().owed_back, 130'000_vnd);
    on(NoticeLife::Refunded{payment(3), 130'000_vnd, 130'000_vnd, at(4)});
    EXPECT_EQ(life.state(), NoticeState::paid);
    EXPECT_EQ(life.record().owed_back, Dong());
}

TEST_F(Life, WhatIsGivenBackIsNotedOnTheReceipts)
{
    on(NoticeLife::MoneyReceived{payment(1), 125'000_vnd, at(2)});
    EXPECT_EQ(refused(NoticeLife::Refunded{payment(2), 125'001_vnd, Dong(), at(3)}), Errc::limit_exceeded);
    EXPECT_EQ(refused(NoticeLife::Refunded{payment(2), 50'000_vnd, 1_vnd, at(3)}), Errc::limit_exceeded) << "nothing was paid too much";
    auto const part = on(NoticeLife::Refunded{payment(2), 50'000_vnd, Dong(), at(3)});
    EXPECT_EQ(count<NoticeLife::NoteOnReceipts>(part), 1);
    EXPECT_EQ(count<NoticeLife::TellDossierRefunded>(part), 0);
    EXPECT_EQ(life.state(), NoticeState::paid);
    EXPECT_EQ(refused(NoticeLife::Refunded{payment(3), 75'001_vnd, Dong(), at(4)}), Errc::limit_exceeded);
    auto const rest = on(NoticeLife::Refunded{payment(3), 75'000_vnd, Dong(), at(4)});
    EXPECT_EQ(count<NoticeLife::TellDossierRefunded>(rest), 1);
    EXPECT_EQ(life.state(), NoticeState::refunded);
    EXPECT_EQ(refused(NoticeLife::PayingStarted{at(5)}), Errc::notice_not_payable);
}

TEST_F(Life, TheSurplusIsGivenBackBesideTheDues)
{
    on(NoticeLife::MoneyReceived{payment(1), 135'000_vnd, at(2)});
    EXPECT_EQ(refused(NoticeLife::Refunded{payment(2), 130'000_vnd, Dong(), at(3)}), Errc::limit_exceeded) << "the dues are 125 000";
    on(NoticeLife::Refunded{payment(2), 125'000_vnd, Dong(), at(3)});
    EXPECT_EQ(life.state(), NoticeState::refunded);
    EXPECT_TRUE(on(NoticeLife::Refunded{payment(3), 10'000_vnd, 10'000_vnd, at(4)}).empty());
    EXPECT_EQ(life.record().owed_back, Dong());
}

TEST_F(Life, ARefundThatIsSentBackIsAsIfItHadNotBeen)
{
    on(NoticeLife::MoneyReceived{payment(1), 135'000_vnd, at(2)});
    auto const before = life.record();
    EXPECT_TRUE(on(NoticeLife::RefundSentBack{payment(2), 135'000_vnd, 10'000_vnd}).empty()) << "it was never counted";
    on(NoticeLife::Refunded{payment(2), 135'000_vnd, 10'000_vnd, at(3)});
    EXPECT_EQ(life.state(), NoticeState::refunded);
    EXPECT_EQ(count<NoticeLife::NoteOnReceipts>(on(NoticeLife::RefundSentBack{payment(2), 135'000_vnd, 10'000_vnd})), 1);
    EXPECT_EQ(life.state(), NoticeState::paid);
    EXPECT_EQ(life.record().owed_back, before.owed_back);
    EXPECT_EQ(life.record().given_back, Dong());
    EXPECT_TRUE(on(NoticeLife::RefundSentBack{payment(2), 135'000_vnd, 10'000_vnd}).empty()) << "told twice";
}

TEST_F(Life, MoneyForACancelledNoticeIsOwedBack)
{
    on(NoticeLife::MoneyReceived{payment(1), 20'000_vnd, at(2)});
    auto const actions = on(NoticeLife::Cancelled{at(3), "wrong fee"});
    ASSERT_EQ(count<NoticeLife::OweBack>(actions), 1);
    on(NoticeLife::MoneyReceived{payment(2), 105'000_vnd, at(4)});
    EXPECT_EQ(life.state(), NoticeState::cancelled);
    EXPECT_EQ(life.record().owed_back, 125'000_vnd);
    on(NoticeLife::Refunded{payment(3), 125'000_vnd, 125'000_vnd, at(5)});
    EXPECT_EQ(life.record().owed_back, Dong());
    EXPECT_EQ(life.state(), NoticeState::cancelled);
}

TEST_F(Life, OutOfDatePayingIsRefusedButMoneyStillCounts)
{
    EXPECT_FALSE(life.expired(at(59)));
    EXPECT_TRUE(life.expired(at(60)));
    EXPECT_EQ(refused(NoticeLife::PayingStarted{at(60)}), Errc::notice_not_payable);
    on(NoticeLife::MoneyReceived{payment(1), 125'000_vnd, at(61)});
    EXPECT_EQ(life.state(), NoticeState::paid);
}

TEST_F(Life, APaidNoticeCannotBeCancelled)
{
    on(NoticeLife::MoneyReceived{payment(1), 125'000_vnd, at(2)});
    EXPECT_EQ(refused(NoticeLife::Cancelled{at(3), "late"}), Errc::invalid_state);
}

TEST_F(Life, TheCaseIsNotToldBeforeThereIsMoney) { EXPECT_EQ(refused(NoticeLife::DossierTold{at(1)}), Errc::invalid_state); }

RC_GTEST_PROP(LifeProperty, NoMoneyIsLostInAnyOrderOfEvents, ())
{
    NoticeLife life(Dong(*rc::gen::inRange<std::int64_t>(1, 100'000)), at(60));
    std::int64_t received = 0;
    std::int64_t given_back = 0;
    auto before = life.state();
    for (auto const kind : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 6))) {
        auto const amount = Dong(*rc::gen::inRange<std::int64_t>(1, 150'000));
        auto const id = payment(*rc::gen::inRange<std::uint8_t>(0, 255));
        bool const known = std::ranges::find(life.record().seen, id) != life.record().seen.end();
        NoticeLife::Event event = NoticeLife::PayingStarted{at(1)};
        if (kind == 1 || kind == 2) event = NoticeLife::MoneyReceived{id, amount, at(2)};
        auto const owed = std::min(amount, life.record().owed_back);
        if (kind == 3) event = NoticeLife::Refunded{id, amount, owed, at(3)};
        if (kind == 4) event = NoticeLife::Cancelled{at(4), "x"};
        if (kind == 5) event = NoticeLife::DossierTold{at(5)};
        bool const done = life.on(event).has_value();
        if (done && !known && (kind == 1 || kind == 2)) received += amount.count();
        if (done && !known && kind == 3) given_back += amount.count();
        RC_ASSERT(life.record().received.count() == received);
        RC_ASSERT(life.record().given_back.count() == given_back);
        RC_ASSERT(life.record().owed_back.count() >= 0);
        RC_ASSERT(life.record().owed_back.count() <= received - given_back);
        if (before == NoticeState::refunded || before == NoticeState::cancelled) RC_ASSERT(life.state() == before);
        if (before == NoticeState::paid) RC_ASSERT(life.state() == NoticeState::paid || life.state() == NoticeState::refunded);
        before = life.state();
    }
}

}  // namespace
}  // namespace cho40::fees
