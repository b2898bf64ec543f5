#include "tests/unit/adapters/statements/camt_text.h"
#include <gtest/gtest.h>

// One message in the oldest and in the newest shape; what it says is the same.
namespace cho40::statements {
namespace {

using namespace camt_text;
using tests::read_camt_document;

char const* const refs_in_both =
    "<MsgId>M-7</MsgId><AcctSvcrRef>T-1</AcctSvcrRef><PmtInfId>P-1</PmtInfId><InstrId>I-1</InstrId><EndToEndId>NOTPROVIDED</EndToEndId>";

char const* const rest_in_both =
    "<RmtInf><Ustrd>tra tien CQJK5</Ustrd><Ustrd>M6N7 rau </Ustrd><Ustrd>cu</Ustrd>"
    "<Strd><CdtrRefInf><Ref>RF18</Ref></CdtrRefInf></Strd><Strd><CdtrRefInf><Ref>RF19</Ref></CdtrRefInf></Strd></RmtInf>"
    "<RtrInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>Tai khoan</AddtlInf><AddtlInf>da dong</AddtlInf></RtrInf><AddtlTxInf>them</AddtlTxInf>";

std::string around(std::string const& version, std::string const& status, std::string const& entry_charges, std::string const& transaction)
{
    return "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001." + version +
           "\"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr><Stmt><Id>S</Id><ElctrncSeqNb>12</ElctrncSeqNb>"
           "<CreDtTm>2026-11-17T23:00:00</CreDtTm><Acct><Id><IBAN>VN00TEST</IBAN></Id><Ccy>VND</Ccy></Acct>"
           "<Ntry><NtryRef>1</NtryRef><Amt Ccy=\"VND\">98900</Amt><CdtDbtInd>CRDT</CdtDbtInd><RvslInd>1</RvslInd>" +
           status +
           "<BookgDt><Dt>2026-11-17</Dt></BookgDt><ValDt><Dt>2026-11-18</Dt></ValDt><AcctSvcrRef>E-1</AcctSvcrRef>"
           "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>DMCT</SubFmlyCd></Fmly></Domn><Prtry><Cd>Z24</Cd></Prtry></BkTxCd>" +
           entry_charges +
           "<NtryDtls><Btch><PmtInfId>B-1</PmtInfId><NbOfTxs>1</NbOfTxs><TtlAmt Ccy=\"VND\">100000</TtlAmt></Btch><TxDtls>" + transaction +
           "</TxDtls></NtryDtls><AddtlNtryInf>nua</AddtlNtryInf></Ntry></Stmt></BkToCstmrStmt></Document>";
}

std::string version_02()
{
    return around(
        "02", "<Sts>BOOK</Sts>",
        "<Chrgs><TtlChrgsAndTaxAmt Ccy=\"VND\">1100</TtlChrgsAndTaxAmt><Amt Ccy=\"VND\">1000</Amt><CdtDbtInd>DBIT</CdtDbtInd>"
        "<Tp><Cd>COMM</Cd></Tp><Br>CRED</Br></Chrgs><Chrgs><Amt Ccy=\"VND\">100</Amt><Tp><Prtry><Id>VAT</Id></Prtry></Tp></Chrgs>",
        std::string("<Refs>") + refs_in_both +
            "<TxId>X-1</TxId><ClrSysRef>C-1</ClrSysRef></Refs>"
            "<AmtDtls><TxAmt><Amt Ccy=\"VND\">100000.00</Amt></TxAmt></AmtDtls>"
            "<Chrgs><Amt Ccy=\"VND\">7</Amt></Chrgs>"
            "<RltdPties><Dbtr><Nm>NGUYEN VAN A</Nm></Dbtr><DbtrAcct><Id><Othr><Id>1017</Id></Othr></Id></DbtrAcct>"
            "<Cdtr><Nm>CHO HA LONG</Nm></Cdtr><CdtrAcct><Id><Othr><Id>0141</Id></Othr></Id></CdtrAcct></RltdPties>"
            "<RltdAgts><DbtrAgt><FinInstnId><BIC>BFTVVNVX</BIC></FinInstnId></DbtrAgt>"
            "<CdtrAgt><FinInstnId><Nm>NGAN HANG B</Nm></FinInstnId></CdtrAgt></RltdAgts>" +
            rest_in_both);
}

std::string version_08()
{
    return around("08", "<Sts><Cd>BOOK</Cd></Sts>",
                  "<Chrgs><TtlChrgsAndTaxAmt Ccy=\"VND\">1100</TtlChrgsAndTaxAmt>"
                  "<Rcrd><Amt Ccy=\"VND\">1000</Amt><CdtDbtInd>DBIT</CdtDbtInd><ChrgInclInd>true</ChrgInclInd><Tp><Cd>COMM</Cd></Tp>"
                  "<Br>CRED</Br></Rcrd><Rcrd><Amt Ccy=\"VND\">100</Amt><Tp><Prtry><Id>VAT</Id></Prtry></Tp></Rcrd></Chrgs>",
                  std::string("<Refs>") + refs_in_both +
                      "<UETR>8a562c67-ca16-48ba-b074-65581be6f001</UETR><TxId>X-1</TxId><ClrSysRef>C-1</ClrSysRef>"
                      "<AcctSvcrTxId>A-1</AcctSvcrTxId><PrcgId>G-1</PrcgId></Refs>"
                      "<Amt Ccy=\"VND\">100000</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
                      "<AmtDtls><TxAmt><Amt Ccy=\"VND\">99</Amt></TxAmt></AmtDtls>"
                      "<Chrgs><Rcrd><Amt Ccy=\"VND\">7</Amt></Rcrd></Chrgs>"
                      "<RltdPties><Dbtr><Pty><Nm>NGUYEN VAN A</Nm></Pty></Dbtr><DbtrAcct><Id><Othr><Id>1017</Id></Othr></Id></DbtrAcct>"
                      "<Cdtr><Pty><Nm>CHO HA LONG</Nm></Pty></Cdtr><CdtrAcct><Id><Othr><Id>0141</Id></Othr></Id></CdtrAcct></RltdPties>"
                      "<RltdAgts><DbtrAgt><FinInstnId><BICFI>BFTVVNVX</BICFI></FinInstnId></DbtrAgt>"
                      "<CdtrAgt><FinInstnId><ClrSysMmbId><MmbId>970436</MmbId></ClrSysMmbId></FinInstnId></CdtrAgt></RltdAgts>" +
                      rest_in_both);
}

class Shapes : public testing::TestWithParam<std::pair<char const*, std::string>> {};

TEST_P(Shapes, SayTheSame)
{
    auto const& [version, bytes] = GetParam();
    auto const document = read_camt_document(bytes);
    ASSERT_TRUE(document) << document.error().detail;
    EXPECT_EQ(document->version, version);
    auto const& statement = document->statements.at(0);
    EXPECT_EQ(statement.account, "VN00TEST");
    EXPECT_EQ(statement.currency, "VND");
    EXPECT_EQ(statement.sequence, "12");
    EXPECT_EQ(to_rfc3339(*statement.created->at), "2026-11-17T16:00:00.000Z") << "without an offset it is the bank's local time";
    auto const& entry = statement.entries.at(0);
    EXPECT_EQ(entry.reference, "1");
    EXPECT_EQ(entry.servicer_ref, "E-1");
    EXPECT_EQ(entry.amount->value.to_dong(), Dong(98900));
    EXPECT_TRUE(entry.reversal);
    EXPECT_EQ(entry.direction, CamtDirection::credit) << "a reversal's direction is its own";
    EXPECT_EQ(entry.status, "BOOK");
    EXPECT_EQ(entry.booked->day, Day::from(2026, 11, 17));
    EXPECT_EQ(entry.value->day, Day::from(2026, 11, 18));
    EXPECT_EQ(entry.code, "PMNT/RCDT/DMCT");
    EXPECT_EQ(entry.batch.id, "B-1");
    EXPECT_EQ(entry.batch.count, "1");
    EXPECT_EQ(entry.batch.total->value.to_string(), "100000");
    EXPECT_EQ(entry.additional, "nua");
    EXPECT_EQ(entry.charges.total->value.to_string(), "1100");
    ASSERT_EQ(entry.charges.records.size(), 2u);
    EXPECT_EQ(entry.charges.records[0].amount->value.to_string(), "1000");
    EXPECT_EQ(entry.charges.records[0].direction, CamtDirection::debit);
    EXPECT_EQ(entry.charges.records[0].kind, "COMM");
    EXPECT_EQ(entry.charges.records[0].bearer, "CRED");
    EXPECT_EQ(entry.charges.records[1].kind, "VAT");
    EXPECT_FALSE(entry.charges.records[1].direction);
    ASSERT_EQ(entry.transactions.size(), 1u);
    auto const& tx = entry.transactions[0];
    EXPECT_EQ(tx.amount->value.to_string(), "100000") << "Amt before AmtDtls";
    EXPECT_EQ(tx.message_id, "M-7");
    EXPECT_EQ(tx.servicer_ref, "T-1");
    EXPECT_EQ(tx.payment_info_id, "P-1");
    EXPECT_EQ(tx.instruction_id, "I-1");
    EXPECT_EQ(tx.end_to_end_id, "NOTPROVIDED");
    EXPECT_EQ(tx.transaction_id, "X-1");
    EXPECT_EQ(tx.clearing_ref, "C-1");
    EXPECT_EQ(tx.charges.records.at(0).amount->value.to_string(), "7");
    EXPECT_EQ(tx.debtor, "NGUYEN VAN A");
    EXPECT_EQ(tx.debtor_account, "1017");
    EXPECT_EQ(tx.debtor_bank, "BFTVVNVX");
    EXPECT_EQ(tx.creditor, "CHO HA LONG");
    EXPECT_EQ(tx.creditor_account, "0141");
    EXPECT_EQ(tx.creditor_bank, version == std::string("02") ? "NGAN HANG B" : "970436");
    EXPECT_EQ(tx.unstructured, (std::vector<std::string>{"tra tien CQJK5", "M6N7 rau ", "cu"})) << "a cut may fall on a space";
    EXPECT_EQ(tx.structured, (std::vector<std::string>{"RF18", "RF19"}));
    EXPECT_EQ(tx.return_reason, "AC04");
    EXPECT_EQ(tx.return_text, "Tai khoan da dong");
    EXPECT_EQ(tx.additional, "them");
    if (version != std::string("08")) return;
    EXPECT_EQ(tx.uetr, "8a562c67-ca16-48ba-b074-65581be6f001");
    EXPECT_EQ(tx.servicer_transaction_id, "A-1");
    EXPECT_EQ(tx.processing_id, "G-1");
    EXPECT_EQ(entry.charges.records[0].included, true);
    EXPECT_EQ(entry.charges.records[1].included, std::nullopt);
}
INSTANTIATE_TEST_SUITE_P(Versions, Shapes, testing::Values(std::pair{"02", version_02()}, std::pair{"08", version_08()}));

TEST(CamtFields, EveryVersionIsReadByLocalName)
{
    for (char const* version : {"02", "03", "04", "05", "06", "07", "08", "09", "10"}) {
        auto bytes = version_08();
        bytes.replace(bytes.find(".08\""), 3, std::string(".") + version);
        auto const document = read_camt_document(bytes);
        ASSERT_TRUE(document) << version << document.error().detail;
        EXPECT_EQ(document->version, version);
        EXPECT_EQ(document->statements.at(0).entries.at(0).transactions.at(0).debtor, "NGUYEN VAN A");
    }
}

TEST(CamtFields, TheBanksOwnStatusIsNotBooked)
{
    for (char const* status : {"<Prtry>POSTED</Prtry>", "<Cd>INFO</Cd>", "PDNG", "<Cd>FUTR</Cd>"}) {
        auto const document = read_camt_document(statement(entry("1", "", status)));
        ASSERT_TRUE(document) << status;
        EXPECT_FALSE(document->statements[0].entries[0].booked_money()) << status;
    }
}

TEST(CamtFields, ABankThatPaysItselfIsNamedToo)
{
    auto const document = read_camt_document(statement(entry(
        "1",
        "<NtryDtls><TxDtls><RltdPties><Dbtr><Agt><FinInstnId><Nm>NGAN HANG A</Nm></FinInstnId></Agt></Dbtr></RltdPties></TxDtls></NtryDtls>")));
    EXPECT_EQ(document->statements[0].entries[0].transactions[0].debtor, "NGAN HANG A");
}

TEST(CamtFields, DongHasNoFraction)
{
    for (char const* amount : {"50000.00", "50000.0", "50000"}) {
        auto const document = read_camt_document(statement(entry(amount)));
        ASSERT_TRUE(document) << amount;
        EXPECT_EQ(document->statements[0].entries[0].amount->value.to_dong(), Dong(50000));
    }
    auto const half = read_camt_document(statement("\n" + entry("50000.50")));
    ASSERT_FALSE(half);
    EXPECT_EQ(half.error().pointer, "line 2");
    EXPECT_EQ(half.error().detail, "Ntry/Amt: an amount in VND has no fraction: 50000.5");
    EXPECT_FALSE(read_camt_document(statement("", balance("OPBD", "1.5")))) << "nor has a balance";
}

TEST(CamtFields, AChargeNeedsItsAmountFirst)
{
    auto const document = read_camt_document(statement(entry("1", "<Chrgs><CdtDbtInd>DBIT</CdtDbtInd><Amt Ccy=\"VND\">1</Amt></Chrgs>")));
    ASSERT_FALSE(document);
    EXPECT_EQ(document.error().code, Errc::invalid_input);
}

}  // namespace
}  // namespace cho40::statements
