#include "adapters/statements/pain_writer.h"
#include "adapters/statements/xml_writer.h"
#include "base/text.h"
#include "reconcile/sum.h"

namespace cho40::statements {
namespace {

char const* code_of(ChargeBearer charges)
{
    switch (charges) {
    case ChargeBearer::debtor: return "DEBT";
    case ChargeBearer::creditor: return "CRED";
    case ChargeBearer::shared: break;
    }
    return "SHAR";
}

// Pre: checked.
std::string bank_text(std::string const& text) { return std::string(trim(*to_bank_text(text))); }

void write_bank(XmlWriter& xml, char const* role, PayoutBank const& bank)
{
    xml.open(role);
    xml.open("FinInstnId");
    if (!bank.bic.empty()) xml.text("BICFI", bank.bic);
    if (!bank.bin.empty()) {
        xml.open("ClrSysMmbId");
        xml.nested({"ClrSysId", "Prtry"}, "NAPAS");
        xml.text("MmbId", bank.bin);
        xml.close();
    }
    xml.close();
    xml.close();
}

void write_account(XmlWriter& xml, char const* role, std::string const& account)
{
    xml.open(role);
    xml.nested({"Id", "Othr", "Id"}, account);
    xml.text("Ccy", "VND");
    xml.close();
}

void write_totals(XmlWriter& xml, PayoutOrder const& order, Dong sum)
{
    xml.text("NbOfTxs", std::to_string(order.transfers.size()));
    xml.text("CtrlSum", std::to_string(sum.count()));
}

void write_transfer(XmlWriter& xml, PayoutTransfer const& transfer)
{
    xml.open("CdtTrfTxInf");
    xml.nested({"PmtId", "EndToEndId"}, transfer.end_to_end_id);
    xml.open("Amt");
    xml.amount("InstdAmt", transfer.amount);
    xml.close();
    write_bank(xml, "CdtrAgt", transfer.creditor.bank);
    xml.nested({"Cdtr", "Nm"}, bank_text(transfer.creditor.name));
    write_account(xml, "CdtrAcct", transfer.creditor.account);
    if (auto const remittance = bank_text(transfer.remittance); !remittance.empty()) xml.nested({"RmtInf", "Ustrd"}, remittance);
    xml.close();
}

}  // namespace

Result<std::string> write_pain001(PayoutOrder const& order)
{
    CHO_TRY_DO(check(order));
    reconcile::Sum total;
    for (auto const& transfer : order.transfers) total.add(transfer.amount);
    CHO_TRY(auto const sum, total.total());
    XmlWriter xml;
    xml.open("Document");
    xml.attribute("xmlns", "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09");
    xml.open("CstmrCdtTrfInitn");
    xml.open("GrpHdr");
    xml.text("MsgId", order.id);
    xml.text("CreDtTm", offset_time(order.created_at));
    write_totals(xml, order, sum);
    xml.nested({"InitgPty", "Nm"}, bank_text(order.debtor.name));
    xml.close();
    xml.open("PmtInf");
    xml.text("PmtInfId", order.id);
    xml.text("PmtMtd", "TRF");
    write_totals(xml, order, sum);
    xml.nested({"ReqdExctnDt", "Dt"}, order.execution.to_string());
    xml.nested({"Dbtr", "Nm"}, bank_text(order.debtor.name));
    write_account(xml, "DbtrAcct", order.debtor.account);
    write_bank(xml, "DbtrAgt", order.debtor.bank);
    xml.text("ChrgBr", code_of(order.charges));
    for (auto const& transfer : order.transfers) write_transfer(xml, transfer);
    xml.close();
    xml.close();
    return xml.finish();
}

}  // namespace cho40::statements
