#pragma once
#include "base/digest.h"
#include "fees/records.h"
#include "ledger/ports.h"

namespace cho40::fees {

// A document as it was signed: the bytes are kept as they are for ever.
struct SignedFile {
    std::string xml;
    Sha256 digest{};        // of the bytes
    std::string signed_by;  // subject of the certificate
    Instant signed_at;
};

// Whoever writes and signs receipts as documents.
struct ReceiptPapers {
    virtual ~ReceiptPapers() = default;
    // False while no certificate is configured: nothing is signed then.
    [[nodiscard]] virtual bool can_sign() const = 0;
    // The receipt as it was issued, signed. Errors: signing_failed.
    [[nodiscard]] virtual boost::asio::awaitable<Result<SignedFile>> sign_receipt(Receipt receipt) const = 0;
};

struct ReceiptFiles {
    virtual ~ReceiptFiles() = default;
    // Those that nobody has signed, the oldest first.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<StoredReceipt>>> unsigned_receipts(int limit) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<SignedFile>>> file_of(ledger::BookId book, Id<Receipt> receipt) = 0;
};

struct NewReceiptFile final : ledger::AttachedRow {
    NewReceiptFile(ledger::BookId b, Id<Receipt> r, SignedFile f) : book(b), receipt(r), file(std::move(f)) {}
    ledger::BookId book;
    Id<Receipt> receipt;
    SignedFile file;
};

// Signs each receipt once, a moment after it was issued: its number is taken by the transaction of the money, so it cannot be
// signed before. What is signed is what was printed; what becomes of a receipt later changes nothing in it.
class SignReceipts {
public:
    static constexpr int at_once = 50;

    SignReceipts(ReceiptFiles& files, ReceiptPapers const& papers, ledger::Ledger& ledger) : files_(files), papers_(papers), ledger_(ledger)
    {
    }

    // One round over what nobody has signed. True when there may be more.
    [[nodiscard]] boost::asio::awaitable<Result<bool>> round();
    // The file of a receipt, signed now if it was not yet. Errors: signing_failed (no certificate is configured among others).
    [[nodiscard]] boost::asio::awaitable<Result<SignedFile>> file_of(StoredReceipt stored);

private:
    ReceiptFiles& files_;
    ReceiptPapers const& papers_;
    ledger::Ledger& ledger_;
};

}  // namespace cho40::fees
