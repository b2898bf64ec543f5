#include "tests/support/source_tree.h"
#include "tests/unit/apps/cli/run_cli.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cho40::tests {
namespace {

using nlohmann::json;

std::string sample(std::string const& name) { return (test_data() / "statements" / name).string(); }

std::vector<json> lines_of(std::string const& output)
{
    std::vector<json> lines;
    std::istringstream in(output);
    for (std::string line; std::getline(in, line);) lines.push_back(json::parse(line));
    return lines;
}

std::string const head = "<Document><BkToCstmrStmt><Stmt><Id>S</Id><Acct><Id><Othr><Id>1</Id></Othr></Id></Acct>\n";
std::string const tail = "</Stmt></BkToCstmrStmt></Document>\n";

std::string entry(std::string const& amount, std::string const& status = "BOOK", std::string const& rest = "")
{
    return "<Ntry><Amt Ccy=\"VND\">" + amount + "</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>" + status +
           "</Sts><BookgDt><Dt>2026-11-17</Dt></BookgDt>" + rest + "</Ntry>\n";
}

TEST(StatementParse, PrintsALineForEachBookedEntry)
{
    auto const run = run_cli("statement parse -", head + entry("50000.00") + entry("6", "PDNG") + entry("7") + tail);
    EXPECT_EQ(run.exit_code, 0);
    auto const lines = lines_of(run.output);
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0]["amount"], "50000");
    EXPECT_EQ(lines[0]["amount_vnd"], 50000);
    EXPECT_EQ(lines[1]["line"], 4);
    EXPECT_EQ(run.messages, "cho40: -: 1 entries are not booked and are left out\n");
}

std::string balance(std::string const& code, std::string const& amount)
{
    return "<Bal><Tp><CdOrPrtry><Cd>" + code + "</Cd></CdOrPrtry></Tp><Amt Ccy=\"VND\">" + amount +
           "</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-17</Dt></Dt></Bal>\n";
}

// A script must be able to tell a statement that contradicts itself from one of which a part is yet to come.
TEST(StatementParse, BalancesThatDoNotFollowAreANegativeAnswerAndAMissingPageIsNot)
{
    auto const page_two = "<StmtPgntn><PgNb>2</PgNb><LastPgInd>true</LastPgInd></StmtPgntn>";
    auto const opening = balance("OPBD", "100");
    auto const whole = run_cli("statement parse -", head + opening + balance("CLBD", "150") + entry("50") + tail);
    EXPECT_EQ(whole.exit_code, 0);
    EXPECT_EQ(whole.messages, "");
    auto const wrong = run_cli("statement parse -", head + opening + balance("CLBD", "151") + entry("50") + tail);
    EXPECT_EQ(wrong.exit_code, 1);
    EXPECT_EQ(lines_of(wrong.output).size(), 1u);
    EXPECT_EQ(wrong.messages, "cho40: -: account 1: opening 100 and the booked entries make 150, but closing is 151\n");

    auto const in_parts = [&](std::string const& closing) {
        auto text = head + opening + balance("CLBD", closing) + entry("50") + tail;
        return run_cli("statement parse -", text.replace(text.find("<Acct>"), 0, page_two));
    };
    auto const part = in_parts("150");
    EXPECT_EQ(part.exit_code, 0);
    EXPECT_EQ(part.messages, "cho40: -: the statement of account 1 at line 1 is page 2; page 1 is missing before it\n");
    auto const both = in_parts("151");
    EXPECT_EQ(both.exit_code, 1);
    EXPECT_EQ(both.messages, "cho40: -: account 1: opening 100 and the booked entries make 150, but closing is 151\n");
}

