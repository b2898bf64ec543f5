#pragma once
#include "adapters/postgres/pool.h"
#include "adapters/stores/row_writers.h"
#include "etax/returns.h"
#include "etax/turnover.h"
#include <map>

namespace cho40::stores {

// Tax returns, their notices, and turnover out of the journal.
class TaxStore final : public etax::Returns, public etax::Turnovers {
public:
    explicit TaxStore(postgres::Pool& pool) : pool_(pool) {}

    [[nodiscard]] boost::asio::awaitable<Result<std::optional<etax::StoredReturn>>> find(Id<etax::TaxReturn> id) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<etax::StoredReturn>>> of_period(Id<merchants::Household> household,
                                                                                            etax::Period period) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<etax::StoredReturn>>> due(Instant now, int limit) override;
    [[nodiscard]] boost::asio::awaitable<Result<etax::ReturnInput>> input(etax::StoredReturn ret) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::string>> document(etax::StoredReturn ret) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<etax::StoredNotice>>> notices(etax::StoredReturn ret) override;
    [[nodiscard]] boost::asio::awaitable<Result<etax::HouseholdTurnover>> of(Id<merchants::Household> household, int year) override;

    [[nodiscard]] boost::asio::awaitable<Result<std::vector<etax::ReturnStep>>> steps(etax::StoredReturn ret);

    struct ListFilter {
        std::vector<Uuid> households;     // empty: all
        std::string period;               // empty: all
        std::vector<std::string> states;  // empty: all
        std::optional<Uuid> before;       // older than this id
        int limit = 50;
    };
    // Newest first.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<etax::StoredReturn>>> list(ListFilter filter);

    // Turnover of many households at once; no households: of all that have a stall. One pass over the year's journal.
    [[nodiscard]] boost::asio::awaitable<Result<std::map<Uuid, etax::HouseholdTurnover>>> of_many(std::vector<Uuid> households, int year);
    // Households whose name, owner or tax code contains `q` (folded by the store); all when it is empty.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<merchants::Household>>> households(std::string q);

private:
    postgres::Pool& pool_;
};

void add_tax_writers(RowWriters& writers);

}  // namespace cho40::stores
