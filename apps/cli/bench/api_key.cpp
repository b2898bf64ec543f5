#include "apps/cli/bench/api_key.h"
#include "adapters/identity/api_keys.h"
#include "adapters/identity/needs.h"
#include "adapters/stores/people_store.h"

namespace cho40::cli::bench {

Secret make_api_key(Database& database, std::string const& installation_key)
{
    auto const master = value_or_stop(identity::InstallationKey::parse(installation_key), "installation key");
    identity::KeyWish wish;
    wish.name = "bench";
    for (auto const scope : identity::known_scopes()) wish.scopes.emplace_back(scope);
    auto const now = SystemClock().now();
    auto made = value_or_stop(identity::make_key(std::move(wish), master, now, system_random()), "key");
    stores::PeopleStore people(database.pool());
    identity::AuditEntry entry;
    entry.id = make_id<identity::AuditRecord>(now, system_random());
    entry.at = now;
    entry.act = "users.key_made";
    entry.request_id = "bench";
    database.get(people.add_key(std::move(made.record), std::move(entry)));
    return made.text;
}

}  // namespace cho40::cli::bench
