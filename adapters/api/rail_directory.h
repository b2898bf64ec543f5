#pragma once
#include "adapters/identity/secrets.h"
#include "adapters/rails/rail.h"
#include "adapters/stores/merchants_store.h"
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

namespace cho40::api {

// The rail accounts of the installation with their opened secrets, in memory: a notification must not wait for a table
// that changes once a year. Read at start, again when an unknown account is asked for, at most once a second, and when what
// is known is five seconds old: so long another instance may take to hear of a secret that was renewed or ended here.
class RailDirectory {
public:
    struct Entry {
        Entry(merchants::RailAccount a, rails::Rail const* r, std::vector<rails::RailSecret> s)
            : account(std::move(a)), rail(r), secrets(std::move(s))
        {
        }
        // The current secret, and after it the one of before while it counts.
        [[nodiscard]] std::span<rails::RailSecret const> secrets_at(Instant moment) const;

        merchants::RailAccount account;
        rails::Rail const* rail;
        std::vector<rails::RailSecret> secrets;
        std::optional<Secret> list_key;  // where its list is read
    };

    RailDirectory(stores::MerchantsStore& store, identity::InstallationKey key, Clock const& clock)
        : store_(store), key_(std::move(key)), clock_(clock)
    {
    }

    [[nodiscard]] boost::asio::awaitable<Result<Done>> load();
    // Error: not_found (no such account, or of another rail; `rail` may be empty for any).
    [[nodiscard]] boost::asio::awaitable<Result<std::shared_ptr<Entry const>>> find(std::string rail, Id<qr_pay::RailAccountTag> id);
    // All of them, in the order they were made.
    [[nodiscard]] std::vector<std::shared_ptr<Entry const>> all() const;
    [[nodiscard]] std::string seal(Secret const& secret, Random& random) const;
    [[nodiscard]] std::string seal_list_key(Secret const& key, Random& random) const;

private:
    stores::MerchantsStore& store_;
    identity::InstallationKey key_;
    Clock const& clock_;
    std::unordered_map<Id<qr_pay::RailAccountTag>, std::shared_ptr<Entry const>> entries_;
    Instant loaded_at_{};
};

}  // namespace cho40::api
