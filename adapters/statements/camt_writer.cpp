#include "adapters/statements/camt_writer.h"
#include "adapters/statements/xml_writer.h"
#include "reconcile/sum.h"
#include <chrono>

namespace cho40::statements {
namespace {

void write_balance(XmlWriter& xml, char const* code, Dong value, Day day)
{
    xml.open("Bal");
    xml.nested({"Tp", "CdOrPrtry", "Cd"}, code);
    xml.amount("Amt", Dong(value.count() < 0 ? -value.count() : value.count()));
    xml.text("CdtDbtInd", value.count() < 0 ? "DBIT" : "CRDT");
    xml.nested({"Dt", "Dt"}, day.to_string());
    xml.close();
}

void write_entry(XmlWriter& xml, reconcile::BankEntry const& entry)
{
    bool const credit = entry.direction == reconcile::Direction::credit;
    xml.open("Ntry");
    xml.amount("Amt", entry.amount);
    xml.text("CdtDbtInd", credit ? "CRDT" : "DBIT");
    if (entry.reversal) xml.text("RvslInd", "true");
    xml.nested({"Sts", "Cd"}, "BOOK");
    xml.nested({"BookgDt", "DtTm"}, offset_time(entry.booked_at));
    xml.nested({"ValDt", "Dt"}, entry.value_date.to_string());
    if (!entry.entry_ref.empty()) xml.text("AcctSvcrRef", entry.entry_ref.str());
    xml.nested({"BkTxCd", "Prtry", "Cd"}, "TRF");
    xml.open("NtryDtls");
    xml.open("TxDtls");
    if (!entry.counterparty.empty()) { xml.nested({"RltdPties", credit ? "Dbtr" : "Cdtr", "Pty", "Nm"}, entry.counterparty.str()); }
    if (!entry.narrative.empty()) {
        xml.open("RmtInf");
        // Ustrd holds 140 characters; a longer text is cut between characters and joined again by the reader.
        std::string_view rest = entry.narrative;
        while (!rest.empty()) {
            std::size_t cut = 0;
            for (std::size_t count = 0; cut < rest.size() && count < 140; ++count) {
                ++cut;
                while (cut < rest.size() && (static_cast<unsigned char>(rest[cut]) & 0xC0) == 0x80) ++cut;
            }
            xml.text("Ustrd", std::string(rest.substr(0, cut)));
            rest.remove_prefix(cut);
        }
        xml.close();
    }
    xml.close();
    xml.close();
    xml.close();
}

// The closing balance.
Result<Dong> closing_of(AccountDays const& days)
{
    reconcile::Sum sum;
    sum.add(days.opening);
    for (auto const& entry : days.entries) {
        if (entry.account != days.account || entry.currency != "VND" || !entry.amount.is_positive()) {
            return fail(Errc::invalid_input, "entry " + entry.entry_ref + " does not belong into the statement of " + days.account);
        }
        sum.add(reconcile::signed_amount(entry.direction, entry.amount));
    }
    return sum.total();
}

void write_statement(XmlWriter& xml, AccountDays const& days, Dong closing)
{
    xml.open("Stmt");
    xml.text("Id", days.statement_id);
    xml.text("ElctrncSeqNb", std::to_string(days.sequence));
    xml.text("CreDtTm", offset_time(days.created_at));
    xml.open("FrToDt");
    xml.text("FrDtTm", offset_time(days.from.begin()));
    xml.text("ToDtTm", offset_time(days.to.end() - std::chrono::seconds(1)));
    xml.close();
    xml.open("Acct");
    xml.nested({"Id", "Othr", "Id"}, days.account);
    xml.text("Ccy", "VND");
    xml.close();
    write_balance(xml, "OPBD", days.opening, days.from);
    write_balance(xml, "CLBD", closing, days.to);
    for (auto const& entry : days.entries) write_entry(xml, entry);
    xml.close();
}

}  // namespace

Result<std::string> write_camt053(AccountDays const& days) { return write_camt053(std::vector<AccountDays>{days}); }

Result<std::string> write_camt053(std::vector<AccountDays> const& statements)
{
    if (statements.empty()) return fail(Errc::statement_missing, "a document needs at least one statement");
    XmlWriter xml;
    xml.open("Document");
    xml.attribute("xmlns", "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08");
    xml.open("BkToCstmrStmt");
    xml.open("GrpHdr");
    xml.text("MsgId", statements.front().statement_id);
    xml.text("CreDtTm", offset_time(statements.front().created_at));
    xml.close();
    for (auto const& days : statements) {
        CHO_TRY(auto const closing, closing_of(days));
        write_statement(xml, days, closing);
    }
    xml.close();
    xml.close();
    return xml.finish();
}

}  // namespace cho40::statements
