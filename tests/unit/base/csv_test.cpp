#include "base/csv.h"
#include <gtest/gtest.h>

namespace cho40 {
namespace {

TEST(CsvTable, ReadsQuotedCellsByColumnName)
{
    auto const table = CsvTable::parse("\xEF\xBB\xBF"
                                       "a,b\r\n1,\"x, \"\"y\"\"\nz\"\r\n",
                                       {"a", "b"});
    ASSERT_TRUE(table) << table.error().detail;
    ASSERT_EQ(table->rows().size(), 1u);
    EXPECT_EQ(table->rows()[0]["a"], "1");
    EXPECT_EQ(table->rows()[0]["b"], "x, \"y\"\nz");
    EXPECT_EQ(table->rows()[0]["c"], "");
}

TEST(CsvTable, SaysWhichLineIsWrong)
{
    EXPECT_EQ(CsvTable::parse("", {}).error().code, Errc::invalid_csv);
    EXPECT_EQ(CsvTable::parse("a\n", {"b"}).error().detail, "the column b is missing");
    EXPECT_EQ(CsvTable::parse("a,b\n1,2\n3\n", {}).error().pointer, "line 3");
    EXPECT_EQ(CsvTable::parse("a,b\n1,\"2\n", {}).error().code, Errc::invalid_csv);
    EXPECT_EQ(CsvTable::parse("a\n\xff\n", {}).error().code, Errc::invalid_utf8);
}

TEST(CsvCell, QuotesAndDefusesFormulas)
{
    EXPECT_EQ(csv_cell("plain"), "plain");
    EXPECT_EQ(csv_cell("a,b"), "\"a,b\"");
    EXPECT_EQ(csv_cell("=SUM(A1)"), "'=SUM(A1)");
    EXPECT_EQ(csv_cell("-500"), "-500");
}

}  // namespace
}  // namespace cho40
