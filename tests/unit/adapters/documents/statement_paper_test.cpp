#include "adapters/documents/statement_paper.h"
#include "base/csv.h"
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cho40::documents {
namespace {

constexpr Instant began = std::chrono::sys_days(std::chrono::year(2026) / 11 / 1);

ledger::Statement statement_of(int lines)
{
    ledger::Statement statement{{ledger::BookId{1001}, ledger::AccountNumber{18}, began, began + std::chrono::days(30)},
                                ledger::StatementTotals(Dong(-1'250'000)),
                                {}};
    for (int i = 1; i <= lines; ++i) {
        ledger::StatementLine line;
        line.seq = i * 3;
        line.transfer = Id<ledger::Transfer>(make_derived_uuid({"paper", std::to_string(i)}));
        line.other = ledger::AccountNumber{16};
        line.amount = Dong(i % 4 == 0 ? -45'000 * i : 180'000 + i);
        line.balance = Dong(statement.totals.closing().count() + line.amount.count());
        line.code = ledger::TransferCode::sale;
        line.reference = i == 2 ? "=HYPERLINK(\"x\")" : "CQ7K2M4X" + std::to_string(i);
        line.event_at = line.recorded_at = began + std::chrono::minutes(37 * i);
        EXPECT_TRUE(statement.totals.add(line));
        statement.lines.push_back(std::move(line));
    }
    return statement;
}

StatementPaper const paper{"Chợ Hạ Long I", "Trần Thị Kế Toán", began + std::chrono::days(31)};

TEST(StatementPaper, TheTableIsReadByMachinesAndHarmlessInASpreadsheet)
{
    auto const table = CsvTable::parse(statement_csv(statement_of(5)), {"row", "balance", "reference", "debit", "credit"});
    ASSERT_TRUE(table);
    ASSERT_EQ(table->rows().size(), 7u);
    EXPECT_EQ(table->rows().front()["row"], "opening");
    EXPECT_EQ(table->rows().front()["balance"], "-1250000");
    EXPECT_EQ(table->rows()[2]["reference"], "'=HYPERLINK(\"x\")");
    EXPECT_EQ(table->rows()[1]["debit"], "180001");
    EXPECT_EQ(table->rows()[4]["credit"], "180000");
    EXPECT_EQ(table->rows().back()["row"], "closing");
    EXPECT_EQ(table->rows().back()["balance"], std::to_string(statement_of(5).totals.closing().count()));
}

TEST(StatementPaper, TheObjectSaysWhatTheStatementSays)
{
    auto const view = statement_json(statement_of(5));
    EXPECT_EQ(view["opening"]["amount"], -1'250'000);
    EXPECT_EQ(view["lines"].size(), 5u);
    EXPECT_EQ(view["count"], 5);
    EXPECT_EQ(view["closing"]["amount"], view["lines"][4]["balance"]["amount"]);
    EXPECT_EQ(view["opening"]["amount"].get<std::int64_t>() + view["debits"]["amount"].get<std::int64_t>() -
                  view["credits"]["amount"].get<std::int64_t>(),
              view["closing"]["amount"].get<std::int64_t>());
}

TEST(StatementPaper, EveryLineStandsOnAPage)
{
    auto const statement = statement_of(120);
    auto const pdf = statement_pdf(statement, paper);
    ASSERT_TRUE(pdf);
    EXPECT_EQ(*pdf, *statement_pdf(statement, paper));  // the same bytes each time
    auto const path = testing::TempDir() + "statement_paper_test.pdf";
    std::ofstream(path, std::ios::binary) << *pdf;
    auto const text_path = path + ".txt";
    ASSERT_EQ(std::system(("pdftotext -layout '" + path + "' '" + text_path + "'").c_str()), 0);
    std::ifstream in(text_path);
    std::string const text(std::istreambuf_iterator<char>(in), {});
    for (auto const* wanted : {"SAO KÊ TÀI KHOẢN", "Chợ Hạ Long I (1001)", "Số dư đầu kỳ", "-1.250.000", "Cộng phát sinh", "Số dư cuối kỳ",
                               "In bởi Trần Thị Kế Toán", "Cộng phát sinh (120 dòng)", "Trang 1/5", "Trang 5/5"}) {
        EXPECT_NE(text.find(wanted), text.npos) << wanted;
    }
    for (int i = 1; i <= 120; ++i) {
        if (i != 2) { EXPECT_NE(text.find("CQ7K2M4X" + std::to_string(i)), text.npos) << i; }
        EXPECT_NE(text.find("trf_" + statement.lines[static_cast<std::size_t>(i - 1)].transfer.uuid.to_base32()), text.npos) << i;
    }
    if (!std::getenv("CHO40_KEEP_PICTURES")) std::remove(path.c_str());
    std::remove(text_path.c_str());
}

TEST(StatementPaper, NothingIsCutAndNothingIsTurnedAround)
{
    auto statement = statement_of(6);
    auto& lines = statement.lines;
    lines[0].reference = std::string(64, 'W');
    lines[1].reference = "A\u202E000.45 TRA\u202C\u200B\u2028B";
    lines[2].reference = "\u05E9\u05DC\u05D5\u05DD 17";  // a name that does read from right to left
    lines[3].reference = "Tiền điện quý 4/2026, hộ 12A – ngõ 7 đường Lê Thánh Tông";
    lines[4].reference = "";
    lines[5].other = ledger::AccountNumber{9'007'199'254'740'991};
    lines[5].code = static_cast<ledger::TransferCode>(32'767);
    lines[5].seq = 1'234'567'890'123;
    lines[5].amount = Dong(9'007'199'254'740'991);
    lines[5].balance = Dong(-9'007'199'254'740'991);
    auto const pdf = statement_pdf(statement, paper);
    ASSERT_TRUE(pdf);
    auto const path = testing::TempDir() + "statement_paper_odd_test.pdf";
    std::ofstream(path, std::ios::binary) << *pdf;
    ASSERT_EQ(std::system(("pdftotext -layout '" + path + "' '" + path + ".txt'").c_str()), 0);
    std::ifstream in(path + ".txt");
    std::string const text(std::istreambuf_iterator<char>(in), {});
    for (auto const& wanted :
         {std::string("A<U+202E>000.45 TRA<U+202C><U+200B><U+2028>B"), lines[3].reference, std::string("TK đối ứng"),
          std::string("9007199254740991"), std::string("32767"), std::string("1234567890123"), std::string("-9.007.199.254.740.991")}) {
        EXPECT_NE(text.find(wanted), text.npos) << wanted << "\n" << text;
    }
    EXPECT_EQ(std::ranges::count(text, 'W'), 64) << text;
    for (auto const* added : {"…", "W-"}) EXPECT_EQ(text.find(added), text.npos) << text;
    EXPECT_NE(statement_text(statement, paper).find("<U+202E>"), std::string::npos);
    if (!std::getenv("CHO40_KEEP_PICTURES")) std::remove(path.c_str());
    std::remove((path + ".txt").c_str());
}

TEST(StatementTotals, ALineThatDoesNotContinueTheOneBeforeItIsABrokenBook)
{
    auto statement = statement_of(3);
    auto line = statement.lines.back();
    line.balance = Dong(line.balance.count() + 1);
    auto const added = statement.totals.add(line);
    ASSERT_FALSE(added);
    EXPECT_EQ(added.error().code, Errc::books_broken);
}

}  // namespace
}  // namespace cho40::documents
