#pragma once
#include "adapters/postgres/pool.h"
#include "adapters/stores/payments_store.h"
#include "adapters/stores/row_writers.h"
#include "fees/ports.h"

namespace cho40::stores {

// Agencies, fee notices, receipts.
class FeesStore final : public fees::Notices, public fees::ReceiptNumbers, public fees::PaymentRequests, public fees::RegisteredAgencies {
public:
    FeesStore(postgres::Pool& pool, PaymentsStore& payments) : pool_(pool), payments_(payments) {}

    [[nodiscard]] boost::asio::awaitable<Result<std::optional<fees::NoticeWithAgency>>> find_notice(Id<fees::FeeNotice> id) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<fees::NoticeWithAgency>>> dossiers_to_tell(Instant now, int limit) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<fees::Receipt>>> receipts_of(ledger::BookId book,
                                                                                         Id<fees::FeeNotice> notice) override;

    [[nodiscard]] boost::asio::awaitable<Result<std::int64_t>> last_receipt_number(ledger::BookId book, Id<fees::Agency> agency,
                                                                                   fees::ReceiptForm form, std::string symbol) override;

    [[nodiscard]] boost::asio::awaitable<Result<std::optional<qr_pay::StoredRequest>>> find_request(Id<qr_pay::PaymentRequest> id) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<qr_pay::StoredRequest>>> request_with_key(ledger::BookId book,
                                                                                                        Id<fees::FeeNotice> notice,
                                                                                                        std::string key) override;

    [[nodiscard]] boost::asio::awaitable<Result<std::optional<fees::RegisteredAgency>>> find_agency(Id<fees::Agency> id) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<fees::RegisteredAgency>>> agency_with_code(std::string code) override;

    [[nodiscard]] boost::asio::awaitable<Result<std::optional<fees::NoticeWithAgency>>> notice_with_code(std::string code);
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<fees::Receipt>>> receipt_with_code(std::string lookup_code);

    // Issued in [from, to), or with an entry of then; by series and number.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<fees::Receipt>>> receipts_between(ledger::BookId book, Id<fees::Agency> agency,
                                                                                              Instant from, Instant to, int limit);

    struct ListFilter {
        ledger::BookId book;
        Id<fees::Agency> agency;
        std::vector<std::int16_t> states;  // empty: all
        std::optional<Uuid> before;        // older than this id
        int limit = 50;
    };
    // Newest first.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<fees::NoticeWithAgency>>> list(ListFilter filter);

private:
    postgres::Pool& pool_;
    PaymentsStore& payments_;
};

void add_fee_writers(RowWriters& writers);

}  // namespace cho40::stores
