#pragma once
#include "adapters/postgres/pool.h"
#include "adapters/stores/recon_closings.h"
#include "adapters/stores/row_writers.h"

namespace cho40::stores {

class ReconClosingStore {
public:
    explicit ReconClosingStore(postgres::Pool& pool) : pool_(pool) {}

    // Whole, with the sheet. Error: books_broken (the sheet is not what its digest says).
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<ReconClosing>>> find(Id<ReconClosing> id);
    // Heads of the partners' closings for these days, both included: by day, partner, number.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<ReconClosing>>> heads(std::vector<Uuid> partners, Day from, Day to);
    // Whole, of one partner: what was signed for the days first … last or on them, for whatever day; by day and number.
    // Error: books_broken.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<ReconClosing>>> signed_versions(Uuid partner, Day first, Day last);
    // How many credits the ledger has for the day on accounts of the partner's channel, and how much.
    [[nodiscard]] boost::asio::awaitable<Result<reconcile::CountSum>> ledger_figures(ReconPartner partner, Day day);

private:
    postgres::Pool& pool_;
};

void add_recon_closing_writers(RowWriters& writers);

}  // namespace cho40::stores
