#pragma once
#include "tests/support/camt_document.h"
#include "tests/support/source_tree.h"
#include <fstream>

// Messages in the words of a test: only what it is about stands in it.
namespace cho40::statements::camt_text {

inline std::string sample(std::string const& name)
{
    std::ifstream in(tests::test_data() / "statements/" / name, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

// A .08 statement around some entries.
inline std::string statement(std::string const& entries, std::string const& balances = "")
{
    return "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr>"
           "<Stmt><Id>S</Id><FrToDt><FrDtTm>2026-11-17T00:00:00+07:00</FrDtTm><ToDtTm>2026-11-17T23:59:59+07:00</ToDtTm></FrToDt>"
           "<Acct><Id><Othr><Id>1</Id></Othr></Id></Acct>" +
           balances + entries + "</Stmt></BkToCstmrStmt></Document>";
}

inline std::string entry(std::string const& amount, std::string const& rest = "<NtryDtls/>", std::string const& status = "<Cd>BOOK</Cd>")
{
    return "<Ntry><Amt Ccy=\"VND\">" + amount + "</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>" + status +
           "</Sts><BookgDt><Dt>2026-11-17</Dt></BookgDt>" + rest + "</Ntry>";
}

inline std::string balance(char const* code, char const* amount, char const* direction = "CRDT")
{
    return std::string("<Bal><Tp><CdOrPrtry><Cd>") + code + "</Cd></CdOrPrtry></Tp><Amt Ccy=\"VND\">" + amount + "</Amt><CdtDbtInd>" +
           direction + "</CdtDbtInd><Dt><Dt>2026-11-17</Dt></Dt></Bal>";
}

}  // namespace cho40::statements::camt_text
