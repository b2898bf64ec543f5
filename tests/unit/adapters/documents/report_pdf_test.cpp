#include "adapters/documents/report_pdf.h"
#include "tests/unit/adapters/documents/readers.h"

namespace cho40::documents {
namespace {

Report report_with(int rows)
{
    Report report;
    report.title = "Phiếu đối soát ngày";
    report.facts = {{"Đối tác", "Cổng \u202eA"}};
    ReportSection files{"Tệp đã dùng", {{"Tệp", 3, false}, {"Số tiền", 1, true}}, {}, "Không có tệp nào."};
    for (int i = 1; i <= rows; ++i) files.rows.push_back({"stm_" + std::to_string(i), std::to_string(1000 + i)});
    report.sections = {files};
    report.signers = {{"Người lập", "Mai", "09:00 23/11/2026"}, {"Người ký", "", ""}};
    report.sha256 = std::string(64, 'a');
    report.printed_by = "Lan";
    report.printed_at = Day::from(2026, 11, 23).begin();
    return report;
}

int count_of(std::string const& text, std::string const& word)
{
    int count = 0;
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) ++count;
    return count;
}

TEST(ReportPdf, NoRowIsLostOverPages)
{
    auto const pdf = *report_pdf(report_with(150));
    auto const text = tests::text_in_pdf(pdf);
    for (int i = 1; i <= 150; ++i) EXPECT_EQ(count_of(text, "stm_" + std::to_string(i) + " " + std::to_string(1000 + i) + "\n"), 1) << i;
    auto const pages = count_of(text, "SHA-256 " + std::string(64, 'a'));
    EXPECT_GT(pages, 2);
    EXPECT_EQ(count_of(text, "Số tiền"), pages) << "titles on each page";
    EXPECT_EQ(count_of(text, "Trang " + std::to_string(pages) + "/" + std::to_string(pages)), 1);
    EXPECT_EQ(count_of(text, "Người lập"), 1);
}

TEST(ReportPdf, SaysThatThereIsNothing)
{
    auto const text = tests::text_in_pdf(*report_pdf(report_with(0)));
    EXPECT_EQ(count_of(text, "Không có tệp nào."), 1);
    EXPECT_EQ(count_of(text, "Số tiền"), 0);
    EXPECT_EQ(count_of(text, "Trang 1/1"), 1);
}

TEST(ReportPdf, ShowsWhatATextHides) { EXPECT_EQ(count_of(tests::text_in_pdf(*report_pdf(report_with(1))), "Cổng <U+202E>A"), 1); }

TEST(ReportPdf, TheSameReportHasTheSameBytes) { EXPECT_EQ(*report_pdf(report_with(5)), *report_pdf(report_with(5))); }

}  // namespace
}  // namespace cho40::documents
