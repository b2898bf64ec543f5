#pragma once
#include "fees/notice.h"
#include "fees/receipt.h"
#include "ledger/command.h"
#include "qr-pay/records.h"

namespace cho40::fees {

// An agency as it stands in our books: in a book of its own, paid on one bank account.
struct RegisteredAgency {
    ledger::BookId book;
    Id<Agency> id;
    ledger::OwnerOrdinal ordinal{1};
    Agency facts{};
    qr_pay::ReceivingAccount account;
    bool through_provider = false;  // the provider collects and settles in batches; otherwise straight to the account
    Instant created_at;
    std::int64_t version = 1;
};

// What was asked of the fee engine for one line.
struct LineOrder {
    std::string fee_code;
    std::int64_t quantity = 1;           // 1 .. 100000; of fees by the page: how many copies
    std::optional<std::int64_t> pages;   // of the original, for fees by the page
    std::optional<Dong> value;           // of the contract or matter, for bands and percentages
};

struct AssessedLine {
    LineOrder asked;
    std::string unit;  // as the schedule writes it
    Assessment result;
};

// A notice with its life so far.
struct StoredNotice {
    ledger::BookId book;
    Id<Agency> agency;
    FeeNotice notice{};
    NoticeRecord life;
    Channel channel = Channel::counter;
    std::vector<std::string> personas;
    std::vector<LineOrder> asked;        // beside notice.lines, one each
    std::vector<std::string> units;      // likewise
    std::optional<Id<qr_pay::PaymentRequest>> payment;  // the newest
    int dossier_tries = 0;               // how often the portal was told without success
    std::optional<Instant> dossier_next_at;  // when it is told next; nothing when it is not to be told
    Id<qr_pay::UserTag> created_by;
    Instant since;                       // when the present state began
    std::int64_t version = 1;
};

// A receipt and what it belongs to.
struct StoredReceipt {
    ledger::BookId book;
    Id<Agency> agency;
    Id<FeeNotice> notice;
    Id<qr_pay::PaymentRequest> payment;
    Receipt receipt;
    std::optional<Id<Receipt>> replaced_by;
};

// Rows of this module that travel with ledger commands.
struct NewAgency final : ledger::AttachedRow {  // with its book and its receiving account
    explicit NewAgency(RegisteredAgency a) : agency(std::move(a)) {}
    RegisteredAgency agency;
};
struct NewNotice final : ledger::AttachedRow {
    explicit NewNotice(StoredNotice s) : stored(std::move(s)) {}
    StoredNotice stored;
};
struct ChangedNotice final : ledger::AttachedRow {
    explicit ChangedNotice(StoredNotice s) : stored(std::move(s)) {}
    StoredNotice stored;
};
// A receipt that has no number yet (receipt.number.number is 0): the number is taken from its series by the statement
// that writes the row, in the transaction of the payment. So a number is used or was never taken, whatever happens to
// the batch, and nothing in memory has to be taken back.
struct NewReceipt final : ledger::AttachedRow {
    NewReceipt(ledger::BookId b, Id<Agency> a, Id<FeeNotice> n, Id<qr_pay::PaymentRequest> p, Receipt r)
        : book(b), agency(a), notice(n), payment(p), receipt(std::move(r))
    {
    }
    ledger::BookId book;
    Id<Agency> agency;
    Id<FeeNotice> notice;
    Id<qr_pay::PaymentRequest> payment;
    Receipt receipt;
};
struct NewReceiptEntry final : ledger::AttachedRow {
    NewReceiptEntry(ledger::BookId b, Id<Receipt> r, ReceiptEntry e) : book(b), receipt(r), entry(std::move(e)) {}
    ledger::BookId book;
    Id<Receipt> receipt;
    ReceiptEntry entry;
};

}  // namespace cho40::fees
