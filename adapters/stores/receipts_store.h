#pragma once
#include "adapters/postgres/pool.h"
#include "adapters/stores/row_writers.h"
#include "fees/receipt_files.h"

namespace cho40::stores {

// Receipts for whoever works on them: their signed files.
class ReceiptsStore final : public fees::ReceiptFiles {
public:
    explicit ReceiptsStore(postgres::Pool& pool) : pool_(pool) {}

    [[nodiscard]] boost::asio::awaitable<Result<std::vector<fees::StoredReceipt>>> unsigned_receipts(int limit) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<fees::SignedFile>>> file_of(ledger::BookId book,
                                                                                          Id<fees::Receipt> receipt) override;

    [[nodiscard]] boost::asio::awaitable<Result<std::optional<fees::StoredReceipt>>> with_code(std::string lookup_code);

private:
    postgres::Pool& pool_;
};

void add_receipt_writers(RowWriters& writers);

}  // namespace cho40::stores
