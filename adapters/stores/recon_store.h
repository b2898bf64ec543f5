#pragma once
#include "adapters/postgres/pool.h"
#include "adapters/stores/recon_records.h"
#include "adapters/stores/row_writers.h"

namespace cho40::stores {

// Reconciliation: files received, runs, and the ledger's side of a day.
class ReconStore {
public:
    explicit ReconStore(postgres::Pool& pool) : pool_(pool) {}

    [[nodiscard]] boost::asio::awaitable<Result<std::optional<ReconPartner>>> partner(Id<qr_pay::RailAccountTag> id);
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<ReconPartner>>> partners();
    // Account numbers of the book; with a channel, those alone.
    [[nodiscard]] boost::asio::awaitable<Result<std::set<std::string>>> accounts(ledger::BookId book,
                                                                                 std::optional<reconcile::Channel> channel);

    [[nodiscard]] boost::asio::awaitable<Result<std::optional<ReconFile>>> file_with(ledger::BookId book, Uuid partner, Sha256 digest);
    // By business date, all results, oldest first.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<ReconFile>>> files(std::vector<Uuid> partners, Day from, Day to);
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<ReconFile>>> file(Id<ReconFile> id);
    [[nodiscard]] boost::asio::awaitable<Result<std::string>> bytes(ledger::BookId book, Id<ReconFile> id);
    // How many files a partner has sent, how many runs a day of a partner has had: versions for guards.
    [[nodiscard]] boost::asio::awaitable<Result<std::int64_t>> count_files(ledger::BookId book, Uuid partner);
    [[nodiscard]] boost::asio::awaitable<Result<std::int64_t>> count_runs(ledger::BookId book, Uuid partner, Day day);

    // Credits of the book's accounts of the partner's channel, booked in [from, to), as the engine wants them. A
    // provider's own number stands only where the partner itself told of the credit first.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<reconcile::InternalRecord>>> internal(ReconPartner partner, Instant from,
                                                                                                  Instant to);

    // The newest run of each partner for a day.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<ReconRun>>> newest_runs(std::vector<Uuid> partners, Day day);

    // `limit` pairs of one leg ("internal_provider", "provider_bank", "internal_bank") from place `from` on, as JSON. Nothing when
    // there is no such run.
    struct Matches {
        ReconRun run;
        std::string matches;
    };
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<Matches>>> matches(Id<ReconRun> id, std::string leg, std::int64_t from,
                                                                                 int limit);

private:
    postgres::Pool& pool_;
};

void add_recon_writers(RowWriters& writers);

}  // namespace cho40::stores
