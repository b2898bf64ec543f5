#pragma once
#include "adapters/postgres/pool.h"
#include "adapters/stores/refunds_store.h"
#include "adapters/stores/row_writers.h"
#include "fees/cancel_receipt.h"
#include "fees/receipt_files.h"

namespace cho40::stores {

// Receipts for whoever works on them: their signed files, what is cancelled.
class ReceiptsStore final : public fees::ReceiptFiles, public fees::ReceiptActs {
public:
    explicit ReceiptsStore(postgres::Pool& pool) : pool_(pool), refunds_(pool) {}

    [[nodiscard]] boost::asio::awaitable<Result<std::vector<fees::StoredReceipt>>> unsigned_receipts(int limit) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<fees::SignedFile>>> file_of(ledger::BookId book,
                                                                                          Id<fees::Receipt> receipt) override;

    [[nodiscard]] boost::asio::awaitable<Result<std::optional<fees::StoredReceipt>>> find_receipt(Id<fees::Receipt> id) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<fees::ReceiptCancellation>>> cancellations_of(
        ledger::BookId book, Id<fees::Receipt> receipt) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<qr_pay::StoredRefund>>> refunds_of(ledger::BookId book,
                                                                                               Id<fees::FeeNotice> notice) override;

    [[nodiscard]] boost::asio::awaitable<Result<std::optional<fees::StoredReceipt>>> with_code(std::string lookup_code);

private:
    postgres::Pool& pool_;
    RefundsStore refunds_;
};

void add_receipt_writers(RowWriters& writers);

}  // namespace cho40::stores
