// A notice from its making to its receipts and the case's tick, over the real tables and the real writer.
#include "adapters/stores/fees_store.h"
#include "adapters/stores/inbox_store.h"
#include "adapters/stores/ledger_journal.h"
#include "adapters/stores/merchants_store.h"
#include "fees/create_notice.h"
#include "fees/notice_rules.h"
#include "fees/pay_notice.h"
#include "fees/register_agency.h"
#include "fees/tell_dossier.h"
#include "ledger/writer.h"
#include "merchants/register.h"
#include "merchants/stall_rules.h"
#include "qr-pay/intake.h"
#include "qr-pay/receive_credit.h"
#include "tests/support/loop.h"
#include "tests/support/postgres.h"
#include <gtest/gtest.h>

namespace cho40::fees {
namespace {

using namespace literals;
namespace asio = boost::asio;

struct HandClock final : Clock {
    Instant at = Day::from(2026, 11, 22).begin() + std::chrono::hours(9);
    Instant now() const override { return at; }
};

struct Portal final : CasePortal {
    std::vector<CaseAnswer::Kind> answers;  // the next ones; then told
    std::vector<PaymentResult> heard;
    asio::awaitable<CaseAnswer> tell(PaymentResult result) override
    {
        CaseAnswer answer;
        answer.kind = heard.size() < answers.size() ? answers[heard.size()] : CaseAnswer::Kind::told;
        if (answer.kind != CaseAnswer::Kind::told) answer.reason = "HTTP 503";
        heard.push_back(std::move(result));
        co_return answer;
    }
};

stores::RowWriters all_writers()
{
    stores::RowWriters writers;
    stores::add_payment_writers(writers);
    stores::add_merchant_writers(writers);
    stores::add_fee_writers(writers);
    return writers;
}

class Fees : public ::testing::Test {
protected:
    Fees()
    {
        database.truncate_all();
        EXPECT_TRUE(run(pool.open()));
        EXPECT_TRUE(run(writer.start()));
        asio::co_spawn(loop.executor(), writer.run(), [](std::exception_ptr) {});
    }
    ~Fees() override
    {
        writer.stop();
        journal.give_up();
        loop.run(pool.close());
        loop.drain();
    }

    // co_spawn makes an empty result first, which not every type of ours allows.
    template <class T>
    T run(asio::awaitable<T> work)
    {
        auto wrapped = [](asio::awaitable<T> inner) -> asio::awaitable<std::optional<T>> { co_return co_await std::move(inner); };
        return *loop.run(wrapped(std::move(work)));
    }

    RegisteredAgency make_agency(std::string code)
    {
        RegisteredAgency facts;
        facts.facts = *agencies.find(code);
        facts.book = merchants::draw_book(system_random());
        auto made = run(register_agency(std::move(facts), {}));
        EXPECT_TRUE(made) << made.error().detail;
        return *std::move(made);
    }

    StoredNotice make_notice(RegisteredAgency const& agency, std::vector<std::string> const& fee_codes)
    {
        NoticeOrder order;
        order.agency = agency;
        order.dossier_code = "H49.20-261122-0007";
        order.procedure_code = "2.001610";
        order.payer_name = "Nguyễn Thị Thế";
        order.lines.day = Day::of(clock.now());
        for (auto const& code : fee_codes) order.lines.lines.push_back(LineOrder{code, 1, std::nullopt, std::nullopt});
        order.due_day = Day::of(clock.now()).plus_days(7);
        auto made = run(create_notice(std::move(order), {}));
        EXPECT_TRUE(made) << made.error().detail;
        return *std::move(made);
    }

    qr_pay::StoredRequest start(StoredNotice const& notice, std::string key = {})
    {
        auto made = run(start_paying(notice.notice.id, std::move(key)));
        EXPECT_TRUE(made) << made.error().detail;
        return *std::move(made);
    }

    qr_pay::Notification told_by_bank(RegisteredAgency const& agency, std::string memo, Dong amount, std::string reference)
    {
        qr_pay::BankCredit credit("payos", reference, agency.facts.account_number, qr_pay::Direction::in, amount, clock.now());
        credit.bank_reference = std::move(reference);
        credit.memo = std::move(memo);
        qr_pay::Notification notification(agency.book, make_id<qr_pay::InboxTag>(clock.now(), system_random()), rail_of(agency),
                                          std::move(credit));
        notification.headers = "{}";
        notification.body = "{}";
        notification.received_at = clock.now();
        return notification;
    }

