#include "adapters/statements/camt_bank_day.h"
#include "adapters/statements/provider_file.h"
#include "apps/sandbox/day_files.h"
#include "apps/sandbox/rail_messages.h"
#include "base/text.h"
#include <algorithm>
#include <gtest/gtest.h>

namespace cho40::sandbox {
namespace {

struct FixedClock final : Clock {
    [[nodiscard]] Instant now() const override { return *parse_rfc3339("2026-11-24T03:00:00Z"); }
};
FixedClock const fixed_clock;
Day const first_day = Day::from(2026, 11, 22);

// Two accounts, one rail, forty payments on the first day and ten on the second, one paid back, one failed.
struct Books {
    explicit Books(Channel channel, std::int64_t fee_basis_points = 0, std::string name = "vietqr") : bank(7, fixed_clock), files(bank)
    {
        rail.id = "rla_a";
        rail.rail = std::move(name);
        rail.channel = channel;
        rail.fee_basis_points = fee_basis_points;
        bank.put(rail);
        for (auto const* number : {"111", "222"}) {
            ReceivingAccount account;
            account.bank_bin = "970436";
            account.account_number = number;
            account.holder_name = "Sạp " + std::string(number);
            account.rail_accounts = {rail.id};
            account.opening = Dong(1'000'000);
            EXPECT_TRUE(bank.put(account));
        }
        for (int i = 0; i < 50; ++i) book(i % 2 == 0 ? "111" : "222", 10'000 + 1000 * i, i < 40 ? first_day : first_day.plus_days(1), i);
        auto refund = order("111", 3000, first_day, 50);
        refund.flow = Flow::out;
        EXPECT_TRUE(bank.book(refund));
        auto failed = order("111", 99'000, first_day, 51);
        failed.failed = true;
        EXPECT_TRUE(bank.book(failed));
    }

    static TransferOrder order(std::string number, std::int64_t amount, Day day, int minute)
    {
        TransferOrder out;
        out.bank_bin = "970436";
        out.account_number = std::move(number);
        out.amount = Dong(amount);
        out.payer_memo = "CQ2345678";
        out.booked_at = day.begin() + std::chrono::hours(8) + std::chrono::minutes(minute);
        return out;
    }
    void book(std::string number, std::int64_t amount, Day day, int minute)
    {
        EXPECT_TRUE(bank.book(order(std::move(number), amount, day, minute)));
    }

    statements::BankDay statement(Day day) const
    {
        auto const bytes = files.camt053(rail, day);
        EXPECT_TRUE(bytes);
        auto out = statements::read_bank_day(*bytes);
        EXPECT_TRUE(out) << out.error().detail;
        EXPECT_EQ(out->message.type, "camt.053");
        EXPECT_EQ(out->message.version, "08");
        EXPECT_FALSE(out->damage) << *out->damage;
        return *out;
    }
    std::vector<reconcile::ProviderLine> lines(Day day, int revision = 1) const
    {
        auto const file = statements::read_provider_csv(files.daily_file(rail, day, revision));
        EXPECT_TRUE(file) << file.error().detail;
        return file->lines;
    }

    RailAccount rail;
    Bank bank;
    DayFiles files;
};

Dong sum_of(statements::BankDay const& day)
{
    std::int64_t sum = 0;
    for (auto const& entry : day.entries) sum += reconcile::signed_amount(entry.direction, entry.amount).count();
    return Dong(sum);
}

// opening + credits - debits = closing, and each day opens where the last one closed.
void expect_balances_hold(Books const& books, int days)
{
    std::map<std::string, Dong> closing{{"111", Dong(1'000'000)}, {"222", Dong(1'000'000)}};
    for (int i = 0; i < days; ++i) {
        auto const day = books.statement(first_day.plus_days(i));
        ASSERT_EQ(day.balances.size(), 2u);
        for (auto const& balance : day.balances) {
            EXPECT_EQ(balance.opening, closing.at(balance.account)) << i << " " << balance.account;
            EXPECT_EQ(balance.opening.count() + balance.credits.count() - balance.debits.count(), balance.closing.count());
            closing[balance.account] = balance.closing;
        }
    }
}

TEST(SandboxDayFiles, AStatementOfTheBankHasEveryTransferAndBalancesThatHold)
{
    Books const books(Channel::bank);
    auto const day = books.statement(first_day);
    EXPECT_EQ(day.accounts.size(), 2u);
    EXPECT_EQ(day.entries.size(), 41u);  // the failed one moved nothing
    EXPECT_EQ(std::ranges::count(day.entries, reconcile::Direction::debit, &reconcile::BankEntry::direction), 1);
    auto const& transfer = books.bank.transfers().front();
    auto const found = std::ranges::find(day.entries, transfer.reference, &reconcile::BankEntry::entry_ref);
    ASSERT_NE(found, day.entries.end());
    EXPECT_EQ(found->amount, transfer.amount);
    EXPECT_EQ(found->narrative, transfer.memo);
    EXPECT_EQ(found->counterparty, transfer.payer.name);
    expect_balances_hold(books, 4);
}

class SandboxSettlement : public testing::TestWithParam<char const*> {};

TEST_P(SandboxSettlement, AProviderPaysTheDayBeforeNetOfItsFeeWithTheBatchInTheNarrative)
{
    Books const books(Channel::provider, 50, GetParam());
    EXPECT_TRUE(books.statement(first_day).entries.empty());
    auto const day = books.statement(first_day.plus_days(1));
    ASSERT_EQ(day.entries.size(), 2u);
    std::map<std::string, std::int64_t> nets;
    for (auto const& line : books.lines(first_day)) {
        EXPECT_EQ(line.settlement_date, first_day.plus_days(1));
        nets[line.batch.str()] += line.net.count();
    }
    ASSERT_EQ(nets.size(), 2u);
    for (auto const& [batch, net] : nets) {
        EXPECT_TRUE(batch.starts_with(to_ascii_upper(GetParam()))) << batch;
        auto const entry = std::ranges::find_if(
            day.entries, [&wanted = batch](auto const& e) { return e.narrative.view().find(wanted) != std::string::npos; });
        ASSERT_NE(entry, day.entries.end()) << batch;
        EXPECT_EQ(entry->amount.count(), net);
        EXPECT_EQ(entry->counterparty, provider_name_default);
    }
    expect_balances_hold(books, 4);
}

INSTANTIATE_TEST_SUITE_P(OfEachWhoSettles, SandboxSettlement, testing::Values("payos", "vietqr", "vnpay", "momo", "zalopay"),
                         [](auto const& rail) { return rail.param; });

TEST(SandboxDayFiles, TheDailyFileNamesTransactionsAsTheNotificationsDid)
{
    Books const books(Channel::provider, 50);
    auto const lines = books.lines(first_day);
    ASSERT_EQ(lines.size(), 42u);
    EXPECT_EQ(lines[0].provider_txn_id, provider_transaction(books.rail, books.bank.transfers().front()));
    EXPECT_EQ(lines[0].amount, Dong(10'000));
    EXPECT_EQ(lines[0].fee, Dong(50));
    EXPECT_EQ(lines[0].net, Dong(9950));
    EXPECT_EQ(lines[40].kind, reconcile::Kind::refund);
    EXPECT_EQ(lines[40].net, Dong(-3000));
    EXPECT_EQ(lines[41].status, reconcile::LineStatus::failed);
    EXPECT_EQ(lines[41].net, Dong(0));
    EXPECT_EQ(books.files.daily_file(books.rail, first_day, 1), Books(Channel::provider, 50).files.daily_file(books.rail, first_day, 1));
}

TEST(SandboxDayFiles, BreaksAreInTheFirstRevisionAndGoneInTheSecond)
{
    Books books(Channel::bank);
    auto const right = books.lines(first_day);
    books.files.put(first_day, {3, 2, 4, 1});
    auto const wrong = books.lines(first_day);
    EXPECT_EQ(wrong.size(), right.size() - 3 + 2);
    int missing = 0, off = 0;
    for (auto const& line : right) {
        auto const found = std::ranges::find(wrong, line.provider_txn_id, &reconcile::ProviderLine::provider_txn_id);
        if (found == wrong.end()) ++missing;
        else if (found->amount != line.amount) ++off;
    }
    EXPECT_EQ(missing, 3);
    EXPECT_EQ(off, 4);
    EXPECT_EQ(books.lines(first_day, 2).size(), right.size());
    EXPECT_EQ(books.lines(first_day.plus_days(1)).size(), 10u);

    auto const day = books.statement(first_day);
    EXPECT_EQ(day.entries.size(), 41u - 3 + 2 + 1);
    EXPECT_EQ(std::ranges::count(day.entries, true, &reconcile::BankEntry::reversal), 1);
    expect_balances_hold(books, 4);
}

TEST(SandboxDayFiles, AMistakenProviderPaysWhatItsOwnFileSays)
{
    Books books(Channel::provider);
    books.files.put(first_day, {3, 2, 4, 0});
    std::int64_t net = 0;
    for (auto const& line : books.lines(first_day)) net += line.net.count();
    EXPECT_EQ(sum_of(books.statement(first_day.plus_days(1))).count(), net);
    books.files.put(first_day.plus_days(1), {0, 0, 0, 1});
    EXPECT_LT(sum_of(books.statement(first_day.plus_days(1))).count(), net);
    expect_balances_hold(books, 4);
}

TEST(SandboxDayFiles, WithoutAnAccountThereIsNoStatement)
{
    Books books(Channel::bank);
    RailAccount other = books.rail;
    other.id = "rla_b";
    books.bank.put(other);
    EXPECT_EQ(books.files.camt053(other, first_day).error().code, Errc::statement_missing);
    EXPECT_TRUE(books.files.provider_lines(other, first_day, 1).empty());
}

}  // namespace
}  // namespace cho40::sandbox
