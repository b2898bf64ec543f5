#include "fees/receipt.h"
#include "tests/unit/fees/notice_for_tests.h"
#include <rapidcheck/gtest.h>
#include <set>

namespace cho40::fees {
namespace {

using namespace literals;

Agency const& agency()
{
    static auto const agencies = Agencies::embedded();
    EXPECT_TRUE(agencies) << agencies.error().detail;
    return *agencies->find("H49.20");
}

ReceiptNumber number(std::int64_t n) { return {ReceiptForm::no_printed_value, "26TBP", n}; }

Receipt receipt()
{
    auto const notice = notice_of({"BR_REG", "BR_PUB"});
    return issue_receipt(plan_receipts(*notice, agency())[0], *notice, agency(),
                         {Id<Receipt>(), number(12), *LookupCode::parse("222222222222"), notice->issued_at, {Uuid()}, {}});
}

TEST(Receipt, AFeeAndAChargeGoOnSeparateReceipts)
{
    auto const notice = notice_of({"BR_REG", "BR_PUB"});
    ASSERT_TRUE(notice);

    auto const plans = plan_receipts(*notice, agency());

    ASSERT_EQ(plans.size(), 2u);
    EXPECT_EQ(plans[0].kind, FeeKind::phi);
    EXPECT_EQ(plans[0].total, 100'000_vnd);
    EXPECT_EQ(plans[0].letters, "BP");
    EXPECT_EQ(plans[1].kind, FeeKind::le_phi);
    EXPECT_EQ(plans[1].total, 25'000_vnd);
    EXPECT_EQ(plans[1].letters, "BL");
    EXPECT_EQ(plans[1].lines[0].budget_subitem, "2861");
}

TEST(Receipt, AFreeLineHasNoReceipt)
{
    auto const notice = notice_of({"ID_FIRST", "BR_PUB"});
    ASSERT_TRUE(notice);
    ASSERT_EQ(plan_receipts(*notice, agency()).size(), 1u);
}

TEST(Receipt, SaysTheAmountInWordsAndKeepsTheCollector)
{
    auto const r = receipt();
    EXPECT_EQ(r.words, "một trăm nghìn đồng");
    EXPECT_EQ(r.collector_tax_code, agency().tax_code);
    EXPECT_EQ(r.number.to_string(), "EBL01 26TBP 12");
    EXPECT_EQ(r.digest.size(), 64u);
}

TEST(Receipt, EveryPrintedFieldIsUnderTheDigestAndNoStateIs)
{
    std::vector<std::function<void(Receipt&)>> const changes = {[](Receipt& r) { r.number.number++; },
                                                                [](Receipt& r) { r.number.symbol = "26TBL"; },
                                                                [](Receipt& r) { r.issued_at += std::chrono::microseconds(1); },
                                                                [](Receipt& r) { r.collector_name += "x"; },
                                                                [](Receipt& r) { r.collector_tax_code += "1"; },
                                                                [](Receipt& r) { r.kind = FeeKind::le_phi; },
                                                                [](Receipt& r) { r.payer_name = "Nguyễn Thị Thệ"; },
                                                                [](Receipt& r) { r.dossier_code += "1"; },
                                                                [](Receipt& r) { r.notice_code += "1"; },
                                                                [](Receipt& r) { r.lines[0].amount = 100'001_vnd; },
                                                                [](Receipt& r) { r.lines[0].name_vi += "."; },
                                                                [](Receipt& r) { r.lines[0].budget_subitem = "2716"; },
                                                                [](Receipt& r) { r.total = 100'001_vnd; },
                                                                [](Receipt& r) { r.words += "!"; },
                                                                [](Receipt& r) { r.replaces = number(11); },
                                                                [](Receipt& r) { r.delegate = Delegate{"Bưu điện", "Hạ Long"}; }};
    auto const original = receipt();
    std::set<std::string> digests = {original.digest};
    for (auto const& change : changes) {
        auto changed = original;
        change(changed);
        EXPECT_TRUE(digests.insert(receipt_digest(changed)).second);
    }
    auto cancelled = original;
    ASSERT_TRUE(cancel_receipt(cancelled, "refund"));
    EXPECT_EQ(receipt_digest(cancelled), original.digest);
}

TEST(Receipt, NothingLeavesReplacedOrCancelled)
{
    auto r = receipt();
    ASSERT_TRUE(adjust_receipt(r, "name misspelt"));
    ASSERT_TRUE(replace_receipt(r, number(13), "wrong amount"));
    EXPECT_EQ(r.replaced_by, number(13));
    EXPECT_FALSE(cancel_receipt(r, "again"));
    EXPECT_FALSE(adjust_receipt(r, "again"));
    EXPECT_FALSE(replace_receipt(r, number(14), "again"));
    EXPECT_EQ(r.state, ReceiptState::replaced);
}

TEST(Receipt, AmountAndTaxCodeNeedANewOne)
{
    EXPECT_EQ(correction_for(true, false), Correction::replacement);
    EXPECT_EQ(correction_for(false, true), Correction::replacement);
    EXPECT_EQ(correction_for(false, false), Correction::notice_of_mistake);
}

TEST(ReceiptSeries, SymbolIsYearThenTThenTwoLettersOfTwenty)
{
    EXPECT_EQ(*receipt_symbol(2026, "AA"), "26TAA");
    EXPECT_EQ(*receipt_symbol(2030, "XY"), "30TXY");
    for (auto const* letters : {"A", "AAA", "aa", "AF", "AI", "AO", "AW", "AZ", "AJ", "A1", ""})
        EXPECT_FALSE(receipt_symbol(2026, letters)) << letters;
}

TEST(ReceiptSeries, NumbersHaveNoGapsAndEndWithTheYear)
{
    auto series = ReceiptSeries::make("H49.61", ReceiptForm::no_printed_value, "26TCP", 0);
    ASSERT_TRUE(series);
    for (std::int64_t n = 1; n <= 100; ++n) EXPECT_EQ(series->take(Day::from(2026, 12, 31))->number, n);
    auto const late = series->take(Day::from(2027, 1, 1));
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, Errc::invalid_period);
    EXPECT_EQ(series->last(), 100);
}

TEST(ReceiptSeries, EndsAtEightDigits)
{
    auto series = ReceiptSeries::make("H49.61", ReceiptForm::no_printed_value, "26TCP", 99'999'998);
    EXPECT_EQ(series->take(Day::from(2026, 1, 1))->number, 99'999'999);
    EXPECT_EQ(series->take(Day::from(2026, 1, 1)).error().code, Errc::series_exhausted);
    EXPECT_FALSE(ReceiptSeries::make("H49.61", ReceiptForm::no_printed_value, "26TCP", 100'000'000));
    EXPECT_FALSE(ReceiptSeries::make("", ReceiptForm::no_printed_value, "26TCP", 0));
    EXPECT_FALSE(ReceiptSeries::make("H49.61", ReceiptForm::no_printed_value, "26CP", 0));
}

}  // namespace
}  // namespace cho40::fees