    Id<qr_pay::RailAccountTag> rail_of(RegisteredAgency const& agency)
    {
        auto const it = rails.find(agency.book.value);
        if (it != rails.end()) return it->second;
        merchants::RailAccount facts;
        facts.book = agency.book;
        facts.rail = "payos";
        facts.name = "payOS";
        facts.sealed_secret = "x";
        auto made = run(registration.rail_account(std::move(facts), {}));
        EXPECT_TRUE(made) << made.error().detail;
        return rails[agency.book.value] = made->id;
    }

    Result<qr_pay::Received> bank_tells(RegisteredAgency const& agency, std::string memo, Dong amount, std::string reference)
    {
        return run(keep_and_match(told_by_bank(agency, std::move(memo), amount, std::move(reference))));
    }
    // As the service does it, a message at a time.
    asio::awaitable<Result<qr_pay::Received>> keep_and_match(qr_pay::Notification notification)
    {
        std::vector<qr_pay::Notification const*> kept{&notification};
        CHO_CO_TRY_DO(co_await inbox.keep(std::move(kept)));
        std::vector<qr_pay::Notification> one;
        one.push_back(std::move(notification));
        auto received = co_await receive(std::move(one));
        co_return std::move(received[0]);
    }

    NoticeWithAgency look(StoredNotice const& notice)
    {
        auto found = run(store.find_notice(notice.notice.id));
        EXPECT_TRUE(found && *found);
        return **std::move(found);
    }
    std::vector<Receipt> receipts(StoredNotice const& notice)
    {
        auto found = run(store.receipts_of(notice.book, notice.notice.id));
        EXPECT_TRUE(found) << found.error().detail;
        return *std::move(found);
    }
    Dong balance(RegisteredAgency const& agency, ledger::AccountKind kind)
    {
        return writer.state()
            .balance(agency.book, ledger::account_number(agency.ordinal, kind))
            .value_or(ledger::Balance{Dong(-1), {}, {}})
            .posted;
    }

