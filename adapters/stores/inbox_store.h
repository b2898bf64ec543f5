#pragma once
#include "adapters/postgres/pool.h"
#include "qr-pay/notification.h"

namespace cho40::stores {

// The rails' inbox: table rail_inbox, one row for each thing a rail said, and rail_match for what became of it (written by the
// ledger's batches, see payments_writers.cpp).
class InboxStore final : public qr_pay::Inbox {
public:
    explicit InboxStore(postgres::Pool& pool) : pool_(pool) {}

    [[nodiscard]] boost::asio::awaitable<Result<std::vector<qr_pay::KeptNotification>>> keep(
        std::vector<qr_pay::Notification const*> notifications) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<bool>>> are_told(
        std::vector<qr_pay::Notification const*> notifications) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<qr_pay::Notification>>> unmatched(Instant arrived_before,
                                                                                              qr_pay::InboxPlace place,
                                                                                              std::size_t limit) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<qr_pay::Notification>>> matchable_now(std::size_t limit) override;

private:
    boost::asio::awaitable<Result<Done>> note_matched_until(Instant until);

    postgres::Pool& pool_;
    std::optional<Instant> matched_until_;  // nothing: not read yet
    Instant written_until_;
};

}  // namespace cho40::stores