TEST(StatementParse, ReportsChargesReferencesAndWhatDoesNotAddUp)
{
    auto const run = run_cli(
        "statement parse -",
        head +
            entry("48", "BOOK",
                  "<Chrgs><Rcrd><Amt Ccy=\"VND\">3</Amt><Br>CRED</Br></Rcrd></Chrgs><NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED"
                  "</EndToEndId><UETR>8a562c67-ca16-48ba-b074-65581be6f001</UETR></Refs><Amt Ccy=\"VND\">50</Amt></TxDtls></NtryDtls>") +
            tail);
    EXPECT_EQ(run.exit_code, 1);
    auto const line = lines_of(run.output).at(0);
    EXPECT_EQ(line["charges"][0]["amount_vnd"], 3);
    EXPECT_EQ(line["charges"][0]["direction"], "DBIT");
    EXPECT_EQ(line["charges"][0]["bearer"], "CRED");
    EXPECT_TRUE(line["transactions"][0]["end_to_end_id"].is_null());
    EXPECT_EQ(line["transactions"][0]["uetr"], "8a562c67-ca16-48ba-b074-65581be6f001");
    EXPECT_EQ(run.messages, "cho40: -: the entry at line 2 is 48, but its payments add up to 50\n");
}

TEST(StatementParse, SeveralCurrenciesInOneStatementAreANegativeAnswer)
{
    auto dollars = entry("3");
    dollars.replace(dollars.find("VND"), 3, "USD");
    auto const mixed = run_cli("statement parse -", head + entry("50") + dollars + tail);
    EXPECT_EQ(mixed.exit_code, 1);
    EXPECT_NE(mixed.messages.find("the entry at line 3 is in USD, those before it in account 1 in VND"), std::string::npos)
        << mixed.messages;
    auto const alone = run_cli("statement parse -", head + dollars + tail);
    EXPECT_EQ(alone.exit_code, 0) << "an account in dollars is read";
    EXPECT_NE(alone.messages.find("entries are in USD, not in VND"), std::string::npos) << alone.messages;
}

TEST(StatementParse, ReadsVersionsTwoToTenOnly)
{
    auto const of_version = [](std::string const& version) {
        auto text = head + entry("5") + tail;
        text.insert(text.find('>'), " xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001." + version + "\"");
        return run_cli("statement parse -", text);
    };
    for (auto const* const good : {"02", "08", "10"}) EXPECT_EQ(of_version(good).exit_code, 0) << good;
    for (auto const* const other : {"01", "11", "12"}) {
        auto const refused = of_version(other);
        EXPECT_EQ(refused.exit_code, 2) << other;
        EXPECT_EQ(refused.output, "");
        EXPECT_NE(refused.messages.find("line 1: version ." + std::string(other) + " of the message; .02 to .10 are read"),
                  std::string::npos)
            << refused.messages;
    }
}

TEST(StatementParse, AFaultInTheMiddleEndsItWithTheLine)
{
    auto const run = run_cli("statement parse -", head + entry("5") + entry("6") + entry("7.50") + tail);
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_EQ(lines_of(run.output).size(), 2u) << "what was read before it is printed";
    EXPECT_EQ(run.messages,
              "cho40: - line 4: Ntry/Amt: an amount in VND has no fraction: 7.5 (invalid_input); the 2 entries printed are a part of a "
              "file that is not whole\n");
    auto const torn = run_cli("statement parse -", head + entry("5"));
    EXPECT_EQ(torn.exit_code, 2);
    EXPECT_NE(torn.messages.find("xml_malformed"), std::string::npos) << torn.messages;
}

TEST(StatementParse, TellsOfEmptyStatementsAndRefusesMessagesWithoutOne)
{
    auto const empty = run_cli("statement parse -", head + tail);
    EXPECT_EQ(empty.exit_code, 0);
    EXPECT_EQ(empty.output, "");
    EXPECT_EQ(empty.messages, "cho40: -: the statement at line 1 has no entries\n");
    auto const wrong = run_cli("statement parse " + sample("genkgo-camt053.v2.wrong.xml"));
    EXPECT_EQ(wrong.exit_code, 2);
    EXPECT_NE(wrong.messages.find("line 3: the message has no Stmt (statement_missing)"), std::string::npos) << wrong.messages;
    EXPECT_EQ(run_cli("statement parse -", " \n").exit_code, 2);
    EXPECT_EQ(run_cli("statement parse /nowhere.xml").exit_code, 2);
}

