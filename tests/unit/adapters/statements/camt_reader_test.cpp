#include "tests/unit/adapters/statements/camt_text.h"
#include <gtest/gtest.h>

namespace cho40::statements {
namespace {

using namespace camt_text;
using tests::read_camt_document;

TEST(CamtReader, ReadsVersionAndType)
{
    struct Row {
        char const* file;
        char const* type;
        char const* version;
    };
    for (auto const& row : {Row{"genkgo-camt053.v2.minimal.xml", "camt.053", "02"}, Row{"genkgo-camt053.v4.xml", "camt.053", "04"},
                            Row{"genkgo-camt053.v8.xml", "camt.053", "08"}, Row{"genkgo-camt054.v4.xml", "camt.054", "04"}}) {
        auto const document = read_camt_document(sample(row.file));
        ASSERT_TRUE(document) << row.file;
        EXPECT_EQ(document->type, row.type);
        EXPECT_EQ(document->version, row.version);
    }
    auto report = statement(entry("1"));
    for (auto const& [from, to] : {std::pair{"BkToCstmrStmt", "BkToCstmrAcctRpt"},
                                   {"Stmt", "Rpt"},
                                   {"xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"", ""}}) {
        for (std::size_t at = 0; (at = report.find(from, at)) != report.npos; at += std::string(to).size()) {
            if (std::string(from) == "Stmt" && report.compare(at, 5, "Stmt>") != 0) {
                ++at;
                continue;
            }
            report.replace(at, std::string(from).size(), to);
        }
    }
    auto const document = read_camt_document(report);
    ASSERT_TRUE(document) << document.error().detail;
    EXPECT_EQ(document->type, "camt.052") << "matched by local name";
    EXPECT_EQ(document->version, "");
}

TEST(CamtReader, RefusesWithTheLine)
{
    struct Row {
        char const* what;
        std::string bytes;
        Errc code;
        char const* line;
    };
    Row const rows[] = {
        {"a header and no statement", sample("genkgo-camt053.v2.wrong.xml"), Errc::statement_missing, "line 3"},
        {"nothing", "", Errc::xml_malformed, "line 1"},
        {"not XML", "file_id,line_no\n1,2\n", Errc::xml_malformed, "line 1"},
        {"tags that do not fit", "<Document>\n<BkToCstmrStmt>\n<Stmt></Stm>\n", Errc::xml_malformed, "line 3"},
        {"another document", "<Invoice/>", Errc::xml_malformed, "line 1"},
        {"another message", "<Document>\n<CstmrCdtTrfInitn/></Document>", Errc::xml_malformed, "line 2"},
        {"an empty document", "<Document/>", Errc::xml_malformed, "line 1"},
        {"a DOCTYPE", "<!DOCTYPE Document [<!ENTITY a \"b\">]><Document/>", Errc::xml_forbidden, "line 1"},
        {"an outside DTD", "<!DOCTYPE Document SYSTEM \"http://127.0.0.1:1/x.dtd\"><Document/>", Errc::xml_forbidden, "line 1"},
        {"no amount", statement("<Ntry>\n<CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts></Ntry>"), Errc::invalid_input, "line 1"},
        {"no direction", statement("\n<Ntry><Amt Ccy=\"VND\">1</Amt><Sts>BOOK</Sts></Ntry>"), Errc::invalid_input, "line 2"},
        {"no status", statement("\n\n<Ntry><Amt Ccy=\"VND\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry>"), Errc::invalid_input, "line 3"},
        {"no currency", statement("<Ntry><Amt>1</Amt></Ntry>"), Errc::invalid_input, "line 1"},
        {"a negative amount", statement(entry("-1")), Errc::invalid_input, "line 1"},
        {"an odd indicator", statement(entry("1", "<RvslInd>yes</RvslInd>")), Errc::invalid_input, "line 1"},
        {"an odd date", statement(entry("1", "<ValDt><Dt>2026-02-30</Dt></ValDt>")), Errc::invalid_input, "line 1"},
        {"a text without end", statement(entry("1", "<AddtlNtryInf>" + std::string(camt_text_bytes_max + 1, 'x') + "</AddtlNtryInf>")),
         Errc::xml_forbidden, "line 1"},
    };
    for (auto const& row : rows) {
        auto const document = read_camt_document(row.bytes);
        ASSERT_FALSE(document) << row.what;
        EXPECT_EQ(errc_name(document.error().code), errc_name(row.code)) << row.what << ": " << document.error().detail;
        EXPECT_EQ(document.error().pointer, row.line) << row.what;
    }
    std::string deep = "<Document><BkToCstmrStmt><Stmt>";
    for (int i = 0; i < 60; ++i) deep += "<a>";
    EXPECT_EQ(read_camt_document(deep).error().code, Errc::xml_forbidden);
    auto const whole = sample("genkgo-camt053.v8.xml");
    for (std::size_t size : {whole.size() / 4, whole.size() / 2, whole.size() - 3}) {
        EXPECT_EQ(read_camt_document(whole.substr(0, size)).error().code, Errc::xml_malformed) << "cut at " << size;
    }
}

TEST(CamtReader, ReversalIsTrueOrOneAndTheDirectionStays)
{
    for (char const* text : {"true", "1"}) {
        auto const document = read_camt_document(statement(entry("5", std::string("<RvslInd>") + text + "</RvslInd>")));
        ASSERT_TRUE(document);
        EXPECT_TRUE(document->statements[0].entries[0].reversal);
        EXPECT_EQ(document->statements[0].entries[0].direction, CamtDirection::credit);
    }
    for (char const* text : {"false", "0"}) {
        EXPECT_FALSE(
            read_camt_document(statement(entry("5", std::string("<RvslInd>") + text + "</RvslInd>")))->statements[0].entries[0].reversal);
    }
}

std::string many_entries(int count)
{
    std::string entries;
    for (int i = 1; i <= count; ++i) entries += "\n" + entry(std::to_string(i), "<AcctSvcrRef>R" + std::to_string(i) + "</AcctSvcrRef>");
    return entries;
}

TEST(CamtReader, HowTheBytesAreCutDoesNotMatter)
{
    auto const bytes = statement(entry("5", "<AddtlNtryInf>Phở bò đặc biệt</AddtlNtryInf>"), balance("OPBD", "0") + balance("CLBD", "5"));
    for (std::size_t piece = 1; piece <= 40; ++piece) {
        auto const document = read_camt_document(bytes, piece);
        ASSERT_TRUE(document) << piece << document.error().detail;
        EXPECT_EQ(document->statements.at(0).entries.at(0).additional, "Phở bò đặc biệt") << piece;
        EXPECT_EQ(document->statements[0].balances.size(), 2u);
    }
}

TEST(CamtReader, AnEntryIsHeardBeforeTheNextIsRead)
{
    struct Counter final : CamtListener {
        Result<Done> entry(CamtMessage const& message, CamtStatement const& statement, CamtEntry) override
        {
            EXPECT_EQ(message.message_id, "M");
            EXPECT_EQ(statement.account, "1");
            EXPECT_EQ(statement.balances.size(), 1u);
            ++entries;
            return Done{};
        }
        Result<Done> statement(CamtMessage const&, CamtStatement const&) override
        {
            ++statements;
            return Done{};
        }
        int entries = 0, statements = 0;
    } counter;
    CamtReader reader(counter);
    auto const bytes = statement(many_entries(3), balance("OPBD", "0"));
    auto const second = bytes.find("<Ntry>", bytes.find("<Ntry>") + 1);
    ASSERT_TRUE(reader.feed(std::string_view(bytes).substr(0, second + 7)));
    EXPECT_EQ(counter.entries, 1);
    ASSERT_TRUE(reader.feed(std::string_view(bytes).substr(second + 7)));
    EXPECT_EQ(counter.entries, 3);
    EXPECT_EQ(counter.statements, 1);
    EXPECT_TRUE(reader.finish());
}

TEST(CamtReader, LinesAreRightBehindTheSixtyFiveThousandth)
{
    std::string lines;
    for (int i = 0; i < 70'000; ++i) lines += "<x/>\n";
    auto const document = read_camt_document(statement(lines + entry("1")));
    ASSERT_TRUE(document) << document.error().detail;
    EXPECT_EQ(document->statements[0].entries.at(0).line, 70'001);
    auto const wrong = read_camt_document(statement(lines + entry("x")));
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().pointer, "line 70001");
    auto const torn = read_camt_document(statement(lines + "<Ntry></Ntr>"));
    ASSERT_FALSE(torn);
    EXPECT_EQ(torn.error().code, Errc::xml_malformed);
    EXPECT_EQ(torn.error().pointer, "line 70001");
}

TEST(CamtReader, WhatTheListenerSaysEndsTheReading)
{
    struct Full final : CamtListener {
        Result<Done> entry(CamtMessage const&, CamtStatement const&, CamtEntry entry) override
        {
            if (++entries == 2) return fail(Errc::queue_full, "no more", "line " + std::to_string(entry.line));
            return Done{};
        }
        Result<Done> statement(CamtMessage const&, CamtStatement const&) override { throw std::logic_error("past the end"); }
        int entries = 0;
    } full;
    auto const read = read_camt(statement(many_entries(5)), full);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Errc::queue_full);
    EXPECT_EQ(read.error().pointer, "line 3");
    EXPECT_EQ(full.entries, 2);
    Full empty;
    EXPECT_THROW((void)read_camt(statement(""), empty), std::logic_error) << "and what it throws arrives";
}

TEST(CamtReader, AMessageHoldsSeveralStatements)
{
    auto bytes = statement(entry("5"));
    auto const begin = bytes.find("<Stmt>");
    auto const end = bytes.find("</BkToCstmrStmt>");
    auto other = bytes.substr(begin, end - begin);
    other.replace(other.find("<Id>1</Id>"), 10, "<Id>2</Id>");
    other.erase(other.find("<Ntry>"), other.find("</Ntry>") + 7 - other.find("<Ntry>"));
    bytes.insert(end, "\n" + other);
    auto const document = read_camt_document(bytes);
    ASSERT_TRUE(document) << document.error().detail;
    ASSERT_EQ(document->statements.size(), 2u);
    EXPECT_EQ(document->statements[0].account, "1");
    EXPECT_EQ(document->statements[1].account, "2");
    EXPECT_EQ(document->statements[1].line, 2);
    EXPECT_TRUE(document->statements[1].entries.empty());
}

}  // namespace
}  // namespace cho40::statements
