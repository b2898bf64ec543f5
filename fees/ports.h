#pragma once
#include "fees/records.h"
#include <boost/asio/awaitable.hpp>

namespace cho40::fees {

// Reading, in this module's words. PostgreSQL stands behind it.

struct NoticeWithAgency {
    StoredNotice stored;
    RegisteredAgency agency;
};

struct Notices {
    virtual ~Notices() = default;
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<NoticeWithAgency>>> find_notice(Id<FeeNotice> id) = 0;
    // Paid notices whose case is to be told now, the longest waiting first.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<NoticeWithAgency>>> dossiers_to_tell(Instant now, int limit) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<Receipt>>> receipts_of(ledger::BookId book, Id<FeeNotice> notice) = 0;
};

struct ReceiptNumbers {
    virtual ~ReceiptNumbers() = default;
    // The number taken last in a series, 0 when none was.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::int64_t>> last_receipt_number(ledger::BookId book, Id<Agency> agency,
                                                                                           ReceiptForm form, std::string symbol) = 0;
};

struct PaymentRequests {
    virtual ~PaymentRequests() = default;
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<qr_pay::StoredRequest>>> find_request(
        Id<qr_pay::PaymentRequest> id) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<qr_pay::StoredRequest>>> request_with_key(ledger::BookId book,
                                                                                                                Id<FeeNotice> notice,
                                                                                                                std::string key) = 0;
};

struct RegisteredAgencies {
    virtual ~RegisteredAgencies() = default;
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<RegisteredAgency>>> find_agency(Id<Agency> id) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<RegisteredAgency>>> agency_with_code(std::string code) = 0;
};

// What the system that keeps the case is told about a paid notice.
struct PaymentResult {
    FeeNotice notice{};
    Instant paid_at;
    std::vector<Receipt> receipts;
};

// How telling ended. `refused` is an answer that the same words will hardly change; everything else may pass by itself.
struct CaseAnswer {
    enum class Kind { told, refused, no_answer };
    Kind kind = Kind::no_answer;
    std::string reason;  // for people who operate the service; "" when told
};

struct CasePortal {
    virtual ~CasePortal() = default;
    [[nodiscard]] virtual boost::asio::awaitable<CaseAnswer> tell(PaymentResult result) = 0;
};

}  // namespace cho40::fees