TEST(StatementParse, ReadsOtherCurrenciesAndSeveralFiles)
{
    auto const run = run_cli("statement parse " + sample("genkgo-camt053.v8.xml") + " " + sample("genkgo-camt054.v4.xml"));
    EXPECT_EQ(run.exit_code, 0);
    auto const lines = lines_of(run.output);
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0]["currency"], "EUR");
    EXPECT_FALSE(lines[0].contains("amount_vnd"));
    EXPECT_EQ(lines[1]["transactions"].size(), 3u);
}

TEST(PayoutWrite, WritesTheExampleOfItsHelp)
{
    auto const file = (test_data() / "payouts/market-week.json").string();
    auto const run = run_cli("payout write " + file);
    EXPECT_EQ(run.exit_code, 0) << run.messages;
    EXPECT_NE(run.output.find("<CtrlSum>3115500</CtrlSum>"), std::string::npos);
    EXPECT_EQ(run.output, run_cli("payout write " + file).output);
    auto const out = std::filesystem::temp_directory_path() / ("cho40_payout_" + std::to_string(getpid()) + ".xml");
    EXPECT_EQ(run_cli("payout write " + file + " --out " + out.string()).exit_code, 0);
    std::ifstream written(out, std::ios::binary);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(written), {}), run.output);
    std::filesystem::remove(out);
}

TEST(PayoutWrite, NamesEveryFieldThatIsWrongWithItsLine)
{
    auto const run = run_cli("payout write -", R"({
 "id": "A",
 "created_at": "2026-11-23T16:30:00+07:00",
 "execution_date": "2026-11-32",
 "purpose": "x",
 "debtor": {"name": "A", "account": "1", "bank": {"bin": 970436}},
 "transfers": [
  {"end_to_end_id": "1", "amount_vnd": "5",
   "creditor": {"name": "B", "bank": {"bin": "970436"}}},
  {"end_to_end_id": "2", "amount_vnd": 1.5, "creditor": {"name": "B", "account": "2", "bank": {"bin": "970436"}}},
  {"end_to_end_id": "3", "amount_vnd": 18446744073709551615, "creditor": {"name": "B", "account": "2", "bank": {"bin": "970436"}}}
 ]
})");
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_EQ(run.output, "");
    std::vector<std::string> starts;
    std::istringstream in(run.messages);
    for (std::string line; std::getline(in, line);) starts.push_back(line.substr(0, line.find(": ", line.find('/'))));
    EXPECT_EQ(starts, (std::vector<std::string>{"cho40: - line 4: /execution_date", "cho40: - line 5: /purpose",
                                                "cho40: - line 6: /debtor/bank/bin", "cho40: - line 8: /transfers/0/amount_vnd",
                                                "cho40: - line 9: /transfers/0/creditor/account",
                                                "cho40: - line 10: /transfers/1/amount_vnd", "cho40: - line 11: /transfers/2/amount_vnd"}))
        << run.messages;
}

TEST(PayoutWrite, RefusesWhatABankWouldRefuse)
{
    auto order = json::parse(std::ifstream(test_data() / "payouts/market-week.json"));
    order["transfers"][1]["creditor"]["name"] = "Rau & củ";
    order["transfers"][2]["amount_vnd"] = 0;
    auto const run = run_cli("payout write -", order.dump(1));
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_NE(run.messages.find("/transfers/1/creditor/name: banks do not take \"&\""), std::string::npos) << run.messages;
    EXPECT_NE(run.messages.find("/transfers/2/amount_vnd: must be above 0 (amount_not_positive)"), std::string::npos) << run.messages;
    order["transfers"][2]["amount_vnd"] = 1.5;
    EXPECT_EQ(run_cli("payout write -", order.dump()).exit_code, 2) << "money is whole";
    EXPECT_EQ(run_cli("payout write -", "{").exit_code, 2);
    EXPECT_EQ(run_cli("payout write -", "[]").messages, "cho40: - line 1: the order: must be an object (wrong_type)\n");
}

}  // namespace
}  // namespace cho40::tests
