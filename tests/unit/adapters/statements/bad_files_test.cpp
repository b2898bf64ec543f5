#include "adapters/statements/case_answer.h"
#include "base/digest.h"
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <random>

// Files as they should not be, through everything `cho40 recon run` does with them: what is wrong is said with file, row and
// column, and of a partly bad file nothing is used, also not its good rows.
namespace cho40::statements {
namespace {

namespace fs = std::filesystem;

std::string const internal_head = "payment_id,type,parent_id,order_ref,provider_txn_id,amount_vnd,status,event_at,payer_key,channel\n";
std::string const internal_row = "P1,PAYMENT,,CQ2A3B4C5,V1,50000,SUCCEEDED,2026-11-16T01:00:00Z,K,PSP\n";
std::string const provider_head =
    "file_id,line_no,business_date,provider_txn_id,order_ref,type,amount_vnd,fee_vnd,net_vnd,status,txn_time,settlement_batch,settlement_date\n";
std::string const provider_row = "F-1,1,2026-11-16,V1,CQ2A3B4C5,PAY,50000,250,49750,SUCCESS,2026-11-16 08:00:00,VNPA,2026-11-17\n";
std::string const second_row = "F-1,2,2026-11-16,V2,CQ3B4C5D6,PAY,30000,150,29850,SUCCESS,2026-11-16 09:00:00,VNPA,2026-11-17\n";
std::string const bank_head = "account,entry_ref,booking_date,value_date,booked_at,direction,amount_vnd,reversal,counterparty,narrative\n";
std::string const bank_row = "1,E1,2026-11-17,2026-11-17,2026-11-17 10:15:00,CRDT,49750,0,CTY CP GIAI PHAP THANH TOAN VN,LO VNPA\n";
std::string const pipe_head = "H|CHO40|DS|VNP|20261116|1|20261117080000\n";
std::string const pipe_row = "D|1|CQ2A3B4C5|V1|PAY|50000|250|49750|SUCCESS|20261116080000|VNPA|20261117\n";

std::string sealed(std::string const& lines, std::string const& sums) { return lines + "T|" + sums + "|" + to_hex(sha256(lines)) + "\n"; }

struct Day {
    std::string internal = internal_head + internal_row;
    std::string provider = provider_head + provider_row;
    std::string bank = bank_head + bank_row;
    std::string bank_name = "bank.csv";
};

// The answer as JSON, or an object with the error.
nlohmann::json reconciled(Day const& day)
{
    auto const folder = fs::temp_directory_path() / ("cho40-bad-" + std::to_string(std::random_device()()));
    fs::create_directories(folder);
    auto const write = [&](std::string const& name, std::string const& bytes) { std::ofstream(folder / name, std::ios::binary) << bytes; };
    write("internal.csv", day.internal);
    write("provider.csv", day.provider);
    write(day.bank_name, day.bank);
    write("imports.csv", "seq,received_at,side,file,business_date,revision\n1,2026-11-17T01:00:00Z,INTERNAL,internal.csv,2026-11-16,1\n"
                         "2,2026-11-17T02:00:00Z,PROVIDER,provider.csv,2026-11-16,1\n3,2026-11-18T01:00:00Z,BANK," +
                             day.bank_name + ",2026-11-17,1\n");
    auto read = read_case_folder(folder);
    fs::remove_all(folder);
    if (!read) return {{"error", read.error().detail}};
    auto const answers = answer_case(*std::move(read), *reconcile::settings_for("VNP", cho40::Day::from(2026, 11, 16)));
    if (!answers) return {{"error", answers.error().detail}};
    return nlohmann::json::parse(write_answers(*answers))["checkpoints"][0];
}

std::string held(nlohmann::json const& answer, std::size_t seq)
{
    if (answer.contains("error")) return "error: " + answer["error"].get<std::string>();
    std::string said = answer["imports"][seq - 1]["result"].get<std::string>();
    for (auto const& found : answer["breaks"]) {
        if (found["class"] == "FILE_INTEGRITY") said += ": " + found["why"].get<std::string>();
    }
    return said;
}

std::string replaced(std::string text, std::string const& what, std::string const& by)
{
    auto const at = text.find(what);
    EXPECT_NE(at, text.npos) << what;
    return text.replace(at, what.size(), by);
}

TEST(BadFiles, TheGoodDayIsGood)
{
    auto const answer = reconciled({});
    EXPECT_EQ(answer["breaks"].size(), 0u) << answer;
    EXPECT_EQ(answer["matches"]["provider_bank"].size(), 1u);
}

TEST(BadFiles, WhatOnlyLooksDifferentIsTheSame)
{
    auto const good = reconciled({});
    auto const crlf = [](std::string text) {
        std::string out;
        for (char c : text) out += c == '\n' ? std::string("\r\n") : std::string(1, c);
        return out;
    };
    std::string const mark = "\xEF\xBB\xBF";
    Day marked;
    marked.internal = mark + crlf(marked.internal), marked.provider = mark + crlf(marked.provider), marked.bank = mark + crlf(marked.bank);
    EXPECT_EQ(reconciled(marked), good) << "byte order mark and CRLF";
    Day quoted;
    quoted.provider = replaced(quoted.provider, "V1,CQ2A3B4C5", "\"V1\",\"CQ2A3B4C5\"") + "\n\n";
    EXPECT_EQ(reconciled(quoted), good) << "quotes and empty lines";
    Day moved;
    moved.internal = "note," + internal_head + "a note," + internal_row;
    EXPECT_EQ(reconciled(moved), good) << "a column more, in front";
}

struct Row {
    char const* what;
    std::string bytes;
    std::string says;
};

TEST(BadFiles, AProviderFileIsHeldWithFileRowAndColumn)
{
    auto const row = [](std::string const& what, std::string const& by) {
        return provider_head + provider_row + replaced(second_row, what, by);
    };
    std::string const at = "FILE_INTEGRITY: provider.csv line 3: ";
    Row const rows[] = {
        {"empty", "", "FILE_INTEGRITY: provider.csv line 1: the file is empty; a header row is needed"},
        {"a column missing", replaced(provider_head, "net_vnd,", "") + "x\n",
         "FILE_INTEGRITY: provider.csv line 1: the column net_vnd is missing"},
        {"a column twice", replaced(provider_head, "fee_vnd", "net_vnd") + provider_row,
         "FILE_INTEGRITY: provider.csv line 1: the column fee_vnd is missing"},
        {"a cell too few", provider_head + provider_row + "F-1,2,2026-11-16\n", at + "the row has 3 cells, the header 13"},
        {"a cell too many", row("PAY,", "PAY,,"), at + "the row has 14 cells, the header 13"},
        {"an open quote", row("V2", "\"V2"), at + "the quotes do not fit: error parsing data while strict checking enabled"},
        {"Latin-1", row("V2", "\xE9"), at + "the file is not UTF-8"},
        {"UTF-16", std::string("\xFF\xFE") + "f\0i\0l\0e\0", "FILE_INTEGRITY: provider.csv line 1: the file is not UTF-8"},
        {"a zero byte", row("V2", std::string("V\0", 2)), at + "the file holds a zero byte"},
        {"points between thousands", row("30000", "30.000"), at + "amount_vnd: not whole dong: \"30.000\""},
        {"commas between thousands", row("30000", "\"30,000\""), at + "amount_vnd: not whole dong: \"30,000\""},
        {"blanks between thousands", row("30000", "30 000"), at + "amount_vnd: not whole dong: \"30 000\""},
        {"decimals", row("30000", "30000.00"), at + "amount_vnd: not whole dong: \"30000.00\""},
        {"an exponent", row("30000", "3e4"), at + "amount_vnd: not whole dong: \"3e4\""},
        {"a plus", row("30000", "+30000"), at + "amount_vnd: not whole dong: \"+30000\""},
        {"digits of another script", row("30000", "３００００"), at + "amount_vnd: not whole dong: \"３００００\""},
        {"more money than there is", row("30000", "9999999999999999"), at + "amount_vnd: not whole dong: \"9999999999999999\""},
        {"no fee", row(",150,", ",,"), at + "fee_vnd: not whole dong: \"\""},
        {"a kind nobody knows", row("PAY", "CHARGE"), at + "type: the type must be PAY or REFUND, not \"CHARGE\""},
        {"a status nobody knows", row("SUCCESS", "OK"), at + "status: the status must be SUCCESS or FAILED, not \"OK\""},
        {"a thirteenth month", row("2026-11-16", "2026-13-16"), at + "business_date: a day is written YYYY-MM-DD"},
        {"30 February", row("2026-11-16", "2026-02-30"), at + "business_date: a day is written YYYY-MM-DD"},
        {"a day before all books", row("2026-11-16", "0026-11-16"), at + "business_date: a day is written YYYY-MM-DD"},
        {"a day as people write it", row("2026-11-16", "16/11/2026"), at + "business_date: a day is written YYYY-MM-DD"},
        {"25 o'clock", row("09:00:00", "25:00:00"), at + "txn_time: a local time is written YYYY-MM-DD HH:mm:ss"},
        {"12 hours", row("09:00:00", "9:00:00 PM"), at + "txn_time: a local time is written YYYY-MM-DD HH:mm:ss"},
        {"a batch nobody promised", row("VNPA,2026-11-17", "VNPA,"), at + "settlement_date: a day is written YYYY-MM-DD"},
        {"a line number below 1", row(",2,", ",-2,"), at + "line_no: not a number from 0: \"-2\""},
        {"a net that is not amount and fee", row("29850", "29851"), "FILE_INTEGRITY: line F-1:2: net 29851 is not amount and fee (29850)"},
        {"an amount below 0", row("30000,150,29850", "-30000,0,-30000"),
         "FILE_INTEGRITY: line F-1:2: amount must be more than 0 and the fee not below 0"},
        {"a line of another day", row("2026-11-16", "2026-11-15"), "FILE_INTEGRITY: line F-1:2 is of 2026-11-15, the file of 2026-11-16"},
        {"a ZIP", std::string("PK\x03\x04\x14\0\0\0\x08\0", 10), "FILE_INTEGRITY: provider.csv line 1: the file holds a zero byte"},
        {"gzip", std::string("\x1F\x8B\x08\0\0\0\0\0", 8), "FILE_INTEGRITY: provider.csv line 1: the file is not UTF-8"},
        {"a row without an end", provider_head + "\"" + std::string(2'000'000, 'x'),
         "FILE_INTEGRITY: provider.csv line 2: the row is longer than 1 MiB: a line break or a closing quote is missing"},
        {"a sum that the lines do not make", sealed(pipe_head + pipe_row, "1|50001|250|49750"),
         "FILE_INTEGRITY: provider.csv line 3: the trailer says gross 50001, the lines make 50000"},
        {"a count that is wrong", sealed(pipe_head + pipe_row, "2|50000|250|49750"),
         "FILE_INTEGRITY: provider.csv line 3: the trailer says count 2, the lines make 1"},
        {"no trailer", pipe_head + pipe_row, "FILE_INTEGRITY: provider.csv line 3: the trailer is missing: the file was cut"},
        {"a line without an end", pipe_head + "D|" + std::string(100'000, '1'),
         "FILE_INTEGRITY: provider.csv line 2: the line is longer than 64 KiB"},
        {"another partner's file", sealed(replaced(pipe_head, "VNP", "MOMO") + pipe_row, "1|50000|250|49750"),
         "FILE_INTEGRITY: the file is of partner MOMO, not of VNP"},
    };
    for (auto const& bad : rows) {
        Day day;
        day.provider = bad.bytes;
        auto const answer = reconciled(day);
        EXPECT_EQ(held(answer, 2), bad.says) << bad.what;
        if (!answer.contains("matches")) continue;
        EXPECT_EQ(answer["matches"]["internal_provider"].size(), 0u) << bad.what << ": its good row is not used either";
        EXPECT_EQ(answer["totals"]["provider_gross_vnd"], 0) << bad.what;
        EXPECT_EQ(answer["pending"].size(), 2u) << bad.what << ": the payment and the credit go on waiting for a right file";
    }
}

TEST(BadFiles, AStatementIsHeldWithFileRowAndColumn)
{
    auto const row = [](std::string const& what, std::string const& by) {
        return bank_head + bank_row + replaced(replaced(bank_row, "E1", "E2"), what, by);
    };
    std::string const at = "FILE_INTEGRITY: bank.csv line 3: ";
    std::string const xml = "<?xml version=\"1.0\"?>\n";
    Row const rows[] = {
        {"a column missing", replaced(bank_head, ",narrative", "") + "x\n",
         "FILE_INTEGRITY: bank.csv line 1: the column narrative is missing"},
        {"decimals", row("49750", "49750.5"), at + "amount_vnd: not whole dong: \"49750.5\""},
        {"nothing moved", row("49750", "0"), at + "amount_vnd: must be more than 0"},
        {"neither in nor out", row("CRDT", "IN"), at + "direction: must be one of CRDT, DBIT, not \"IN\""},
        {"perhaps a reversal", row(",0,", ",x,"), at + "reversal: must be one of 0, 1, not \"x\""},
        {"a day that is none", row("2026-11-17", "2026-11-31"), at + "booking_date: a day is written YYYY-MM-DD"},
        {"an hour that is none", row("10:15:00", "10:61:00"), at + "booked_at: a local time is written YYYY-MM-DD HH:mm:ss"},
    };
    for (auto const& bad : rows) {
        Day day;
        day.bank = bad.bytes;
        auto const answer = reconciled(day);
        EXPECT_EQ(held(answer, 3), bad.says) << bad.what;
        EXPECT_EQ(answer["totals"]["bank_credit_vnd"], 0) << bad.what << ": its good row is not used either";
        EXPECT_EQ(answer["matches"]["provider_bank"].size(), 0u) << bad.what;
    }
    Row const messages[] = {
        {"cut", xml + "<Document><BkToCstmrStmt>", "line 2"},
        {"a document type", xml + "<!DOCTYPE d SYSTEM \"http://example.com/d.dtd\">\n<Document/>", "line 2"},
        {"an entity that grows", xml + "<!DOCTYPE d [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]>\n<Document>&b;</Document>", "line 2"},
        {"a file of ours", xml + "<!DOCTYPE d [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>\n<Document>&f;</Document>", "line 2"},
        {"no statement", xml + "<Document><BkToCstmrStmt></BkToCstmrStmt></Document>", "line 2"},
        {"another XML", xml + "<invoice/>", "line 2"},
    };
    for (auto const& bad : messages) {
        Day day;
        day.bank = bad.bytes;
        day.bank_name = "camt053.xml";
        auto const said = held(reconciled(day), 3);
        EXPECT_TRUE(said.starts_with("FILE_INTEGRITY: camt053.xml " + bad.says + ": ")) << bad.what << ": " << said;
    }
}

// Without the ledger's own side there is no answer at all.
TEST(BadFiles, AnInternalSnapshotIsRefused)
{
    auto const row = [](std::string const& what, std::string const& by) {
        return internal_head + internal_row + replaced(internal_row, what, by);
    };
    std::string const at = "error: internal.csv line 3: ";
    Row const rows[] = {
        {"no id", row("P1", ""), at + "payment_id: must not be empty"},
        {"a kind nobody knows", row("PAYMENT", "PAY"), at + "type: must be one of PAYMENT, REFUND, not \"PAY\""},
        {"nothing paid", row("50000", "0"), at + "amount_vnd: must be more than 0"},
        {"decimals", row("50000", "50000.0"), at + "amount_vnd: not whole dong: \"50000.0\""},
        {"a state nobody knows", row("SUCCEEDED", "DONE"), at + "status: must be one of SUCCEEDED, PENDING, FAILED, not \"DONE\""},
        {"no offset", row("01:00:00Z", "01:00:00"), at + "event_at: an instant is written 2026-11-22T03:15:30.120Z"},
        {"a way nobody knows", row("PSP", "CASH"), at + "channel: must be one of PSP, BANK, not \"CASH\""},
        {"an id twice", internal_head + internal_row + internal_row, "error: two internal records have the payment id P1"},
        {"Latin-1", row("K,", "\xE9,"), at + "the file is not UTF-8"},
    };
    for (auto const& bad : rows) {
        Day day;
        day.internal = bad.bytes;
        EXPECT_EQ(held(reconciled(day), 1), bad.says) << bad.what;
    }
}

}  // namespace
}  // namespace cho40::statements
