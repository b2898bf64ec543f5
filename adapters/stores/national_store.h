#pragma once
#include "adapters/postgres/pool.h"
#include "adapters/stores/row_writers.h"
#include "fees/national_ports.h"

namespace cho40::stores {

// How a collector is known to the national payment platform.
struct NationalPlatform {
    struct PreviousSecret {
        std::string sealed;
        Instant until;
    };
    ledger::BookId book;
    Id<qr_pay::RailAccountTag> rail_account;
    Id<fees::Agency> agency;
    std::string partner, url, ip;
    std::string sealed_secret, sealed_token;
    std::optional<PreviousSecret> previous;
    bool enabled = true;
    Instant created_at, changed_at;
    std::int64_t version = 1;
};
// Written over what stood for the agency. A new one comes with its rail account.
struct StoredNationalPlatform final : ledger::AttachedRow {
    explicit StoredNationalPlatform(NationalPlatform p) : platform(std::move(p)) {}
    NationalPlatform platform;
};

// Tables national_platform, national_payment and national_bill.
class NationalStore final : public fees::NationalPayments {
public:
    explicit NationalStore(postgres::Pool& pool) : pool_(pool) {}

    [[nodiscard]] boost::asio::awaitable<Result<std::optional<NationalPlatform>>> platform(ledger::BookId book, Id<fees::Agency> agency);
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<NationalPlatform>>> platform(Id<qr_pay::RailAccountTag> rail_account);

    [[nodiscard]] boost::asio::awaitable<Result<std::optional<fees::NationalPayment>>> find_national(Id<fees::NationalPayment> id) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<fees::NationalPayment>>> with_reference(
        Id<qr_pay::RailAccountTag> rail_account, std::string reference);
    // The newest first.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<fees::NationalPayment>>> of_notice(ledger::BookId book,
                                                                                               Id<fees::FeeNotice> notice);
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<Id<qr_pay::RailAccountTag>>>> platform_of(ledger::BookId book,
                                                                                                        Id<fees::Agency> agency) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::int64_t>> open_attempts(ledger::BookId book, Id<fees::FeeNotice> notice) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<Turn>>> take_turn(Instant now, Instant until) override;
    [[nodiscard]] boost::asio::awaitable<Result<Done>> end_turn(Turn turn, std::optional<Instant> look_at, std::string said) override;

    struct Bill {
        std::string bytes;
        Sha256 sha256{};
        Instant fetched_at;
    };
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<Bill>>> bill(ledger::BookId book, Id<fees::NationalPayment> id);

    // For metrics.
    struct Waiting {
        std::int64_t unknown = 0;     // open attempts
        std::int64_t not_booked = 0;  // successes whose money is not with the books
        std::optional<Instant> oldest;  // of both
    };
    [[nodiscard]] boost::asio::awaitable<Result<Waiting>> waiting();

private:
    postgres::Pool& pool_;
};

void add_national_writers(RowWriters& writers);

}  // namespace cho40::stores