    tests::TestDatabase& database = tests::TestDatabase::instance();
    tests::Loop loop;
    HandClock clock;
    observability::Log log{clock, observability::Level::error, [](std::string_view) {}};
    stores::RowWriters writers = all_writers();
    postgres::Pool pool{loop.executor(), postgres::PoolOptions{.info = database.info()}};
    stores::LedgerJournal journal{loop.executor(), database.info(), stores::JournalOptions{.writer_group = "main", .holder = "test"},
                                  writers,         clock,           log};
    ledger::Writer writer{loop.executor(), journal, clock};
    stores::PaymentsStore payments{pool};
    stores::MerchantsStore merchants_store{pool};
    stores::FeesStore store{pool, payments};
    TablesInForce tables{*FeeTables::embedded()};
    Agencies agencies = *Agencies::embedded();
    qr_pay::RequestPayment request_payment{writer, clock, system_random()};
    qr_pay::ChangePayment change_payment{writer, clock, system_random()};
    merchants::Register registration{writer, merchants_store, clock, system_random()};
    RegisterAgency register_agency{writer, store, clock, system_random()};
    CreateNotice create_notice{tables, store, writer, clock, system_random()};
    StartPaying start_paying{store, store, store, request_payment, clock};
    ExtendPaying extend_paying{store, change_payment, clock};
    NoticeRules rules{store, store, clock, system_random(), true};
    merchants::StallRules stalls;
    qr_pay::ReceiveCredit receive{payments, writer, stalls, rules, clock, system_random()};
    stores::InboxStore inbox{pool};
    qr_pay::Intake intake{loop.executor(), inbox, receive, clock};
    std::map<std::int64_t, Id<qr_pay::RailAccountTag>> rails;
};

using enum ledger::AccountKind;

TEST_F(Fees, ANoticeIsPaidOnceHoweverOftenTheBankTellsIt)
{
    auto const agency = make_agency("H49.20");
    auto const notice = make_notice(agency, {"BR_REG", "BR_PUB"});
    EXPECT_EQ(notice.notice.total, 125000_vnd);
    auto const request = start(notice);
    EXPECT_EQ(look(notice).stored.life.state, NoticeState::waiting);
    for (int i = 0; i < 5; ++i) {
        auto const received = bank_tells(agency, request.request.code.text() + " NOP PHI", 125000_vnd, "FT1");
        ASSERT_TRUE(received) << received.error().detail;
        EXPECT_EQ(received->outcome, i == 0 ? qr_pay::InboxOutcome::booked : qr_pay::InboxOutcome::repeated);
    }
    auto const after = look(notice);
    EXPECT_EQ(after.stored.life.state, NoticeState::paid);
    EXPECT_EQ(after.stored.life.received, 125000_vnd);
    auto const papers = receipts(notice);
    ASSERT_EQ(papers.size(), 2U);
    EXPECT_EQ(papers[0].number.to_string(), "EBL01 26TBP 1");
    EXPECT_EQ(papers[1].number.to_string(), "EBL01 26TBL 1");
    EXPECT_EQ(papers[0].payer_name, "Nguyễn Thị Thế");
    EXPECT_EQ(papers[0].digest, receipt_digest(papers[0]));
    EXPECT_EQ(balance(agency, bank), 125000_vnd);
    EXPECT_EQ(balance(agency, fees), Dong(-100000));
    EXPECT_EQ(balance(agency, charges), Dong(-25000));
    EXPECT_EQ(balance(agency, unassigned), 0_vnd);

    auto const verified = run(store.receipt_with_code(papers[0].lookup_code));
    ASSERT_TRUE(verified && *verified);
    EXPECT_EQ((*verified)->digest, papers[0].digest);
    auto const unknown = run(store.receipt_with_code(LookupCode::draw(system_random()).text()));
    ASSERT_TRUE(unknown);
    EXPECT_FALSE(*unknown);
    EXPECT_EQ(database.sql().column("SELECT type FROM event ORDER BY seq"),
              (std::vector<std::string>{"notice.created", "payment.created", "payment.paid", "receipt.issued", "receipt.issued"}));
}

TEST_F(Fees, TheLinesComeBackAsTheyWereDecided)
{
    auto const agency = make_agency("H49.20");
    auto const notice = make_notice(agency, {"BR_REG", "BR_PUB"});
    auto const back = look(notice).stored;
    ASSERT_EQ(back.notice.lines.size(), notice.notice.lines.size());
    for (std::size_t i = 0; i < back.notice.lines.size(); ++i) {
        auto const& a = notice.notice.lines[i];
        auto const& b = back.notice.lines[i];
        EXPECT_EQ(a.fee_code, b.fee_code);
        EXPECT_EQ(a.rate_id, b.rate_id);
        EXPECT_EQ(a.due, b.due);
        EXPECT_EQ(a.base, b.base);
        EXPECT_EQ(a.explanation_vi, b.explanation_vi);
        ASSERT_EQ(a.reliefs.size(), b.reliefs.size());
        for (std::size_t r = 0; r < a.reliefs.size(); ++r) {
            EXPECT_EQ(a.reliefs[r].relief.id(), b.reliefs[r].relief.id());
            EXPECT_EQ(a.reliefs[r].verdict, b.reliefs[r].verdict);
        }
    }
}

TEST_F(Fees, NumbersHaveNoGapsWhenManyNoticesArePaidAtOnce)
{
    auto const agency = make_agency("H49.20");
    constexpr int many = 12;
    std::vector<StoredNotice> notices;
    std::vector<qr_pay::Notification> told;
    for (int i = 0; i < many; ++i) {
        notices.push_back(make_notice(agency, {"BR_PUB"}));
        auto const request = start(notices.back());
        told.push_back(told_by_bank(agency, request.request.code.text(), 100000_vnd, "FT" + std::to_string(i)));
    }
    auto const before = writer.figures().batches;
    int done = 0;
    for (auto& one : told) {
        asio::co_spawn(loop.executor(), keep_and_match(std::move(one)),
                       [&](std::exception_ptr, Result<qr_pay::Received> r) { done += r.has_value() ? 1 : 0; });
    }
    EXPECT_TRUE(run(tests::eventually([&] { return done == many; })));
    EXPECT_LT(writer.figures().batches - before, many) << "several must have travelled in one batch for this to prove anything";
    EXPECT_EQ(database.sql().value("SELECT string_agg(number::text, ',' ORDER BY number) FROM receipt"), "1,2,3,4,5,6,7,8,9,10,11,12");
    EXPECT_EQ(database.sql().value("SELECT next_number FROM receipt_series"), "13");
}

// The series of the agency's phí is at its end; what asks for money says so, what has come is kept and told again.
TEST_F(Fees, WithoutAReceiptNumberNothingIsAskedForAndNothingIsBooked)
{
    auto const agency = make_agency("H49.20");
    auto const notice = make_notice(agency, {"BR_PUB"});
    auto const unasked = make_notice(agency, {"BR_PUB"});
    auto const request = start(notice);
    database.sql().run("INSERT INTO receipt_series SELECT book_id, agency_id, 'EBL01', '26TBP', 100000000 FROM agency");

    auto const money = bank_tells(agency, request.request.code.text(), 100000_vnd, "FT1");
    ASSERT_TRUE(money) << money.error().detail;
    EXPECT_EQ(money->outcome, qr_pay::InboxOutcome::series_exhausted);
    EXPECT_EQ(look(notice).stored.life.state, NoticeState::waiting);
    EXPECT_EQ(balance(agency, bank), 0_vnd);
    EXPECT_EQ(database.sql().value("SELECT count(*) FROM bank_credit"), "0");
    EXPECT_EQ(database.sql().value("SELECT string_agg(outcome, ',') FROM rail_match"), "series_exhausted");

    auto const pressed = run(start_paying(unasked.notice.id, "key-1234"));
    ASSERT_FALSE(pressed);
    EXPECT_EQ(pressed.error().code, Errc::series_exhausted);
    NoticeOrder order;
    order.agency = agency;
    order.dossier_code = "H49.20-261122-0008";
    order.payer_name = "Nguyễn Thị Thế";
    order.lines.day = Day::of(clock.now());
    order.lines.lines.push_back(LineOrder{"BR_PUB", 1, std::nullopt, std::nullopt});
    order.due_day = Day::of(clock.now());
    auto const made = run(create_notice(order, {}));
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::series_exhausted);
    // Lệ phí have a series of their own.
    make_notice(agency, {"BR_REG"});

