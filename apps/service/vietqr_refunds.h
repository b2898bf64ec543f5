#pragma once
#include "adapters/http/client.h"
#include "adapters/identity/secrets.h"
#include "adapters/observability/log.h"
#include "adapters/stores/refunds_store.h"

namespace cho40::service {

// vietqr.vn's refund call for the rail accounts that have an access to it. One call, one deadline: what is not answered clearly
// is not known, and stays so.
class VietqrRefunds final : public qr_pay::RefundProvider {
public:
    // `base`: up to and without "/api/…"; empty: no refund is asked of the provider.
    VietqrRefunds(stores::RefundsStore& store, http::Client& client, identity::InstallationKey key, observability::Log const& log,
                  std::string base)
        : store_(store), client_(client), key_(std::move(key)), log_(log), base_(std::move(base))
    {
    }

    [[nodiscard]] boost::asio::awaitable<Result<bool>> can_call(ledger::BookId book, Id<qr_pay::RailAccountTag> rail_account) override;
    [[nodiscard]] boost::asio::awaitable<qr_pay::RefundCallOutcome> call(qr_pay::RefundCall call) override;

private:
    stores::RefundsStore& store_;
    http::Client& client_;
    identity::InstallationKey key_;
    observability::Log const& log_;
    std::string base_;
};

}  // namespace cho40::service
