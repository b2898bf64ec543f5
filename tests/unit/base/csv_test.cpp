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

// What a whole table says of the bytes, and what rows say of them in blocks of `size`: "line: cell|cell" or the error.
std::string by_rows(std::string_view bytes, std::size_t size)
{
    std::string said;
    CsvRows rows({"b", "a"}, [&](CsvRows::Row const& row) -> Result<Done> {
        said.append(std::to_string(row.line())).append(": ").append(row[1]).append("|").append(row[0]).append("\n");
        return Done{};
    });
    Result<Done> read = Done{};
    for (std::size_t at = 0; at < bytes.size() && read; at += size) read = rows.feed(bytes.substr(at, size));
    if (read) read = rows.finish();
    return read ? said : read.error().pointer + " " + read.error().detail;
}

std::string as_table(std::string_view bytes)
{
    auto const table = CsvTable::parse(bytes, {"b", "a"});
    if (!table) return table.error().pointer + " " + table.error().detail;
    std::string said;
    for (auto const& row : table->rows()) said += std::to_string(row.line()) + ": " + row["a"] + "|" + row["b"] + "\n";
    return said;
}

TEST(CsvRows, SayWhatTheTableSaysWhereverTheBlocksEnd)
{
    for (std::string const bytes : {"\xEF\xBB\xBF"
                                    "a,b\r\n1,\"x, \"\"y\"\"\nz\"\r\n",
                                    "c,b,a\n1,2,3\n\n 4 ,,\"\"\n", "a,b\n1,2", "b,a\ntiền cá,đường\n", "", "\xEF\xBB\xBF", "a", "a\n",
                                    "a,b\n1,2\n3\n", "a,b\n1,\"2\n", "a,b\n1,2\"\n", "a,b\n1,2\n\xff,2\n"}) {
        for (std::size_t size : {1U, 2U, 3U, 5U, 1000U}) EXPECT_EQ(by_rows(bytes, size), as_table(bytes)) << bytes << " by " << size;
    }
}

TEST(CsvRows, RefuseWhatATableCannotHold)
{
    EXPECT_EQ(by_rows(std::string("a,b\n1,x\0y\n", 10), 100), "line 2 the file holds a zero byte");
    EXPECT_EQ(by_rows("a,b\n\xC3,\xA9\n", 100), "line 2 the file is not UTF-8") << "no character is made of two cells";
    EXPECT_EQ(by_rows("a,b,a\n1,2,3\n", 100), "line 1 the column a is there twice");
    EXPECT_EQ(by_rows("a,b\n1,2\n3,\"" + std::string(3'000'000, 'x'), 500'000),
              "line 3 the row is longer than 1 MiB: a line break or a closing quote is missing");
}

TEST(CsvRows, StopAtTheErrorOfWhoeverTakesTheRows)
{
    int taken = 0;
    CsvRows rows({"a"}, [&](CsvRows::Row const& row) -> Result<Done> {
        ++taken;
        if (row[0] == "bad") return fail(Errc::invalid_input, "this one", "line " + std::to_string(row.line()));
        return Done{};
    });
    auto const read = rows.feed("a\ngood\nbad\ngood\n");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().pointer, "line 3");
    EXPECT_EQ(taken, 2);
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
