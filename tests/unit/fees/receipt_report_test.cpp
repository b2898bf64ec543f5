#include "base/csv.h"
#include "fees/receipt_report.h"
#include "tests/unit/fees/notice_for_tests.h"
#include <gtest/gtest.h>

namespace cho40::fees {
namespace {

using namespace literals;
using namespace std::chrono_literals;

Day const day = Day::from(2026, 11, 22);
Instant const noon = day.begin() + 12h;

StoredReceipt stored_receipt(std::int64_t number)
{
    StoredReceipt stored{};
    auto& r = stored.receipt;
    r.id = make_id<Receipt>(noon, system_random());
    r.number = {ReceiptForm::no_printed_value, "26TBP", number};
    r.issued_at = noon;
    r.lines = {{"BR_PUB", "Công bố, thông tin \"doanh nghiệp\"", "Publication", "2266", 100'000_vnd},
               {"BR_EXT", "=Cung cấp", "Extract", "2266", 35'000_vnd}};
    r.total = 135'000_vnd;
    return stored;
}

Unreported item(StoredReceipt stored, ReportedAs as, Uuid act = {}, std::optional<EarlierReport> earlier = {})
{
    Unreported one;
    one.stored = std::move(stored);
    one.as = as;
    one.act = act;
    one.at = noon;
    one.reason = as == ReportedAs::cancelled || as == ReportedAs::replaced ? "sai tên người nộp" : "";
    one.earlier = earlier;
    return one;
}

std::vector<std::int64_t> amounts(std::vector<ReportRow> const& rows)
{
    std::vector<std::int64_t> out;
    for (auto const& row : rows) out.push_back(row.amount.count());
    return out;
}

TEST(ReportRows, ALineForEachFeeOfEachReceiptByNumber)
{
    auto const rows = report_rows({item(stored_receipt(12), ReportedAs::issued), item(stored_receipt(9), ReportedAs::issued)});
    ASSERT_EQ(rows.size(), 4u);
    EXPECT_EQ(rows[0].number.number, 9);
    EXPECT_EQ(rows[0].fee_code, "BR_PUB");
    EXPECT_EQ(rows[2].number.number, 12);
    EXPECT_EQ(rows[2].issued_on, day);
    EXPECT_FALSE(rows[2].earlier);
    EXPECT_EQ(amounts(rows), (std::vector<std::int64_t>{100'000, 35'000, 100'000, 35'000}));
}

TEST(ReportRows, WhatBecomesOfAReceiptLaterNamesTheReportThatToldOfIt)
{
    auto stored = stored_receipt(12);
    Uuid const refund{{1}};
    stored.receipt.entries = {{ReceiptEntryKind::given_back, refund, 30'000_vnd, {{2, 30'000_vnd}}, noon},
                              {ReceiptEntryKind::sent_back, refund, 30'000_vnd, {{2, 30'000_vnd}}, noon + 1h},
                              {ReceiptEntryKind::given_back, Uuid{{2}}, 1_vnd, {{1, 1_vnd}}, noon + 2h}};
    EarlierReport const earlier{3, day.plus_days(-1)};
    auto const rows = report_rows(
        {item(stored, ReportedAs::sent_back, refund, earlier), item(stored, ReportedAs::given_back, refund, earlier)});
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[0].as, ReportedAs::given_back);
    EXPECT_EQ(rows[0].fee_code, "BR_EXT");
    EXPECT_EQ(rows[0].earlier->number, 3);
    EXPECT_EQ(amounts(rows), (std::vector<std::int64_t>{-30'000, 30'000}));
}

TEST(ReportRows, AReplacementAndWhatItReplacesCancelOutAndNameEachOther)
{
    auto old = stored_receipt(12);
    auto fresh = stored_receipt(13);
    fresh.receipt.replaces = old.receipt.number;
    ASSERT_TRUE(replace_receipt(old.receipt, fresh.receipt.number, "sai tên người nộp"));
    auto const rows = report_rows({item(fresh, ReportedAs::issued), item(old, ReportedAs::replaced)});
    ASSERT_EQ(rows.size(), 4u);
    EXPECT_EQ(amounts(rows), (std::vector<std::int64_t>{-100'000, -35'000, 100'000, 35'000}));
    EXPECT_EQ(rows[0].related, fresh.receipt.number);
    EXPECT_EQ(rows[0].explanation, "sai tên người nộp");
    EXPECT_EQ(rows[2].related, old.receipt.number);
}

