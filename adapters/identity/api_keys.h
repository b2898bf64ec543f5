#pragma once
#include "adapters/identity/people.h"
#include "adapters/identity/secrets.h"
#include <map>

namespace cho40::identity {

// Keys for machines: ck_live_… or ck_test_… with 32 random bytes. Shown once; only a keyed hash is kept, so a copy of the
// database can neither use them nor try guesses.
struct MadeKey {
    MadeKey() : text("") {}
    Secret text;
    KeyRecord record;
};

struct KeyWish {
    std::string name;
    Mode mode = Mode::live;
    std::vector<std::string> scopes;
    Uuid place;  // nil: every place
    Uuid owner;  // nil: the key itself
    std::optional<Instant> expires_at;
};

class ApiKeys {
public:
    // So long a key that was found good is not looked up again: a machine that posts thousands of transfers a second would
    // have its key read from the database as often. A key that is revoked opens nothing after this time.
    static constexpr auto trusted_for = std::chrono::seconds(1);

    ApiKeys(People& people, InstallationKey const& key, Clock const& clock);

    // Errors: unauthenticated (not a key, or unknown), key_revoked (revoked or run out), unavailable.
    [[nodiscard]] boost::asio::awaitable<Result<Principal>> authenticate(std::string text);

private:
    struct Known {
        KeyRecord record;
        Instant read_at;
    };
    static constexpr std::size_t known_max = 1'000;

    [[nodiscard]] boost::asio::awaitable<Result<std::optional<KeyRecord>>> find(Sha256 hash);

    People& people_;
    Secret hash_key_;
    Clock const& clock_;
    std::map<Sha256, Known> known_;  // by the keyed hash: the keys themselves are kept nowhere
};

// A new key, not stored yet. Error: validation_failed (unknown scope, none, no name).
[[nodiscard]] Result<MadeKey> make_key(KeyWish wish, InstallationKey const& key, Instant now, Random& random);
[[nodiscard]] Sha256 key_hash(Secret const& hash_key, std::string_view text);
// Nothing unless it has the shape of a key.
[[nodiscard]] std::optional<Mode> mode_of_key(std::string_view text);

}  // namespace cho40::identity
