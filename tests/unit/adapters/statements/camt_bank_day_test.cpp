#include "adapters/statements/camt_bank_day.h"
#include "tests/unit/adapters/statements/camt_text.h"
#include <gtest/gtest.h>

namespace cho40::statements {
namespace {

using namespace camt_text;

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

// An entry of `amount` with payments whose inner text is given.
std::string batch(std::string const& amount, std::vector<std::string> const& payments, std::string const& before = "",
                  std::string const& direction = "CRDT")
{
    auto text = entry(amount, "<AcctSvcrRef>B1</AcctSvcrRef>" + before + "<NtryDtls>");
    text.resize(text.size() - std::string("</Ntry>").size());
    for (auto const& payment : payments) text += "<TxDtls>" + payment + "</TxDtls>";
    text += "</NtryDtls></Ntry>";
    text.replace(text.find("CRDT"), 4, direction);
    return text;
}

std::string paid(std::string const& amount, std::string const& rest = "") { return "<Amt Ccy=\"VND\">" + amount + "</Amt>" + rest; }

std::string charge(std::string const& amount, std::string const& rest = "")
{
    return "<Chrgs><Rcrd><Amt Ccy=\"VND\">" + amount + "</Amt>" + rest + "</Rcrd></Chrgs>";
}

// "+20 -30": what became of the payments, or what is damaged.
std::string records_of(std::string const& bytes)
{
    auto const day = read_bank_day(bytes);
    if (!day) return day.error().detail;
    if (day->damage) return *day->damage;
    std::string text;
    for (auto const& e : day->entries) {
        text += text.empty() ? "" : " ";
        text += (e.direction == reconcile::Direction::credit ? "+" : "-") + std::to_string(e.amount.count());
        if (e.entry_ref.view().ends_with("/charges")) text += "c";
    }
    return text;
}

TEST(BankDay, PaymentsMakeTheirEntryWithItsCharges)
{
    struct Row {
        char const* what;
        std::string entry;
        char const* records;
    };
    Row const rows[] = {
        {"as they stand", batch("50", {paid("20"), paid("30")}), "+20 +30"},
        {"charges told beside and not taken from it", batch("50", {paid("20", charge("1")), paid("30")}), "+20 +30"},
        {"less what each was charged", batch("47", {paid("20", charge("1")), paid("30", charge("2"))}), "+19 +28"},
        {"less what the entry was charged", batch("47", {paid("20"), paid("30")}, charge("3")), "+20 +30 -3c"},
        {"a charge given back", batch("53", {paid("20"), paid("30")}, charge("3", "<CdtDbtInd>CRDT</CdtDbtInd>")), "+20 +30 +3c"},
        {"money out with its charges", batch("53", {paid("20"), paid("30")}, charge("3"), "DBIT"), "-20 -30 -3c"},
        {"a charge that is not in the amount", batch("47", {paid("20"), paid("30")}, charge("3", "<ChrgInclInd>false</ChrgInclInd>")),
         "the entry at line 2 is 47, but its payments add up to 50"},
        {"a charge that does not fit", batch("46", {paid("20"), paid("30")}, charge("3")),
         "the entry at line 2 is 46, but its payments add up to 50"},
        {"a charge greater than the payment", batch("0", {paid("20", charge("20")), paid("30", charge("30"))}),
         "the entry at line 2 is 0, but its payments add up to 50"},
        {"the shape of .02",
         batch("49", {"<AmtDtls><TxAmt><Amt Ccy=\"VND\">20</Amt></TxAmt></AmtDtls><Chrgs><Amt Ccy=\"VND\">1</Amt></Chrgs>", paid("30")}),
         "+19 +30"},
        {"a net of both directions", batch("50", {paid("80", "<CdtDbtInd>CRDT</CdtDbtInd>"), paid("30", "<CdtDbtInd>DBIT</CdtDbtInd>")}),
         "+80 -30"},
        {"all stated the other way round: the entry's direction moved the money",
         batch("50", {paid("20", "<CdtDbtInd>DBIT</CdtDbtInd>"), paid("30", "<CdtDbtInd>DBIT</CdtDbtInd>")}), "+20 +30"},
        {"one payment, the amount of the entry", batch("50", {paid("50")}), "+50"},
        {"one payment less its charge is what was booked", batch("48", {paid("50", charge("2"))}), "+48"},
        {"one payment of another amount", batch("48", {paid("50")}), "the entry at line 2 is 48, but its payments add up to 50"},
        {"one payment in the money it was sent in", batch("50", {"<Amt Ccy=\"USD\">1.99</Amt>"}), "+50"},
        {"not every payment says its amount", batch("50", {paid("20"), "<AddtlTxInf>x</AddtlTxInf>"}), "+50"},
        {"one of nothing", batch("50", {paid("20"), paid("0"), paid("30")}), "+20 +30"},
        {"none does", batch("50", {"", ""}), "+50"},
        {"more than any amount", batch("50", {paid("999999999999999999"), paid("999999999999999999")}),
         "the entry at line 2 is 50, but its payments add up to 1999999999999999998"},
    };
    for (auto const& row : rows) EXPECT_EQ(records_of(statement("\n" + row.entry)), row.records) << row.what;
}

TEST(BankDay, AReversedCreditIsADebitAndNotTurnedAgain)
{
    auto text = entry("40", "<AcctSvcrRef>R</AcctSvcrRef><RvslInd>true</RvslInd>");
    text.replace(text.find("CRDT"), 4, "DBIT");
    auto const day = read_bank_day(statement(entry("40") + text, balance("OPBD", "7") + balance("CLBD", "7")));
    ASSERT_TRUE(day) << day.error().detail;
    EXPECT_FALSE(day->damage) << *day->damage;
    EXPECT_TRUE(day->entries.at(1).reversal);
    EXPECT_EQ(day->entries[1].direction, reconcile::Direction::debit);
}

TEST(BankDay, InterimAndPreviousBalancesStandForThoseOfTheDay)
{
    auto const says = [](std::string const& balances) { return records_of(statement(entry("50"), balances)); };
    EXPECT_EQ(says(balance("PRCD", "100") + balance("CLBD", "150")), "+50");
    EXPECT_EQ(says(balance("OPBD", "100") + balance("ITBD", "150")), "+50") << "the first page of a statement";
    EXPECT_EQ(says(balance("ITBD", "100") + balance("ITBD", "150")), "+50") << "one between";
    EXPECT_EQ(says(balance("ITBD", "100") + balance("CLBD", "150")), "+50") << "its last page";
    EXPECT_EQ(says(balance("ITBD", "100")), "+50") << "one says nothing";
    for (char const* opening : {"OPBD", "PRCD", "ITBD"}) {
        for (char const* closing : {"CLBD", "ITBD"}) {
            EXPECT_EQ(says(balance(opening, "100") + balance("CLAV", "1") + balance(closing, "151")),
                      "account 1: opening 100 and the booked entries make 150, but closing is 151")
                << opening << closing;
        }
    }
    auto const page = read_bank_day(statement(entry("50"), balance("OPBD", "100") + balance("ITBD", "150")));
    EXPECT_TRUE(page->balances.empty()) << "an interim balance is not that of the day";
}

TEST(BankDay, AStatementMayHaveNoEntries)
{
    auto const day = read_bank_day(statement("", balance("OPBD", "100") + balance("CLBD", "100")));
    ASSERT_TRUE(day) << day.error().detail;
    EXPECT_FALSE(day->damage);
    EXPECT_EQ(day->balances.at(0).closing, Dong(100));
    EXPECT_TRUE(read_bank_day(statement("", balance("OPBD", "100") + balance("CLBD", "101")))->damage);
}

std::string replaced(std::string text, std::initializer_list<std::pair<std::string, std::string>> changes)
{
    for (auto const& [from, to] : changes) {
        for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size()) text.replace(at, from.size(), to);
    }
    return text;
}

// Reports of one account in one camt.052.
std::string reports(std::vector<std::string> const& bodies)
{
    std::string text = "<Document><BkToCstmrAcctRpt>";
    for (auto const& body : bodies) text += "\n<Rpt><Id>S</Id><Acct><Id><Othr><Id>1</Id></Othr></Id></Acct>" + body + "</Rpt>";
    return text + "</BkToCstmrAcctRpt></Document>";
}

std::string known(std::string const& amount, std::string const& reference)
{
    return entry(amount, "<AcctSvcrRef>" + reference + "</AcctSvcrRef>");
}

TEST(BankDay, RunningReportsTellAnEntryAgain)
{
    EXPECT_EQ(
        records_of(reports({known("5", "A"), known("5", "A") + known("6", "B"), known("5", "A") + known("6", "B") + known("7", "C")})),
        "+5 +6 +7");
    auto const day = read_bank_day(reports({known("5", "A"), known("5", "A") + known("6", "B")}));
    EXPECT_EQ(day->repeated, 1u);
    EXPECT_EQ(day->booked, 3u);
    EXPECT_EQ(records_of(reports({known("5", "A") + known("5", "A")})), "+5 +5") << "in one report they are two";
    EXPECT_EQ(records_of(reports({known("5", "A"), known("6", "A")})), "+5 +6") << "another amount is another entry";
    auto reversed = replaced(known("5", "A"), {{"CRDT", "DBIT"}, {"<BookgDt>", "<RvslInd>1</RvslInd><BookgDt>"}});
    EXPECT_EQ(records_of(reports({known("5", "A"), known("5", "A") + reversed})), "+5 -5") << "its reversal too";
    EXPECT_EQ(records_of(reports({entry("5"), entry("5")})),
              "the entry at line 3 has no reference of the bank, so it cannot be told from one of an earlier report of account 1");
    auto const of_another = replaced(reports({entry("5"), entry("6")}),
                                     {{"\n<Rpt><Id>S</Id><Acct><Id><Othr><Id>1</Id></Othr></Id></Acct>" + entry("6"),
                                       "<Rpt><Id>S</Id><Acct><Id><Othr><Id>2</Id></Othr></Id></Acct>" + entry("6")}});
    EXPECT_EQ(records_of(of_another), "+5 +6") << "a report of another account is no earlier one";
}

TEST(BankDay, AnIntradayReportMayHoldOnlyWhatIsNew)
{
    auto const morning = balance("OPBD", "100") + balance("ITBD", "105") + known("5", "A");
    EXPECT_EQ(records_of(reports({morning, balance("OPBD", "100") + balance("ITBD", "111") + known("6", "B")})), "+5 +6");
    EXPECT_EQ(records_of(reports({morning, balance("ITBD", "105") + balance("ITBD", "112") + known("6", "B")})),
              "account 1: opening 105 and the booked entries make 111, but closing is 112");
}

TEST(BankDay, PagesAreAllThere)
{
    auto const pages = [](std::vector<std::pair<int, bool>> const& numbers) {
        std::string text;
        for (auto const& [number, last] : numbers) {
            auto const one = replaced(statement(entry("5")),
                                      {{"<Acct>", "<StmtPgntn><PgNb>" + std::to_string(number) + "</PgNb><LastPgInd>" +
                                                      (last ? "true" : "false") + "</LastPgInd></StmtPgntn><Acct>"}});
            auto const begin = one.find("<Stmt>");
            text += "\n" + one.substr(begin, one.find("</BkToCstmrStmt>") - begin);
        }
        return records_of("<Document><BkToCstmrStmt>" + text + "</BkToCstmrStmt></Document>");
    };
    EXPECT_EQ(pages({{1, true}}), "+5");
    EXPECT_EQ(pages({{1, false}, {2, false}, {3, true}}), "+5 +5 +5");
    EXPECT_EQ(pages({{1, true}, {1, true}}), "+5 +5") << "two days";
    EXPECT_EQ(pages({{1, false}}), "the last page of the statement of account 1 is missing: page 2");
    EXPECT_EQ(pages({{2, true}}), "the statement of account 1 at line 2 is page 2; page 1 is missing before it");
    EXPECT_EQ(pages({{1, false}, {3, true}}), "the statement of account 1 at line 3 is page 3; page 2 is missing before it");
}

TEST(BankDay, ANotificationHasNoBalancesAndPerhapsNoDates)
{
    auto const notice = replaced(statement(entry("5")), {{"BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn"},
                                                         {"<Stmt>", "<Ntfctn><CreDtTm>2026-11-17T09:00:00+07:00</CreDtTm>"},
                                                         {"</Stmt>", "</Ntfctn>"},
                                                         {"<BookgDt><Dt>2026-11-17</Dt></BookgDt>", ""}});
    auto const day = read_bank_day(notice);
    ASSERT_TRUE(day) << day.error().detail;
    EXPECT_EQ(day->message.type, "camt.054");
    EXPECT_EQ(day->entries.at(0).booking_date, Day::from(2026, 11, 17)) << "the day it was made";
    EXPECT_TRUE(day->balances.empty());
    auto const dateless = read_bank_day(replaced(notice, {{"<CreDtTm>2026-11-17T09:00:00+07:00</CreDtTm>", ""}}));
    ASSERT_FALSE(dateless);
    EXPECT_EQ(dateless.error().detail, "the entry has no booking date");
}

}  // namespace
}  // namespace cho40::statements
