#pragma once
#include "adapters/identity/secrets.h"
#include "adapters/rails/rail.h"
#include "adapters/stores/merchants_store.h"
#include <memory>
#include <unordered_map>

namespace cho40::api {

// The rail accounts of the installation with their opened secrets, in memory: a notification must not wait for a table
// that changes once a year. Read at start and again when an unknown account is asked for, at most once a second.
class RailDirectory {
public:
    struct Entry {
        Entry(merchants::RailAccount a, rails::Rail const* r, Secret s) : account(std::move(a)), rail(r), secret(s.expose()) {}
        merchants::RailAccount account;
        rails::Rail const* rail;
        rails::RailSecret secret;
    };

    RailDirectory(stores::MerchantsStore& store, identity::InstallationKey key, Clock const& clock)
        : store_(store), key_(std::move(key)), clock_(clock)
    {
    }

    [[nodiscard]] boost::asio::awaitable<Result<Done>> load();
    // Error: not_found (no such account, or of another rail).
    [[nodiscard]] boost::asio::awaitable<Result<std::shared_ptr<Entry const>>> find(std::string rail, Id<qr_pay::RailAccountTag> id);
    [[nodiscard]] std::string seal(Secret const& secret, Random& random) const;

private:
    stores::MerchantsStore& store_;
    identity::InstallationKey key_;
    Clock const& clock_;
    std::unordered_map<Id<qr_pay::RailAccountTag>, std::shared_ptr<Entry const>> entries_;
    Instant loaded_at_{};
};

}  // namespace cho40::api
