#include "adapters/identity/api_keys.h"
#include "adapters/identity/needs.h"
#include "base/text.h"
#include <algorithm>
#include <array>

namespace cho40::identity {
namespace {

constexpr std::string_view live_prefix = "ck_live_";
constexpr std::string_view test_prefix = "ck_test_";
constexpr std::size_t secret_bytes = 32;

constexpr std::string_view hash_use = "api-key";
// How often last_used_at is written.
constexpr auto touch_every = std::chrono::minutes(1);

}  // namespace

std::optional<Mode> mode_of_key(std::string_view text)
{
    std::optional<Mode> mode;
    if (text.starts_with(live_prefix)) mode = Mode::live;
    if (text.starts_with(test_prefix)) mode = Mode::test;
    if (!mode || text.size() != live_prefix.size() + 2 * secret_bytes) return std::nullopt;
    auto const digits = text.substr(live_prefix.size());
    auto const hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (!std::ranges::all_of(digits, hex)) return std::nullopt;
    return mode;
}

Sha256 key_hash(Secret const& hash_key, std::string_view text) { return hmac_sha256(hash_key.expose(), text); }

Result<MadeKey> make_key(KeyWish wish, InstallationKey const& key, Instant now, Random& random)
{
    if (trim(wish.name).empty() || wish.name.size() > 120) {
        return fail(Errc::validation_failed, "a key needs a name of 1 to 120 bytes", "/name");
    }
    if (wish.scopes.empty()) return fail(Errc::validation_failed, "a key needs at least one scope", "/scopes");
    auto const known = known_scopes();
    for (auto const& scope : wish.scopes) {
        if (std::ranges::find(known, scope) != known.end()) continue;
        std::string names;
        for (auto const name : known) names += (names.empty() ? "" : ", ") + std::string(name);
        return fail(Errc::validation_failed, "unknown scope; there are " + names, "/scopes");
    }
    std::ranges::sort(wish.scopes);
    auto const [first, last] = std::ranges::unique(wish.scopes);
    wish.scopes.erase(first, last);

    std::array<std::uint8_t, secret_bytes> bytes{};
    random.fill(bytes.data(), bytes.size());
    MadeKey made;
    made.text = Secret(std::string(wish.mode == Mode::live ? live_prefix : test_prefix) +
                       to_hex(std::string_view(reinterpret_cast<char const*>(bytes.data()), bytes.size())));
    made.record.id = make_id<ApiKey>(now, random);
    made.record.hash = key_hash(key.derive(hash_use), made.text.expose());
    made.record.name = std::move(wish.name);
    made.record.mode = wish.mode;
    made.record.scopes = std::move(wish.scopes);
    made.record.place = wish.place;
    made.record.owner = wish.owner.is_nil() ? made.record.id.uuid : wish.owner;
    made.record.created_at = now;
    made.record.expires_at = wish.expires_at;
    return made;
}

ApiKeys::ApiKeys(People& people, InstallationKey const& key, Clock const& clock)
    : people_(people), hash_key_(key.derive(hash_use)), clock_(clock)
{
}

boost::asio::awaitable<Result<std::optional<KeyRecord>>> ApiKeys::find(Sha256 hash)
{
    auto const now = clock_.now();
    if (auto const known = known_.find(hash); known != known_.end()) {
        auto const age = now - known->second.read_at;
        if (age >= std::chrono::seconds(0) && age < trusted_for) co_return known->second.record;
        known_.erase(known);
    }
    CHO_CO_TRY(auto found, co_await people_.find_key(hash));
    if (!found || found->revoked_at || (found->expires_at && now >= *found->expires_at)) co_return found;
    if (!found->last_used_at || now - *found->last_used_at >= touch_every) {
        CHO_CO_TRY_DO(co_await people_.touch_key(found->id, now));
        found->last_used_at = now;
    }
    if (known_.size() >= known_max) known_.clear();
    known_.insert_or_assign(hash, Known{*found, now});
    co_return found;
}

boost::asio::awaitable<Result<Principal>> ApiKeys::authenticate(std::string text)
{
    auto const unknown = [] { return fail(Error(Errc::unauthenticated, "this is not one of our API keys").vi("Khoá API không đúng.")); };
    if (!mode_of_key(text)) co_return unknown();
    CHO_CO_TRY(auto const found, co_await find(key_hash(hash_key_, text)));
    if (!found) co_return unknown();
    auto const now = clock_.now();
    if (found->revoked_at || (found->expires_at && now >= *found->expires_at)) {
        co_return fail(Error(Errc::key_revoked, "the API key was revoked or has run out; ask for a new one")
                           .vi("Khoá API đã bị thu hồi hoặc hết hạn."));
    }
    Principal principal;
    principal.kind = Principal::Kind::api_key;
    principal.id = found->id.uuid;
    principal.name = found->name;
    principal.scopes = found->scopes;
    principal.key_place = found->place;
    principal.owner = found->owner;
    principal.mode = found->mode;
    co_return principal;
}

}  // namespace cho40::identity
