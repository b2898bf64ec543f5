#pragma once
#include "adapters/postgres/pool.h"
#include "adapters/stores/row_writers.h"
#include "merchants/day_book.h"
#include "merchants/ports.h"
#include "merchants/records.h"
#include "merchants/register.h"

namespace cho40::stores {

// Markets, households, stalls, receiving accounts, rail accounts, cash sales.
class MerchantsStore final : public merchants::Stalls, public merchants::Ordinals {
public:
    explicit MerchantsStore(postgres::Pool& pool) : pool_(pool) {}

    [[nodiscard]] boost::asio::awaitable<Result<std::optional<merchants::StallWithAccount>>> find(Id<merchants::Stall> stall) override;
    [[nodiscard]] boost::asio::awaitable<Result<ledger::OwnerOrdinal>> next(ledger::BookId book) override;

    [[nodiscard]] boost::asio::awaitable<Result<std::optional<merchants::Market>>> market(Id<merchants::Market> id);
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<merchants::Market>>> markets();
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<merchants::Household>>> household(Id<merchants::Household> id);
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<merchants::StallWithAccount>>> stalls_of_market(Id<merchants::Market> id,
                                                                                                            int limit);
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<merchants::StallWithAccount>>> stalls_of_household(Id<merchants::Household> id);
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<merchants::StallWithAccount>>> stalls(std::vector<Uuid> ids);
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<merchants::RailAccount>>> rail_accounts();
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<merchants::CashSale>>> cash_sales(ledger::BookId book,
                                                                                              Id<merchants::Stall> stall, Day day);

private:
    postgres::Pool& pool_;
};

void add_merchant_writers(RowWriters& writers);

}  // namespace cho40::stores