TEST(ReportRows, ACancelledReceiptTakesNothingMoreFromTheSum)
{
    auto stored = stored_receipt(12);
    ASSERT_TRUE(cancel_receipt(stored.receipt, "x"));
    EXPECT_EQ(amounts(report_rows({item(stored, ReportedAs::cancelled)})), (std::vector<std::int64_t>{0, 0}));
}

TEST(ReportCsv, IsATableOfThirteenColumnsWithCountAndSum)
{
    auto fresh = stored_receipt(13);
    fresh.receipt.replaces = ReceiptNumber{ReceiptForm::no_printed_value, "26TBP", 12};
    ReceiptReport report;
    report.collector_name = "Sở Tài chính, Phòng ĐKKD";
    report.collector_tax_code = "5701990026";
    report.number = 4;
    report.part = 2;
    report.day = day;
    report.rows = report_rows(
        {item(fresh, ReportedAs::issued), item(stored_receipt(12), ReportedAs::replaced, {}, EarlierReport{3, day.plus_days(-1)})});
    report.total = Dong();
    auto const csv = report_csv(report);
    EXPECT_EQ(csv, report_csv(report));
    EXPECT_TRUE(csv.starts_with("\xEF\xBB\xBF"));
    auto const table_at = csv.find("STT,");
    ASSERT_NE(table_at, csv.npos);
    EXPECT_NE(csv.find("Người thu,\"Sở Tài chính, Phòng ĐKKD\"\r\n"), csv.npos) << csv;
    EXPECT_NE(csv.find("Bảng tổng hợp số,4\r\nPhần trong ngày,2\r\n"), csv.npos) << csv;
    auto const table = CsvTable::parse(csv.substr(table_at), {"Số tiền", "Trạng thái", "Kỳ điều chỉnh", "Biên lai liên quan", "Ghi chú"});
    ASSERT_TRUE(table) << table.error().detail;
    auto const& rows = table->rows();
    ASSERT_EQ(rows.size(), 5u);
    EXPECT_EQ(rows[0]["Số"], "12");
    EXPECT_EQ(rows[0]["Mẫu số biên lai"], "EBL01");
    EXPECT_EQ(rows[0]["Ngày lập"], "22/11/2026");
    EXPECT_EQ(rows[0]["Tên loại phí, lệ phí"], "Công bố, thông tin \"doanh nghiệp\"");
    EXPECT_EQ(rows[0]["Số tiền"], "-100000");
    EXPECT_EQ(rows[0]["Trạng thái"], "Bị thay thế");
    EXPECT_EQ(rows[0]["Kỳ điều chỉnh"], "21/11/2026");
    EXPECT_EQ(rows[0]["Giải thích"], "sai tên người nộp");
    EXPECT_EQ(rows[0]["Ghi chú"], "Đã có trong bảng tổng hợp số 3");
    EXPECT_EQ(rows[2]["Trạng thái"], "Thay thế");
    EXPECT_EQ(rows[2]["Biên lai liên quan"], "EBL01 26TBP 12");
    EXPECT_NE(rows[3]["Tên loại phí, lệ phí"][0], '=') << "no cell begins a formula";
    EXPECT_EQ(rows[4]["STT"], "Cộng");
    EXPECT_EQ(rows[4]["Mẫu số biên lai"], "4 dòng");
    EXPECT_EQ(rows[4]["Số tiền"], "0");
}

TEST(ReportIsDue, OnTheDayOfIssueAndAtOnceForDaysThatAreOver)
{
    EXPECT_FALSE(report_is_due(day, day.begin() + 12h, {}));
    EXPECT_FALSE(report_is_due(day, day.begin() + 22h - 1s, {}));
    EXPECT_TRUE(report_is_due(day, day.begin() + 22h, {}));
    auto const first = day.begin() + 22h;
    EXPECT_FALSE(report_is_due(day, first + 14min, first));
    EXPECT_TRUE(report_is_due(day, first + 15min, first));
    EXPECT_TRUE(report_is_due(day, first, day.begin() + 17h)) << "somebody made one in the afternoon";
    auto const last_quarter = day.end() - 15min;
    EXPECT_FALSE(report_is_due(day, last_quarter + 59s, last_quarter));
    EXPECT_TRUE(report_is_due(day, last_quarter + 60s, last_quarter));
    EXPECT_TRUE(report_is_due(day, day.end(), day.end() - 1s));
    EXPECT_TRUE(report_is_due(day, day.end() + 24h * 30, {}));
    EXPECT_FALSE(report_is_due(day.plus_days(1), day.begin() + 23h, {})) << "a day to come";
}

}  // namespace
}  // namespace cho40::fees
