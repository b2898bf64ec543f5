#pragma once
#include "adapters/postgres/pool.h"
#include "adapters/stores/row_writers.h"
#include "fees/receipt_report.h"

namespace cho40::stores {

// What agencies told the tax office of their receipts, and what no report tells yet.
class ReceiptReportsStore final : public fees::ReceiptReports {
public:
    explicit ReceiptReportsStore(postgres::Pool& pool) : pool_(pool) {}

    [[nodiscard]] boost::asio::awaitable<Result<std::vector<Open>>> open_days(int limit) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<fees::Unreported>>> unreported(ledger::BookId book, Id<fees::Agency> agency,
                                                                                           Day day, int limit) override;
    [[nodiscard]] boost::asio::awaitable<Result<Last>> last_report(ledger::BookId book, Id<fees::Agency> agency, Day day) override;

    // Of one day, the first part first; without what only a reader of the agency's facts knows.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<fees::MadeReport>>> of_day(ledger::BookId book, Id<fees::Agency> agency,
                                                                                       Day day);

private:
    postgres::Pool& pool_;
};

void add_receipt_report_writers(RowWriters& writers);

}  // namespace cho40::stores
