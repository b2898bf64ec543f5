#pragma once
#include "adapters/postgres/pool.h"
#include "adapters/stores/row_writers.h"
#include "fees/remit.h"

namespace cho40::stores {

// What agencies pay into the budget, and what their receipts say is due.
class RemittanceStore final : public fees::RemittanceSources {
public:
    explicit RemittanceStore(postgres::Pool& pool) : pool_(pool) {}

    [[nodiscard]] boost::asio::awaitable<Result<std::optional<fees::Remittance>>> find_remittance(Id<fees::Remittance> id) override;
    [[nodiscard]] boost::asio::awaitable<Result<Chain>> chain_of(ledger::BookId book, Id<fees::Agency> agency) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<fees::BudgetMovement>>> movements_in(ledger::BookId book,
                                                                                                 Id<fees::Agency> agency,
                                                                                                 fees::RemittancePeriod period) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<Day>>> first_receipt_day(ledger::BookId book,
                                                                                       Id<fees::Agency> agency) override;

    // Newest first; those older than `before`.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<fees::Remittance>>> list(ledger::BookId book, Id<fees::Agency> agency,
                                                                                     std::optional<Uuid> before, int limit);

    // A fee of an agency that was collected and is in no approved remittance yet, or in one whose order was not seen to leave the bank: the
    // oldest day of it, of a remittance the first of its period.
    struct Awaiting {
        std::string agency_code, fee_code;
        Day oldest;
    };
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<Awaiting>>> awaiting();
    // Orders that a statement names with another amount, and that nobody has confirmed since.
    [[nodiscard]] boost::asio::awaitable<Result<std::int64_t>> count_differing();

    // Money that rails told leaves the account of an agency whose orders wait for their debit, since they were given.
    struct MoneyOut {
        Id<fees::Agency> agency;
        fees::StatementLine line;
    };
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<MoneyOut>>> money_out_for_orders(int limit);

private:
    postgres::Pool& pool_;
};

void add_remittance_writers(RowWriters& writers);

}  // namespace cho40::stores
