#include "base/csv.h"
#include "base/sealed_csv.h"
#include "fees/collector_statement.h"
#include "tests/unit/fees/tables_for_tests.h"

namespace cho40::fees {
namespace {

using namespace literals;

Day const first = Day::from(2026, 11, 1);
Day const last = Day::from(2026, 11, 30);

Agencies const& agencies()
{
    static auto const read = Agencies::embedded();
    EXPECT_TRUE(read) << read.error().detail;
    return *read;
}

// Without rows of its own: the schedule says what it may keep.
Agency agency()
{
    Agency a;
    a.code = "H49.99";
    a.name_vi = "Trung tâm";
    return a;
}

Receipt receipt(std::int64_t number, FeeKind kind, Day day, std::vector<std::pair<std::string, Dong>> const& lines)
{
    Receipt r{};
    r.number = {ReceiptForm::no_printed_value, kind == FeeKind::phi ? "26TAP" : "26TAL", number};
    r.kind = kind;
    r.issued_at = day.begin() + std::chrono::hours(9);
    for (auto const& [code, amount] : lines) {
        r.lines.push_back({code, "Phí " + code, code, "2861", amount});
        r.total = *add(r.total, amount);
    }
    r.digest = std::string(64, 'd');
    return r;
}

ReceiptEntry entry(ReceiptEntryKind kind, std::int32_t line, Dong amount, Day day)
{
    return {kind, make_derived_uuid({"refund"}), amount, {{line, amount}}, day.begin() + std::chrono::hours(10)};
}

CollectorStatement statement(std::vector<Receipt> receipts)
{
    auto made = collector_statement(agency(), first, last, std::move(receipts), agencies(), embedded_tables());
    EXPECT_TRUE(made) << made.error().detail;
    return *std::move(made);
}

// A fee of the schedule of which so much may be kept, for certain, on the days of the tests; nothing: its share is not certain.
std::string fee_kept_to(std::optional<int> percent)
{
    for (auto const& rate : embedded_tables().rates()) {
        auto const rates = embedded_tables().rates_on(rate.fee_code, first);
        if (rates.size() != 1 || rate.kind != FeeKind::phi) continue;
        auto const share = rates.front()->retained_uncertain ? std::nullopt : rates.front()->retained_percent;
        if (share == percent) return rate.fee_code;
    }
    ADD_FAILURE() << "no such fee in the schedule";
    return {};
}

bool holds_together(CollectorStatement const& s)
{
    return s.gross.count() - s.given_back.count() == s.kept.count() + s.to_budget.count() + s.undecided.count();
}

TEST(CollectorStatement, EveryDongIsKeptPaidOverOrUndecided)
{
    auto const charge = fee_kept_to(0);
    auto const unknown = fee_kept_to(std::nullopt);
    auto const s = statement({receipt(1, FeeKind::phi, first, {{charge, 100'000_vnd}, {unknown, 33'333_vnd}}),
                              receipt(2, FeeKind::phi, last, {{charge, 50'000_vnd}})});
    EXPECT_EQ(s.count, 2);
    EXPECT_EQ(s.gross, 183'333_vnd);
    EXPECT_EQ(s.to_budget, 150'000_vnd);
    EXPECT_EQ(s.undecided, 33'333_vnd);
    EXPECT_TRUE(holds_together(s));
    ASSERT_EQ(s.fees.size(), 2U);
    EXPECT_EQ(s.fees[0].receipts + s.fees[1].receipts, 3);
}

TEST(CollectorStatement, TheAgencysOwnRowGoesBeforeTheSchedule)
{
    for (auto const& own : agencies().collections()) {
        auto const rates = embedded_tables().rates_on(own.fee_code, first);
        auto const of_schedule = rates.size() == 1 && !rates.front()->retained_uncertain ? rates.front()->retained_percent : std::nullopt;
        if (own.retained_percent == of_schedule || agencies().collection(own.agency_code, own.fee_code, first) != &own) continue;
        auto of = agency();
        of.code = own.agency_code;
        auto const s = *collector_statement(of, first, last, {receipt(1, FeeKind::phi, first, {{own.fee_code, 1'000_vnd}})}, agencies(),
                                            embedded_tables());
        EXPECT_EQ(s.fees.front().retained_percent, own.retained_percent) << own.agency_code << " " << own.fee_code;
        return;
    }
    GTEST_SKIP() << "no agency has a share of its own that differs";
}

TEST(CollectorStatement, WhatMayBeKeptIsRoundedOnce)
{
    std::optional<int> share;
    for (auto const& rate : embedded_tables().rates()) {
        if (!rate.retained_uncertain && rate.retained_percent && *rate.retained_percent > 0 && *rate.retained_percent < 100)
            share = rate.retained_percent;
    }
    if (!share) GTEST_SKIP() << "the schedule leaves nobody a part that is certain";
    auto const code = fee_kept_to(share);
    std::vector<Receipt> receipts;
    for (int i = 1; i <= 7; ++i) receipts.push_back(receipt(i, FeeKind::phi, first, {{code, 3_vnd}}));
    auto const s = statement(std::move(receipts));
    EXPECT_EQ(s.kept, *multiply_half_up(21_vnd, *share, 100));
    EXPECT_TRUE(holds_together(s));
}

TEST(CollectorStatement, WhatIsGivenBackCountsOnItsDay)
{
    auto const code = fee_kept_to(0);
    auto earlier = receipt(1, FeeKind::phi, first.plus_days(-20), {{code, 70'000_vnd}});
    earlier.entries = {entry(ReceiptEntryKind::given_back, 1, 30'000_vnd, last)};
    auto ours = receipt(2, FeeKind::phi, first, {{code, 50'000_vnd}, {code, 20'000_vnd}});
    ours.entries = {entry(ReceiptEntryKind::given_back, 2, 20'000_vnd, first), entry(ReceiptEntryKind::sent_back, 2, 20'000_vnd, last),
                    entry(ReceiptEntryKind::given_back, 1, 50'000_vnd, last.plus_days(1))};
    auto const s = statement({earlier, ours, receipt(3, FeeKind::phi, last.plus_days(1), {{code, 1_vnd}})});
    EXPECT_EQ(s.count, 1);
    EXPECT_EQ(s.gross, 70'000_vnd);
    EXPECT_EQ(s.given_back, 30'000_vnd);
    EXPECT_EQ(s.to_budget, 40'000_vnd);
    EXPECT_TRUE(holds_together(s));
    ASSERT_EQ(s.receipts.size(), 2U);
    EXPECT_FALSE(s.receipts[0].counts);
    EXPECT_EQ(s.receipts[0].given_back, 30'000_vnd);
    EXPECT_EQ(s.receipts[1].given_back, 0_vnd);
}

TEST(CollectorStatement, CancelledOnesKeepTheirNumbersAndNoMoney)
{
    auto const code = fee_kept_to(0);
    auto cancelled = receipt(8, FeeKind::phi, first, {{code, 9'000_vnd}});
    cancelled.state = ReceiptState::cancelled;
    auto const s = statement(
        {cancelled, receipt(7, FeeKind::phi, first, {{code, 5'000_vnd}}), receipt(3, FeeKind::le_phi, first, {{code, 1'000_vnd}})});
    EXPECT_EQ(s.count, 2);
    EXPECT_EQ(s.gross, 6'000_vnd);
    ASSERT_EQ(s.series.size(), 2U);
    EXPECT_EQ(s.series[1].symbol, "26TAP");
    EXPECT_EQ(s.series[1].first, 7);
    EXPECT_EQ(s.series[1].last, 8);
    EXPECT_EQ(s.series[1].count, 2);
    EXPECT_EQ(s.series[1].total, 5'000_vnd);
}

TEST(CollectorStatement, TheFileAddsUp)
{
    auto const code = fee_kept_to(0);
    auto given = receipt(2, FeeKind::phi, first, {{code, 50'000_vnd}});
    given.entries = {entry(ReceiptEntryKind::given_back, 1, 1'000_vnd, last)};
    auto const csv = collector_csv(statement({receipt(1, FeeKind::phi, first, {{code, 70'000_vnd}}), given}));
    ASSERT_TRUE(sealed_digest(csv));
    auto const table = CsvTable::parse(csv, {"row", "count", "sum", "given_back", "sha256"});
    ASSERT_TRUE(table) << table.error().detail;
    for (std::string const kind : {"fee", "receipt"}) {
        std::int64_t count = 0, sum = 0, back = 0;
        for (auto const& row : table->rows()) {
            if (row["row"] != kind) continue;
            count += std::stoll(row["count"]);
            sum += std::stoll(row["sum"]);
            back += std::stoll(row["given_back"]);
        }
        EXPECT_EQ(count, 2) << kind;
        EXPECT_EQ(sum, 120'000) << kind;
        EXPECT_EQ(back, 1'000) << kind;
    }
    EXPECT_EQ(table->rows().back()["sum"], "120000");
}

TEST(CollectorStatement, OfNothing)
{
    auto const s = statement({});
    EXPECT_EQ(s.count, 0);
    EXPECT_TRUE(sealed_digest(collector_csv(s)));
}

}  // namespace
}  // namespace cho40::fees
