#include "adapters/statements/camt_bank_day.h"
#include "adapters/statements/camt_reader.h"
#include "tests/support/camt_document.h"
#include "tests/support/source_tree.h"
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cho40::statements {
namespace {

using tests::read_camt_document;

std::string sample(std::string const& name)
{
    std::ifstream in(tests::test_data() / "statements/" / name, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

// A .08 statement around some entries.
std::string statement(std::string const& entries, std::string const& balances = "")
{
    return "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr>"
           "<Stmt><Id>S</Id><FrToDt><FrDtTm>2026-11-17T00:00:00+07:00</FrDtTm><ToDtTm>2026-11-17T23:59:59+07:00</ToDtTm></FrToDt>"
           "<Acct><Id><Othr><Id>1</Id></Othr></Id></Acct>" +
           balances + entries + "</Stmt></BkToCstmrStmt></Document>";
}

std::string entry(std::string const& amount, std::string const& rest = "<NtryDtls/>", std::string const& status = "<Cd>BOOK</Cd>")
{
    return "<Ntry><Amt Ccy=\"VND\">" + amount + "</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>" + status +
           "</Sts><BookgDt><Dt>2026-11-17</Dt></BookgDt>" + rest + "</Ntry>";
}

std::string balance(char const* code, char const* amount, char const* direction = "CRDT")
{
    return std::string("<Bal><Tp><CdOrPrtry><Cd>") + code + "</Cd></CdOrPrtry></Tp><Amt Ccy=\"VND\">" + amount + "</Amt><CdtDbtInd>" +
           direction + "</CdtDbtInd><Dt><Dt>2026-11-17</Dt></Dt></Bal>";
}

// Another project's reading of the same bytes (genkgo/camt): amounts there are in minor units with the sign of the direction.
struct Theirs {
    nlohmann::json entry;
    static std::int64_t minor(CamtAmount const& amount, CamtDirection direction, int digits)
    {
        auto text = amount.value.to_string();
        auto const point = text.find('.');
        auto fraction = point == text.npos ? std::string() : text.substr(point + 1);
        fraction.resize(static_cast<std::size_t>(digits), '0');
        auto const value = std::stoll(text.substr(0, point) + fraction);
        return direction == CamtDirection::credit ? value : -value;
    }
};

void expect_same_text(nlohmann::json const& theirs, std::string const& ours)
{
    EXPECT_EQ(theirs.is_null() ? std::string() : theirs.get<std::string>(), ours);
}

class Samples : public testing::TestWithParam<char const*> {};

TEST_P(Samples, AreReadAsAnotherProjectReadsThem)
{
    auto const document = read_camt_document(sample(GetParam() + std::string(".xml")));
    ASSERT_TRUE(document) << document.error().detail << document.error().pointer;
    auto const theirs = nlohmann::json::parse(sample(GetParam() + std::string(".json")));
    EXPECT_EQ(nlohmann::json(document->message_id), theirs["getGroupHeader"]["getMessageId"]);
    std::vector<CamtEntry> entries;
    for (auto const& s : document->statements) entries.insert(entries.end(), s.entries.begin(), s.entries.end());
    ASSERT_EQ(entries.size(), theirs["getEntries"].size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
        auto const& e = entries[i];
        auto const& t = theirs["getEntries"][i];
        EXPECT_EQ(nlohmann::json(std::to_string(Theirs::minor(*e.amount, *e.direction, 2))), t["getAmount"]["getAmount"]);
        EXPECT_EQ(nlohmann::json(e.amount->currency), t["getAmount"]["getCurrency"]["getCode"]);
        EXPECT_EQ(nlohmann::json(e.direction == CamtDirection::credit ? "CRDT" : "DBIT"), t["getCreditDebitIndicator"]);
        EXPECT_EQ(nlohmann::json(e.reversal), t["getReversalIndicator"]);
        EXPECT_EQ(nlohmann::json(e.status), t["getStatus"]);
        expect_same_text(t["getAccountServicerReference"], e.servicer_ref);
        expect_same_text(t["getBatchPaymentId"], e.batch.id);
        EXPECT_EQ(e.booked->text.substr(0, 10), t["getBookingDate"]["0"].get<std::string>().substr(0, 10));
        if (e.booked->at) EXPECT_EQ(to_rfc3339(*e.booked->at).substr(0, 19), t["getBookingDate"]["0"].get<std::string>().substr(0, 19));
        EXPECT_EQ(e.value->text.substr(0, 10), t["getValueDate"]["0"].get<std::string>().substr(0, 10));
        auto const& record = t["getRecord"];
        if (record.is_object()) EXPECT_EQ(nlohmann::json(document->statements.front().account), record["getAccount"]["getIdentification"]);
        ASSERT_EQ(e.transactions.size(), t["getTransactionDetails"].size());
        for (std::size_t j = 0; j < e.transactions.size(); ++j) {
            auto const& tx = e.transactions[j];
            auto const& d = j == 0 ? t["getTransactionDetail"] : t["getTransactionDetails"][j];
            EXPECT_EQ(tx.amount.has_value(), !d["getAmount"].is_null());
            if (tx.amount) {
                EXPECT_EQ(nlohmann::json(std::to_string(Theirs::minor(*tx.amount, *e.direction, 2))), d["getAmount"]["getAmount"]);
                EXPECT_EQ(nlohmann::json(tx.amount->currency), d["getAmount"]["getCurrency"]["getCode"]);
            }
            expect_same_text(d["getReference"]["getEndToEndId"], tx.end_to_end_id);
            expect_same_text(d["getReference"]["getInstructionId"], tx.instruction_id);
            expect_same_text(d["getReference"]["getPaymentInformationId"], tx.payment_info_id);
            for (auto const& party : d["getRelatedParties"]) {
                if (!party.is_object()) continue;
                bool const creditor = party["getRelatedPartyType"]["__CLASS__"].get<std::string>().ends_with("Creditor");
                expect_same_text(party["getRelatedPartyType"]["getName"], creditor ? tx.creditor : tx.debtor);
                expect_same_text(party["getAccount"]["getIdentification"], creditor ? tx.creditor_account : tx.debtor_account);
            }
            auto const& remittance = d["getRemittanceInformation"];
            auto const& first = remittance["getUnstructuredBlock"];
            expect_same_text(first.is_null() ? first : first["getMessage"], tx.unstructured.empty() ? "" : tx.unstructured.front());
            std::size_t blocks = remittance["getUnstructuredBlocks"].size();
            EXPECT_EQ(tx.unstructured.size(), blocks);
            expect_same_text(remittance["getStructuredBlock"]["getCreditorReferenceInformation"].is_object()
                                 ? remittance["getStructuredBlock"]["getCreditorReferenceInformation"]["getRef"]
                                 : remittance["getCreditorReferenceInformation"]["getRef"],
                             tx.structured.empty() ? "" : tx.structured.front());
        }
    }
}
INSTANTIATE_TEST_SUITE_P(Genkgo, Samples, testing::Values("genkgo-camt053.v2.minimal", "genkgo-camt053.v8", "genkgo-camt054.v4"));

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

TEST(BankDay, TakesBookedMoneyOnly)
{
    auto const day = read_bank_day(
        statement(entry("5") + entry("6", "", "<Cd>PDNG</Cd>") + entry("7", "", "INFO") + entry("8", "", "BOOK")));
    ASSERT_TRUE(day) << day.error().detail;
    ASSERT_EQ(day->entries.size(), 2u);
    EXPECT_EQ(day->entries[1].amount, Dong(8));
    EXPECT_EQ(day->pending, 2u);
    EXPECT_EQ(day->accounts, std::set<std::string>{"1"});
    EXPECT_EQ(day->last_day, Day::from(2026, 11, 17));
}

TEST(BankDay, JoinsRemittancePartsWithoutASpaceAndKeepsFieldsApart)
{
    auto const day = read_bank_day(statement(entry(
        "5.00",
        "<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><RltdPties><Dbtr><Nm>NGUYEN VAN A</Nm></Dbtr><Cdtr><Nm>B</Nm></Cdtr></RltdPties>"
        "<RmtInf><Ustrd>tra tien CQJK5</Ustrd><Ustrd>M6N7 rau</Ustrd></RmtInf><AddtlTxInf>them</AddtlTxInf></TxDtls></NtryDtls><AddtlNtryInf>nua</AddtlNtryInf>")));
    ASSERT_TRUE(day) << day.error().detail;
    EXPECT_EQ(day->entries[0].narrative, "tra tien CQJK5M6N7 rau\nthem\nnua");
    EXPECT_EQ(day->entries[0].counterparty, "NGUYEN VAN A");
    EXPECT_EQ(day->entries[0].amount, Dong(5));
}

TEST(BankDay, OpeningAndBookedMakeClosing)
{
    auto const read = [](std::string const& balances) {
        return *read_bank_day(statement(entry("50") + entry("9", "", "<Cd>PDNG</Cd>"), balances));
    };
    EXPECT_FALSE(read(balance("OPBD", "100") + balance("CLBD", "150")).damage);
    EXPECT_FALSE(read(balance("OPBD", "100", "DBIT") + balance("CLBD", "50", "DBIT")).damage);
    EXPECT_FALSE(read(balance("CLBD", "151")).damage) << "nothing to compare with";
    auto const wrong = read(balance("OPBD", "100") + balance("CLBD", "151"));
    ASSERT_TRUE(wrong.damage);
    EXPECT_EQ(*wrong.damage, "account 1: opening 100 and the booked entries make 150, but closing is 151");
}

TEST(BankDay, OneEntryCanHoldManyPayments)
{
    std::string const two =
        "<AcctSvcrRef>B1</AcctSvcrRef><NtryDtls><Btch><PmtInfId>X</PmtInfId></Btch>"
        "<TxDtls><Refs><AcctSvcrRef>T1</AcctSvcrRef></Refs><Amt Ccy=\"VND\">20</Amt><RmtInf><Ustrd>a</Ustrd></RmtInf></TxDtls>"
        "<TxDtls><AmtDtls><TxAmt><Amt Ccy=\"VND\">30</Amt></TxAmt></AmtDtls><RmtInf><Ustrd>b</Ustrd></RmtInf></TxDtls></NtryDtls>";
    auto const day = read_bank_day(statement(entry("50", two), balance("OPBD", "0") + balance("CLBD", "50")));
    ASSERT_TRUE(day);
    ASSERT_EQ(day->entries.size(), 2u);
    EXPECT_EQ(day->entries[0].entry_ref, "T1");
    EXPECT_EQ(day->entries[0].amount, Dong(20));
    EXPECT_EQ(day->entries[1].entry_ref, "B1/2");
    EXPECT_EQ(day->entries[1].narrative, "b");
    EXPECT_FALSE(day->damage);
    EXPECT_EQ(day->balances.at(0).credits, Dong(50));
    EXPECT_TRUE(read_bank_day(statement(entry("51", two)))->damage) << "the parts must add up to the entry";
}

TEST(BankDay, DongWithAFractionIsRefusedAndOtherCurrenciesKeepTheirName)
{
    auto const half = read_bank_day(statement("\n" + entry("50.5")));
    ASSERT_FALSE(half);
    EXPECT_EQ(half.error().pointer, "line 2");
    auto const euro = read_bank_day(sample("genkgo-camt053.v8.xml"));
    ASSERT_TRUE(euro);
    EXPECT_EQ(euro->entries.at(0).currency, "EUR");
    EXPECT_EQ(euro->entries.at(0).amount, Dong());
    EXPECT_TRUE(euro->balances.empty());
}

}  // namespace
}  // namespace cho40::statements
