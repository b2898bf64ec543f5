#include "fees/notice_rules.h"
#include "fees/tell_dossier.h"
#include "tests/support/run.h"
#include "tests/unit/fees/notice_for_tests.h"
#include <gtest/gtest.h>

namespace cho40::fees {
namespace {

using namespace literals;
using ledger::AccountKind;
using ledger::TransferCode;
using qr_pay::PaymentRequest;

Instant const noon = Day::from(2026, 11, 22).begin() + std::chrono::hours(12);

// 25.000 đ lệ phí and 100.000 đ phí.
NoticeWithAgency notice_of_two_kinds()
{
    NoticeWithAgency found;
    auto notice = notice_of({"BR_REG", "BR_PUB"});
    EXPECT_TRUE(notice) << notice.error().detail;
    found.stored.notice = *std::move(notice);
    found.stored.notice.id = make_id<FeeNotice>(noon, system_random());
    found.stored.life.state = NoticeState::waiting;
    found.stored.version = 2;
    auto agencies = Agencies::embedded();
    EXPECT_TRUE(agencies);
    found.agency.facts = *agencies->find("H49.20");
    found.agency.book = ledger::BookId{7};
    found.stored.book = ledger::BookId{7};
    return found;
}

struct Posted {
    AccountKind debit, credit;
    std::int64_t amount;
    TransferCode code;
    friend bool operator==(Posted const&, Posted const&) = default;
};
void PrintTo(Posted const& p, std::ostream* out)
{
    *out << ledger::account_kind_name(p.debit) << " -> " << ledger::account_kind_name(p.credit) << ' ' << p.amount << ' '
         << ledger::transfer_code_name(p.code);
}

// A credit for a request of this notice, decided as the payment side decides it.
qr_pay::Booking booking_of(NoticeWithAgency const& found, Dong amount, std::string reference)
{
    qr_pay::BankCredit credit("payos", reference, "9990000020001", qr_pay::Direction::in, amount, noon);
    credit.bank_reference = reference;
    qr_pay::Notification notification(found.stored.book, Id<qr_pay::InboxTag>(), Id<qr_pay::RailAccountTag>(), std::move(credit));
    PaymentRequest request(make_id<PaymentRequest>(noon, system_random()), qr_pay::OrderCode::draw(system_random()),
                           found.stored.notice.total, noon - std::chrono::minutes(1), noon + std::chrono::minutes(14));
    request.state = qr_pay::PaymentState::waiting;
    auto decision = qr_pay::decide_credit(request, notification.credit, noon);
    qr_pay::ReceivingAccount account;
    account.ordinal = ledger::OwnerOrdinal{1};
    qr_pay::Booking booking(notification, std::move(decision), std::move(account));
    qr_pay::StoredRequest stored(std::move(request), found.stored.book);
    stored.payee_kind = qr_pay::PayeeKind::notice;
    stored.payee = Id<qr_pay::Payee>(found.stored.notice.id.uuid);
    booking.before = std::move(stored);
    booking.credit_id = Id<qr_pay::CreditTag>(make_derived_uuid({"test", reference}));
    booking.transfer_seed = reference;
    return booking;
}

struct Settled {
    std::vector<Posted> posted;
    StoredNotice after;
    std::vector<Receipt> receipts;
    std::vector<std::string> events;
};

Settled pay(NoticeWithAgency& found, Dong amount, std::string reference, bool somebody_is_told = true)
{
    Settled out;
    auto const booking = booking_of(found, amount, std::move(reference));
    auto done = settle(found, booking, noon, system_random(), somebody_is_told);
    EXPECT_TRUE(done) << done.error().detail;
    if (!done) return out;
    for (auto const& t : done->transfers)
        out.posted.push_back({ledger::kind_of(t.debit), ledger::kind_of(t.credit), t.amount.count(), t.code});
    for (auto const& row : done->rows) {
        if (auto const* changed = dynamic_cast<ChangedNotice const*>(row.get())) out.after = changed->stored;
        if (auto const* receipt = dynamic_cast<NewReceipt const*>(row.get())) out.receipts.push_back(receipt->receipt);
    }
    for (auto const& event : done->events) out.events.push_back(event.type);
    EXPECT_EQ(done->guards.size(), 1U);
    EXPECT_EQ(done->guards[0].expected, found.stored.version);
    EXPECT_EQ(out.after.version, found.stored.version + 1);
    found.stored = out.after;
    return out;
}

using enum AccountKind;
constexpr auto fee_unassigned = TransferCode::fee_unassigned, fee_received = TransferCode::fee_received,
               charge_received = TransferCode::charge_received, overpaid = TransferCode::overpaid, duplicate = TransferCode::duplicate;

TEST(NoticeRules, WhatIsDueExactlyGoesToItsAccountsAndGivesOneReceiptForEachKind)
{
    auto found = notice_of_two_kinds();
    auto const settled = pay(found, 125000_vnd, "FT1");
    EXPECT_EQ(settled.posted, (std::vector<Posted>{{bank, unassigned, 125000, fee_unassigned},
                                                   {unassigned, fees, 100000, fee_received},
                                                   {unassigned, charges, 25000, charge_received}}));
    EXPECT_EQ(settled.after.life.state, NoticeState::paid);
    EXPECT_EQ(settled.after.life.paid_at, noon);
    EXPECT_EQ(settled.after.life.dossier, DossierTick::pending);
    EXPECT_EQ(settled.after.dossier_next_at, noon);
    ASSERT_EQ(settled.receipts.size(), 2U);
    EXPECT_EQ(settled.receipts[0].kind, FeeKind::phi);
    EXPECT_EQ(settled.receipts[0].number.symbol, "26TBP");
    EXPECT_EQ(settled.receipts[0].number.number, 0) << "the number is taken where the row is written";
    EXPECT_EQ(settled.receipts[0].total, 100000_vnd);
    EXPECT_EQ(settled.receipts[1].kind, FeeKind::le_phi);
    EXPECT_EQ(settled.receipts[1].number.symbol, "26TBL");
    EXPECT_EQ(settled.events, (std::vector<std::string>{"receipt.issued", "receipt.issued"}));
}

TEST(NoticeRules, AReceiptNamesTheTransferThatMadeItsMoneyTheAgencys)
{
    auto found = notice_of_two_kinds();
    // The second part, too much: four transfers, and the receipts' are neither the first nor the last.
    (void)pay(found, 40000_vnd, "FT1");
    auto const booking = booking_of(found, 100000_vnd, "FT2");
    auto const done = settle(found, booking, noon, system_random(), true);
    ASSERT_TRUE(done) << done.error().detail;
    ASSERT_EQ(done->transfers.size(), 4U);
    std::vector<Id<ledger::Transfer>> named;
    for (auto const& row : done->rows) {
        auto const* made = dynamic_cast<NewReceipt const*>(row.get());
        if (made == nullptr) continue;
        ASSERT_TRUE(made->receipt.booked_as);
        EXPECT_EQ(made->receipt.booked_as->book, found.stored.book);
        named.push_back(made->receipt.booked_as->transfer);
    }
    EXPECT_EQ(named, (std::vector{done->transfers[1].id, done->transfers[2].id}));
    EXPECT_EQ(done->transfers[1].code, fee_received);
    EXPECT_EQ(done->transfers[2].code, charge_received);
}

TEST(NoticeRules, APartWaitsAsADebtUntilTheRestCompletesIt)
{
    auto found = notice_of_two_kinds();
    auto const part = pay(found, 40000_vnd, "FT1");
    EXPECT_EQ(part.posted, (std::vector<Posted>{{bank, unassigned, 40000, fee_unassigned}}));
    EXPECT_EQ(part.after.life.state, NoticeState::waiting);
    EXPECT_TRUE(part.receipts.empty());
    auto const rest = pay(found, 85000_vnd, "FT2");
    EXPECT_EQ(rest.posted, (std::vector<Posted>{{bank, unassigned, 85000, fee_unassigned},
                                                {unassigned, fees, 100000, fee_received},
                                                {unassigned, charges, 25000, charge_received}}));
    EXPECT_EQ(rest.after.life.state, NoticeState::paid);
    EXPECT_EQ(rest.receipts.size(), 2U);
}

TEST(NoticeRules, TooMuchIsOwedBack)
{
    auto found = notice_of_two_kinds();
    auto const settled = pay(found, 130000_vnd, "FT1");
    EXPECT_EQ(settled.posted, (std::vector<Posted>{{bank, unassigned, 125000, fee_unassigned},
                                                   {unassigned, fees, 100000, fee_received},
                                                   {unassigned, charges, 25000, charge_received},
                                                   {bank, refund_due, 5000, overpaid}}));
    EXPECT_EQ(settled.after.life.owed_back, 5000_vnd);
}

TEST(NoticeRules, MoneyAfterTheNoticeWasPaidIsOwedBackWhole)
{
    auto found = notice_of_two_kinds();
    (void)pay(found, 125000_vnd, "FT1");
    auto const twice = pay(found, 125000_vnd, "FT2");
    EXPECT_EQ(twice.posted, (std::vector<Posted>{{bank, refund_due, 125000, duplicate}}));
    EXPECT_TRUE(twice.receipts.empty());
    EXPECT_EQ(twice.after.life.owed_back, 125000_vnd);
    EXPECT_EQ(twice.after.life.paid_at, noon);
}

TEST(NoticeRules, LateMoneyStillPaysTheNotice)
{
    auto found = notice_of_two_kinds();
    found.stored.notice.valid_until = noon - std::chrono::hours(1);
    auto const settled = pay(found, 125000_vnd, "FT1");
    EXPECT_EQ(settled.after.life.state, NoticeState::paid);
    EXPECT_EQ(settled.receipts.size(), 2U);
}

TEST(NoticeRules, TheSameCreditIsNeverCountedTwice)
{
    auto found = notice_of_two_kinds();
    (void)pay(found, 125000_vnd, "FT1");
    auto const again = settle(found, booking_of(found, 125000_vnd, "FT1"), noon, system_random(), true);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Errc::stale);
}

TEST(NoticeRules, WithoutAPortalNobodyIsTold)
{
    auto found = notice_of_two_kinds();
    auto const settled = pay(found, 125000_vnd, "FT1", false);
    EXPECT_EQ(settled.after.life.dossier, DossierTick::not_yet);
    EXPECT_FALSE(settled.after.dossier_next_at);
}

struct NoNotices final : Notices {
    boost::asio::awaitable<Result<std::optional<NoticeWithAgency>>> find_notice(Id<FeeNotice>) override { co_return std::nullopt; }
    boost::asio::awaitable<Result<std::vector<NoticeWithAgency>>> dossiers_to_tell(Instant, int) override
    {
        co_return std::vector<NoticeWithAgency>{};
    }
    boost::asio::awaitable<Result<std::vector<Receipt>>> receipts_of(ledger::BookId, Id<FeeNotice>) override
    {
        co_return std::vector<Receipt>{};
    }
};

struct NoNumbers final : ReceiptNumbers {
    boost::asio::awaitable<Result<std::int64_t>> last_receipt_number(ledger::BookId, Id<Agency>, ReceiptForm, std::string) override
    {
        co_return 0;
    }
};

TEST(NoticeRules, NamelessMoneyStandsAsADebt)
{
    NoNotices notices;
    SystemClock clock;
    NoNumbers numbers;
    NoticeRules rules(notices, numbers, clock, system_random(), true);
    auto found = notice_of_two_kinds();
    qr_pay::Notification notification(found.stored.book, Id<qr_pay::InboxTag>(), Id<qr_pay::RailAccountTag>(),
                                      qr_pay::BankCredit("payos", "1", "9990000020001", qr_pay::Direction::in, 9000_vnd, noon));
    auto decision = qr_pay::decide_credit(std::nullopt, notification.credit, noon);
    qr_pay::ReceivingAccount account;
    account.ordinal = ledger::OwnerOrdinal{1};
    qr_pay::Booking booking(notification, std::move(decision), std::move(account));
    booking.transfer_seed = "seed";
    auto const done = tests::run(rules.consequences(std::move(booking)));
    ASSERT_TRUE(done);
    ASSERT_EQ(done->transfers.size(), 1U);
    EXPECT_EQ(ledger::kind_of(done->transfers[0].credit), unassigned);
    EXPECT_TRUE(done->rows.empty());
}

TEST(TellDossier, IsTriedQuicklyThenPatientlyAndNeverGivenUp)
{
    using namespace std::chrono_literals;
    using enum CaseAnswer::Kind;
    struct Row {
        CaseAnswer::Kind kind;
        int tries;
        std::chrono::seconds pause;
    };
    for (auto const& row :
         {Row{no_answer, 1, 2s}, Row{no_answer, 2, 5s}, Row{no_answer, 3, 15s}, Row{no_answer, 4, 60s}, Row{no_answer, 5, 300s},
          Row{no_answer, 6, 900s}, Row{no_answer, 7, 1800s}, Row{no_answer, 8, 3600s}, Row{no_answer, 1000, 3600s}, Row{refused, 1, 60s},
          Row{refused, 4, 1800s}, Row{refused, 5, 3600s}, Row{refused, 0, 60s}}) {
        EXPECT_EQ(pause_before_next(row.kind, row.tries), row.pause) << row.tries;
    }
}

}  // namespace
}  // namespace cho40::fees
