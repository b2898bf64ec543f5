#pragma once
#include "adapters/identity/audit.h"
#include "adapters/identity/principal.h"
#include "base/digest.h"
#include "base/result.h"
#include <boost/asio/awaitable.hpp>

namespace cho40::identity {

struct UserRecord {
    Id<User> id;
    std::string login;          // lower case
    std::string name;
    std::string password_hash;  // Argon2id, parameters inside
    bool disabled = false;
    int failed_tries = 0;
    std::optional<Instant> locked_until;
    std::vector<Grant> grants;
    Instant created_at;
};

struct SignInRecord {
    Id<SignIn> id;
    Sha256 token_hash{};  // of the cookie's value; the value itself is stored nowhere
    Id<User> user;
    std::string csrf_token;
    Instant created_at;
    Instant seen_at;
    Instant expires_at;
    std::optional<Instant> ended_at;
};

struct KeyRecord {
    Id<ApiKey> id;
    Sha256 hash{};  // keyed hash of the whole key
    std::string name;
    Mode mode = Mode::live;
    std::vector<std::string> scopes;
    Uuid place;  // nil: every place
    Uuid owner;  // a user, or the first of the keys that share their things; the key itself when it shares with none
    Instant created_at;
    std::optional<Instant> expires_at;
    std::optional<Instant> revoked_at;
    std::optional<Instant> last_used_at;
};

// A user to be written with a ledger command (users.create). Guard it with login_guard(), so that two at once do not
// both take the login.
struct NewUser : ledger::AttachedRow {
    Id<User> id;
    std::string login;
    std::string name;
    std::string password_hash;
    std::vector<Grant> grants;
    Uuid granted_by;
    Instant created_at;
};
[[nodiscard]] ledger::Guard login_guard(std::string_view login);

// Where people and keys are kept. Sign-ins change outside the ledger's transactions: nothing of money hangs on them.
// Error of all: unavailable.
struct People {
    virtual ~People() = default;
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<UserRecord>>> find_login(std::string login) = 0;
    struct SignedInUser {
        SignInRecord sign_in;
        UserRecord user;
    };
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<SignedInUser>>> find_sign_in(Sha256 token_hash) = 0;
    // Also forgets the failed tries, ends the sign-in `replaces` (if any), and takes over a renewed password hash.
    struct Begin {
        SignInRecord sign_in;
        std::optional<Sha256> replaces;
        std::string new_password_hash;  // empty: unchanged
        AuditEntry audit;
    };
    [[nodiscard]] virtual boost::asio::awaitable<Result<Done>> begin_sign_in(Begin begin) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Result<Done>> touch_sign_in(Sha256 token_hash, Instant seen_at, Instant expires_at) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Result<Done>> end_sign_in(Sha256 token_hash, Instant at) = 0;
    // Counts one more failed try and locks until that instant. Without a user only the audit entry is written, in the
    // same round trip and with the same commit: an unknown login must not answer faster than a wrong password.
    struct Failure {
        std::optional<Id<User>> user;
        std::optional<Instant> locked_until;
        AuditEntry audit;
    };
    [[nodiscard]] virtual boost::asio::awaitable<Result<Done>> note_failure(Failure failure) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<KeyRecord>>> find_key(Sha256 hash) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Result<Done>> touch_key(Id<ApiKey> key, Instant at) = 0;
};

}  // namespace cho40::identity
