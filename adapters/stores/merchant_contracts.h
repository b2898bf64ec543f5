#pragma once
#include "adapters/postgres/pool.h"
#include "adapters/stores/row_writers.h"
#include "merchants/merchant_contract.h"

namespace cho40::stores {

// Merchant contracts of stalls, and whom a scanned code pays.
class MerchantContractStore final : public merchants::MerchantContracts {
public:
    explicit MerchantContractStore(postgres::Pool& pool) : pool_(pool) {}

    // Oldest registration first.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<merchants::MerchantContract>>> of_stall(Id<merchants::Stall> stall);
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<merchants::MerchantContract>>> of_stalls_with(
        std::vector<qr_pay::PaymentAddress> addresses) override;
    // The stalls that are paid on one of these accounts at banks, in any market.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<Uuid>>> stalls_paid_on(std::vector<qr_pay::PaymentAddress> addresses);

private:
    postgres::Pool& pool_;
};

void add_merchant_contract_writers(RowWriters& writers);

}  // namespace cho40::stores
