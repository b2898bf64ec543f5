#pragma once
#include "adapters/identity/secrets.h"
#include "adapters/national_pay/account.h"
#include "adapters/stores/national_store.h"

namespace cho40::api {

// The platforms of collectors with their secrets opened. Read anew each time: a few payments a minute ask for it, and a secret that
// was ended must not count for a second longer on another instance.
class NationalDirectory final : public national_pay::Accounts {
public:
    NationalDirectory(stores::NationalStore& store, identity::InstallationKey key, Clock const& clock)
        : store_(store), key_(std::move(key)), clock_(clock)
    {
    }

    [[nodiscard]] boost::asio::awaitable<Result<national_pay::Account>> account(Id<qr_pay::RailAccountTag> id) override;
    [[nodiscard]] std::string seal_secret(Secret const& secret, Random& random) const;
    [[nodiscard]] std::string seal_token(Secret const& token, Random& random) const;

private:
    stores::NationalStore& store_;
    identity::InstallationKey key_;
    Clock const& clock_;
};

}  // namespace cho40::api
