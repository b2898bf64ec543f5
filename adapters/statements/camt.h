#pragma once
#include "adapters/statements/decimal.h"
#include "base/time.h"
#include <optional>
#include <string>
#include <vector>

// camt.052 (intraday), camt.053 (end of day) and camt.054 (notification) as a bank sent them, any version .02 to .10 and
// any currency. Nothing is judged here; camt_bank_day.h turns a statement in VND into records.
namespace cho40::statements {

struct CamtAmount {
    Decimal value;
    std::string currency;
};

enum class CamtDirection { credit, debit };

// A date, with a time where the bank gave one.
struct CamtDate {
    Day day;                   // local (Asia/Ho_Chi_Minh) day of the time; the date as written where there is no time
    std::optional<Instant> at;
    std::string text;          // as written
};

// What the bank took, or gave back, for an entry or one payment of it.
struct CamtCharge {
    std::optional<CamtAmount> amount;            // always there once read
    std::optional<CamtDirection> direction;      // as stated; DBIT, taken, where the bank does not say
    std::optional<bool> included;                // ChrgInclInd: it is part of the amount; .02 has no word for it
    std::string kind;                            // Tp
    std::string bearer;                          // Br: DEBT, CRED, SHAR, SLEV
};

struct CamtCharges {
    std::optional<CamtAmount> total;             // TtlChrgsAndTaxAmt
    std::vector<CamtCharge> records;             // .02: each Chrgs is one; .04 on: Chrgs/Rcrd
};

// One payment inside an entry (TxDtls).
struct CamtTransaction {
    int line = 0;
    std::string message_id;
    std::string end_to_end_id;                   // as written; NOTPROVIDED says there is none
    std::string uetr;
    std::string transaction_id;
    std::string instruction_id;
    std::string payment_info_id;
    std::string clearing_ref;                    // ClrSysRef
    std::string processing_id;                   // PrcgId
    std::string servicer_ref;
    std::string servicer_transaction_id;         // AcctSvcrTxId
    std::optional<CamtAmount> amount;            // Amt, else AmtDtls/TxAmt/Amt
    bool amount_is_own = false;                  // it came from Amt
    std::optional<CamtDirection> direction;      // as stated; the entry's decides
    std::string debtor, debtor_account, debtor_bank;
    std::string creditor, creditor_account, creditor_bank;
    CamtCharges charges;
    std::vector<std::string> unstructured;       // RmtInf/Ustrd in order; banks cut inside words
    std::vector<std::string> structured;         // RmtInf/Strd/CdtrRefInf/Ref
    std::string additional;                      // AddtlTxInf
    std::string return_reason;                   // RtrInf/Rsn
    std::string return_text;                     // RtrInf/AddtlInf
};

// NtryDtls/Btch: what the bank says of the payments inside, whether or not it lists them.
struct CamtBatch {
    std::string id;                              // PmtInfId
    std::string count;                           // NbOfTxs
    std::optional<CamtAmount> total;             // TtlAmt
};

struct CamtEntry {
    int line = 0;                                // of the file, 1-based
    std::string reference;                       // NtryRef
    std::string servicer_ref;                    // AcctSvcrRef
    std::optional<CamtAmount> amount;            // always there once read
    std::optional<CamtDirection> direction;      // always there once read; the entry's own direction, also of a reversal
    bool reversal = false;
    std::string status;                          // BOOK, PDNG, INFO, or the bank's own
    std::optional<CamtDate> booked, value;
    std::string code;                            // BkTxCd: PMNT/RCDT/BOOK, or the bank's own
    CamtBatch batch;
    CamtCharges charges;
    std::string additional;                      // AddtlNtryInf
    std::vector<CamtTransaction> transactions;

    [[nodiscard]] bool booked_money() const { return status == "BOOK"; }
};

struct CamtBalance {
    std::string code;                            // OPBD, PRCD, ITBD, CLBD, …
    std::optional<CamtAmount> amount;
    std::optional<CamtDirection> direction;
    std::optional<CamtDate> date;
};

// All of a statement but its entries, which can be too many to keep.
struct CamtStatement {
    int line = 0;
    std::string id;
    std::string sequence;                        // ElctrncSeqNb
    std::string page;                            // StmtPgntn/PgNb; empty when it does not come in pages
    std::optional<bool> last_page;
    std::string account;                         // IBAN or other id
    std::string currency;
    std::optional<CamtDate> created, from, to;
    std::vector<CamtBalance> balances;
};

struct CamtMessage {
    std::string type;                            // camt.052, camt.053, camt.054
    std::string version;                         // "08"; empty when the namespace does not say
    std::string message_id;
};

}  // namespace cho40::statements
