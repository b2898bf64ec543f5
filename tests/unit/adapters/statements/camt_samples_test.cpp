#include "tests/unit/adapters/statements/camt_text.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

// Samples of genkgo/camt, held field by field against that project's own reading of the same bytes: amounts there are in
// minor units with the sign of the direction, times in UTC, and a value that stands elsewhere too is "__RECURSIVITY__".
namespace cho40::statements {
namespace {

using namespace camt_text;
using nlohmann::json;

std::string text_of(json const& theirs) { return theirs.is_string() ? theirs.get<std::string>() : std::string(); }

std::string minor_units(CamtAmount const& amount, std::optional<CamtDirection> direction)
{
    std::size_t const digits = amount.currency == "JPY" ? 0 : 2;
    auto text = amount.value.to_string();
    auto const point = text.find('.');
    auto fraction = point == text.npos ? std::string() : text.substr(point + 1);
    fraction.resize(digits, '0');
    auto const value = std::stoll(text.substr(0, point) + fraction);
    return std::to_string(direction == CamtDirection::credit ? value : -value);
}

void expect_same(json const& theirs, std::optional<CamtAmount> const& ours, std::optional<CamtDirection> direction)
{
    ASSERT_EQ(theirs.is_null(), !ours.has_value());
    if (!ours) return;
    EXPECT_EQ(text_of(theirs["getAmount"]), minor_units(*ours, direction));
    EXPECT_EQ(text_of(theirs["getCurrency"]["getCode"]), ours->currency);
}

void expect_same(json const& theirs, std::optional<CamtDate> const& ours)
{
    ASSERT_EQ(theirs.is_null(), !ours.has_value());
    if (!ours) return;
    if (ours->at) EXPECT_EQ(text_of(theirs["0"]).substr(0, 19), to_rfc3339(*ours->at).substr(0, 19));
    else EXPECT_EQ(text_of(theirs["0"]).substr(0, 10), ours->day.to_string());
}

void expect_same_statement(json const& theirs, tests::CamtDocument::Statement const& ours)
{
    EXPECT_EQ(text_of(theirs["getId"]), ours.id);
    EXPECT_EQ(text_of(theirs["getElectronicSequenceNumber"]), ours.sequence);
    EXPECT_EQ(text_of(theirs["getAccount"]["getIdentification"]), ours.account);
    auto const& pages = theirs["getPagination"];
    EXPECT_EQ(pages.is_object() ? text_of(pages["getPageNumber"]) : "", ours.page);
    expect_same(theirs["getCreatedOn"], ours.created);
    expect_same(theirs["getFromDate"], ours.from);
    expect_same(theirs["getToDate"], ours.to);
    auto const balances = theirs.value("getBalances", json::array());
    ASSERT_EQ(balances.size(), ours.balances.size());
    std::map<std::string, std::string> const names = {
        {"opening", "OPBD"}, {"closing", "CLBD"}, {"opening_available", "OPAV"}, {"closing_available", "CLAV"}};
    for (std::size_t i = 0; i < balances.size(); ++i) {
        EXPECT_EQ(names.at(text_of(balances[i]["getType"])), ours.balances[i].code);
        expect_same(balances[i]["getAmount"], ours.balances[i].amount, ours.balances[i].direction);
        expect_same(balances[i]["getDate"], ours.balances[i].date);
    }
}

// Domain, family and sub-family, or the bank's own code.
std::string code_of(json const& theirs)
{
    auto const& domain = theirs["getDomain"];
    if (!domain.is_object()) return text_of(theirs["getProprietary"]["getCode"]);
    return text_of(domain["getCode"]) + "/" + text_of(domain["getFamily"]["getCode"]) + "/" +
           text_of(domain["getFamily"]["getSubFamilyCode"]);
}

void expect_same_references(json const& theirs, CamtTransaction const& ours)
{
    EXPECT_EQ(text_of(theirs["getMessageId"]), ours.message_id);
    EXPECT_EQ(text_of(theirs["getEndToEndId"]), ours.end_to_end_id);
    EXPECT_EQ(text_of(theirs["getUuidEndToEndReference"]), ours.uetr);
    EXPECT_EQ(text_of(theirs["getTransactionId"]), ours.transaction_id);
    EXPECT_EQ(text_of(theirs["getInstructionId"]), ours.instruction_id);
    EXPECT_EQ(text_of(theirs["getPaymentInformationId"]), ours.payment_info_id);
    EXPECT_EQ(text_of(theirs["getClearingSystemReference"]), ours.clearing_ref);
    EXPECT_EQ(text_of(theirs["getProcessingId"]), ours.processing_id);
    EXPECT_EQ(text_of(theirs["getAccountServicerReference"]), ours.servicer_ref);
    EXPECT_EQ(text_of(theirs["getAccountServicerTransactionId"]), ours.servicer_transaction_id);
}

// A list of theirs whose first member may be told apart from it.
std::vector<json> list_of(json const& list, json const& first)
{
    std::vector<json> all(list.begin(), list.end());
    if (!all.empty() && !all.front().is_object()) all.front() = first;
    return all;
}

void expect_same_remittance(json const& theirs, CamtTransaction const& ours)
{
    std::vector<std::string> unstructured;
    for (auto const& block : list_of(theirs["getUnstructuredBlocks"], theirs["getUnstructuredBlock"])) {
        unstructured.push_back(text_of(block["getMessage"]));
    }
    EXPECT_EQ(unstructured, ours.unstructured);
    std::vector<std::string> structured;
    for (auto const& block : list_of(theirs["getStructuredBlocks"], theirs["getStructuredBlock"])) {
        auto const& own = block["getCreditorReferenceInformation"];
        structured.push_back(text_of((own.is_object() ? own : theirs["getCreditorReferenceInformation"])["getRef"]));
    }
    EXPECT_EQ(structured, ours.structured);
}

void expect_same_transaction(json const& theirs, CamtEntry const& entry, CamtTransaction const& ours)
{
    expect_same(theirs["getAmount"], ours.amount, entry.direction);
    expect_same_references(theirs["getReference"], ours);
    EXPECT_EQ(text_of(theirs["getAdditionalTransactionInformation"]), ours.additional);
    EXPECT_TRUE(theirs["getCharges"].is_null() && ours.charges.records.empty() && !ours.charges.total);
    EXPECT_TRUE(theirs["getReturnInformation"].is_null() && ours.return_reason.empty());
    for (auto const& party : list_of(theirs["getRelatedParties"], theirs["getRelatedParty"])) {
        auto const& who = party["getRelatedPartyType"];
        bool const creditor = text_of(who["__CLASS__"]).ends_with("Creditor");
        EXPECT_EQ(text_of(who["getName"]), creditor ? ours.creditor : ours.debtor);
        EXPECT_EQ(text_of(party["getAccount"]["getIdentification"]), creditor ? ours.creditor_account : ours.debtor_account);
    }
    for (auto const& agent : list_of(theirs["getRelatedAgents"], theirs["getRelatedAgent"])) {
        auto const& bank = agent["getRelatedAgentType"];
        if (text_of(bank["getBIC"]).empty()) continue;  // told by a clearing system's number, which that project does not read
        bool const creditor = text_of(bank["__CLASS__"]).ends_with("CreditorAgent");
        EXPECT_EQ(text_of(bank["getBIC"]), creditor ? ours.creditor_bank : ours.debtor_bank);
    }
    expect_same_remittance(theirs["getRemittanceInformation"], ours);
}

void expect_same_entry(json const& theirs, CamtEntry const& ours)
{
    expect_same(theirs["getAmount"], ours.amount, ours.direction);
    EXPECT_EQ(text_of(theirs["getCreditDebitIndicator"]), ours.direction == CamtDirection::credit ? "CRDT" : "DBIT");
    EXPECT_EQ(theirs["getReversalIndicator"].get<bool>(), ours.reversal);
    EXPECT_EQ(text_of(theirs["getStatus"]), ours.status);
    EXPECT_EQ(text_of(theirs["getReference"]), ours.reference);
    EXPECT_EQ(text_of(theirs["getAccountServicerReference"]), ours.servicer_ref);
    EXPECT_EQ(text_of(theirs["getBatchPaymentId"]), ours.batch.id);
    EXPECT_EQ(text_of(theirs["getAdditionalInfo"]), ours.additional);
    EXPECT_EQ(code_of(theirs["getBankTransactionCode"]), ours.code);
    EXPECT_TRUE(theirs["getCharges"].is_null() && ours.charges.records.empty());
    expect_same(theirs["getBookingDate"], ours.booked);
    expect_same(theirs["getValueDate"], ours.value);
    auto const transactions = list_of(theirs["getTransactionDetails"], theirs["getTransactionDetail"]);
    ASSERT_EQ(transactions.size(), ours.transactions.size());
    for (std::size_t i = 0; i < transactions.size(); ++i) expect_same_transaction(transactions[i], ours, ours.transactions[i]);
}

class Samples : public testing::TestWithParam<char const*> {};

TEST_P(Samples, AreReadAsAnotherProjectReadsThem)
{
    auto const document = tests::read_camt_document(sample(GetParam() + std::string(".xml")));
    ASSERT_TRUE(document) << document.error().detail << document.error().pointer;
    auto const theirs = json::parse(sample(GetParam() + std::string(".json")));
    EXPECT_EQ(text_of(theirs["getGroupHeader"]["getMessageId"]), document->message_id);
    ASSERT_EQ(document->statements.size(), 1u);
    auto const& ours = document->statements.front();
    auto const& entries = theirs["getEntries"];
    ASSERT_EQ(entries.size(), ours.entries.size());
    expect_same_statement(entries.at(0)["getRecord"], ours);
    for (std::size_t i = 0; i < entries.size(); ++i) expect_same_entry(entries[i], ours.entries[i]);
}
INSTANTIATE_TEST_SUITE_P(Genkgo, Samples, testing::Values("genkgo-camt053.v2.minimal", "genkgo-camt053.v8", "genkgo-camt054.v4"));

TEST(Samples, OneOfAnOlderVersionThatNobodyReadForUs)
{
    auto const document = tests::read_camt_document(sample("genkgo-camt053.v4.xml"));
    ASSERT_TRUE(document) << document.error().detail;
    auto const& entry = document->statements.at(0).entries.at(0);
    EXPECT_EQ(entry.code, "PAYM/0001/0005");
    EXPECT_EQ(entry.amount->value.to_string(), "8.85");
    EXPECT_EQ(entry.transactions.at(0).debtor, "NAME NAME");
    EXPECT_EQ(entry.transactions.at(0).structured, std::vector<std::string>{"4654654654654654"});
}

TEST(Samples, AHeaderWithoutAStatementIsRefusedPolitely)
{
    auto const document = tests::read_camt_document(sample("genkgo-camt053.v2.wrong.xml"));
    ASSERT_FALSE(document);
    EXPECT_EQ(document.error().code, Errc::statement_missing);
    EXPECT_EQ(document.error().detail, "the message has no Stmt");
    EXPECT_EQ(document.error().pointer, "line 3");
}

}  // namespace
}  // namespace cho40::statements