    // The agency opens another series: what was kept is booked, the bank need not tell it again.
    database.sql().run("UPDATE agency SET letters_phi = 'CP'");
    ASSERT_TRUE(run(intake.sweep()));
    EXPECT_EQ(database.sql().value("SELECT string_agg(outcome, ',') FROM rail_match"), "booked");
    ASSERT_EQ(receipts(notice).size(), 1U);
    EXPECT_EQ(receipts(notice)[0].number.to_string(), "EBL01 26TCP 1");
}

TEST_F(Fees, TheLastNumberIsUsedAndTwoCannotShareIt)
{
    auto const agency = make_agency("H49.20");
    std::vector<qr_pay::Notification> told;
    for (int i = 0; i < 2; ++i) {
        auto const notice = make_notice(agency, {"BR_PUB"});
        told.push_back(told_by_bank(agency, start(notice).request.code.text(), 100000_vnd, "FT" + std::to_string(i)));
    }
    database.sql().run("INSERT INTO receipt_series SELECT book_id, agency_id, 'EBL01', '26TBP', 99999999 FROM agency");
    std::vector<Result<qr_pay::Received>> ended;
    for (auto& one : told) {
        asio::co_spawn(loop.executor(), keep_and_match(std::move(one)),
                       [&](std::exception_ptr, Result<qr_pay::Received> r) { ended.push_back(std::move(r)); });
    }
    EXPECT_TRUE(run(tests::eventually([&] { return ended.size() == 2; })));
    std::multiset<std::string_view> outcomes;
    for (auto const& r : ended) outcomes.insert(r ? qr_pay::name_of(r->outcome) : "an error");
    EXPECT_EQ(outcomes, (std::multiset<std::string_view>{"booked", "series_exhausted"}));
    EXPECT_EQ(database.sql().value("SELECT string_agg(number::text, ',') FROM receipt"), "99999999");
    EXPECT_EQ(balance(agency, bank), 100000_vnd);
}

TEST_F(Fees, ARefusedBatchTakesNoNumber)
{
    auto const agency = make_agency("H49.20");
    auto const first = make_notice(agency, {"BR_PUB"});
    auto const request = start(first);
    database.sql().run("ALTER TABLE receipt ADD CONSTRAINT refuse_all CHECK (false) NOT VALID");
    EXPECT_FALSE(bank_tells(agency, request.request.code.text(), 100000_vnd, "FT1"));
    database.sql().run("ALTER TABLE receipt DROP CONSTRAINT refuse_all");
    EXPECT_EQ(look(first).stored.life.state, NoticeState::waiting);
    EXPECT_EQ(balance(agency, fees), 0_vnd);
    // The provider tells it again, as it does.
    auto const again = bank_tells(agency, request.request.code.text(), 100000_vnd, "FT1");
    ASSERT_TRUE(again) << again.error().detail;
    ASSERT_EQ(receipts(first).size(), 1U);
    EXPECT_EQ(receipts(first)[0].number.number, 1);
}

TEST_F(Fees, PayingIsStartedOnceAndAgainAfterItsTime)
{
    auto const agency = make_agency("H49.20");
    auto const notice = make_notice(agency, {"BR_PUB"});
    auto const first = start(notice, "key-00000001");
    EXPECT_EQ(start(notice, "key-00000001").request.id, first.request.id);
    EXPECT_EQ(start(notice, "key-00000002").request.id, first.request.id) << "a code that still waits is shown again";

    auto const extended = run(extend_paying(look(notice).stored));
    ASSERT_TRUE(extended) << extended.error().detail;
    EXPECT_EQ(extended->request.expires_at, first.request.expires_at + ExtendPaying::step);

    clock.at += std::chrono::minutes(30);
    auto expired = run(payments.find(first.request.id));
    ASSERT_TRUE(run(change_payment.expire_request(**std::move(expired))));
    auto const second = start(notice, "key-00000003");
    EXPECT_NE(second.request.id, first.request.id);
    EXPECT_NE(second.request.code.text(), first.request.code.text());
    EXPECT_EQ(second.request.asked, first.request.asked);

    // Both codes are paid: the first to come pays the notice, the second is owed back.
    ASSERT_TRUE(bank_tells(agency, first.request.code.text(), 100000_vnd, "FT1"));
    EXPECT_EQ(look(notice).stored.life.state, NoticeState::paid);
    ASSERT_TRUE(bank_tells(agency, second.request.code.text(), 100000_vnd, "FT2"));
    EXPECT_EQ(receipts(notice).size(), 1U);
    EXPECT_EQ(look(notice).stored.life.owed_back, 100000_vnd);
    EXPECT_EQ(balance(agency, refund_due), Dong(-100000));
    auto const more = run(start_paying(notice.notice.id, "key-00000004"));
    ASSERT_FALSE(more);
    EXPECT_EQ(more.error().code, Errc::notice_not_payable);
}

TEST_F(Fees, TheCaseIsToldUntilItHasHeard)
{
    auto const agency = make_agency("H49.20");
    auto const notice = make_notice(agency, {"BR_PUB"});
    ASSERT_TRUE(bank_tells(agency, start(notice).request.code.text(), 100000_vnd, "FT1"));
    Portal portal;
    portal.answers = {CaseAnswer::Kind::no_answer, CaseAnswer::Kind::refused};
    TellDossiers tell(store, portal, writer, clock, system_random());
    ASSERT_TRUE(run(tell.round()));
    EXPECT_EQ(look(notice).stored.life.dossier, DossierTick::pending);
    ASSERT_TRUE(run(tell.round()));
    EXPECT_EQ(portal.heard.size(), 1U) << "not before its time";
    clock.at += std::chrono::seconds(2);
    ASSERT_TRUE(run(tell.round()));
    EXPECT_EQ(look(notice).stored.life.dossier, DossierTick::failed);
    clock.at += std::chrono::hours(1);
    ASSERT_TRUE(run(tell.round()));
    auto const told = look(notice).stored;
    EXPECT_EQ(told.life.dossier, DossierTick::told);
    EXPECT_EQ(told.life.told_at, clock.now());
    EXPECT_EQ(told.dossier_tries, 2);
    clock.at += std::chrono::hours(100);
    ASSERT_TRUE(run(tell.round()));
    EXPECT_EQ(portal.heard.size(), 3U);
    EXPECT_EQ(portal.heard[2].receipts.size(), 1U);
    EXPECT_EQ(portal.heard[2].notice.dossier_code, "H49.20-261122-0007");
}

TEST_F(Fees, AnAgencysCodeIsTakenOnce)
{
    (void)make_agency("H49.20");
    RegisteredAgency facts;
    facts.facts = *agencies.find("H49.20");
    facts.book = merchants::draw_book(system_random());
    auto const second = run(register_agency(std::move(facts), {}));
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::invalid_state);
}

TEST_F(Fees, AnUnknownAmountMakesNoNotice)
{
    auto const agency = make_agency("H49.61");
    std::string unknown;
    auto const in_force = tables.current();
    for (auto const& rate : in_force->rates()) {
        AssessmentRequest request;
        request.fee_code = rate.fee_code;
        request.day = Day::of(clock.now());
        auto const line = rate.kind == FeeKind::gia ? Result<Assessment>(fail(Errc::not_a_fee, "")) : assess(*in_force, request);
        if (line && line->knowledge == Knowledge::unknown) unknown = rate.fee_code;
    }
    ASSERT_FALSE(unknown.empty());
    NoticeOrder order;
    order.agency = agency;
    order.dossier_code = "H49.61-261122-0001";
    order.payer_name = "Nguyễn Văn An";
    order.lines.day = Day::of(clock.now());
    order.lines.lines.push_back(LineOrder{unknown, 1, std::nullopt, std::nullopt});
    order.due_day = order.lines.day.plus_days(1);
    auto const made = run(create_notice(std::move(order), {}));
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::fee_amount_unknown);
    EXPECT_EQ(database.sql().value("SELECT count(*) FROM fee_notice"), "0");
}

}  // namespace
}  // namespace cho40::fees
