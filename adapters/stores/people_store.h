#pragma once
#include "adapters/identity/people.h"
#include "adapters/postgres/pool.h"
#include "adapters/stores/row_writers.h"

namespace cho40::stores {

// Teaches the journal to write identity::NewUser.
void add_people_writers(RowWriters& writers);

struct StallBrief {
    Uuid id;
    std::string name, number, market_name;
};
struct AgencyBrief {
    Uuid id;
    std::string name, code;
};

class PeopleStore final : public identity::People {
public:
    explicit PeopleStore(postgres::Pool& pool) : pool_(pool) {}

    template <class T>
    using Await = boost::asio::awaitable<Result<T>>;

    Await<std::optional<identity::UserRecord>> find_login(std::string login) override;
    Await<std::optional<SignedInUser>> find_sign_in(Sha256 token_hash) override;
    Await<Done> begin_sign_in(Begin begin) override;
    Await<Done> touch_sign_in(Sha256 token_hash, Instant seen_at, Instant expires_at) override;
    Await<Done> end_sign_in(Sha256 token_hash, Instant at) override;
    Await<Done> note_failure(Failure failure) override;
    Await<std::optional<identity::KeyRecord>> find_key(Sha256 hash) override;
    Await<Done> touch_key(Id<identity::ApiKey> key, Instant at) override;

    // Stalls and agencies by id, in the order of their names; ids that do not exist are left out.
    Await<std::vector<StallBrief>> stalls(std::vector<Uuid> ids);
    Await<std::vector<AgencyBrief>> agencies(std::vector<Uuid> ids);
    Await<bool> market_exists(Uuid id);

    // For the command line: each with its audit entry in one transaction, outside the ledger's writer.
    // Error of add_user: invalid_state (the login is taken).
    Await<Done> add_user(identity::NewUser user, identity::AuditEntry audit);
    Await<std::vector<identity::UserRecord>> list_users();
    Await<Done> set_disabled(Id<identity::User> user, bool disabled, Instant at, identity::AuditEntry audit);  // ends sign-ins
    Await<Done> set_password(Id<identity::User> user, std::string hash, Instant at, identity::AuditEntry audit);  // ends sign-ins
    Await<Done> grant(Id<identity::User> user, identity::Grant grant, Uuid by, Instant at, identity::AuditEntry audit);
    Await<bool> take_back(Id<identity::User> user, identity::Grant grant, identity::AuditEntry audit);  // false: there was none
    Await<Done> add_key(identity::KeyRecord key, identity::AuditEntry audit);
    Await<std::vector<identity::KeyRecord>> list_keys();
    Await<std::optional<Uuid>> owner_of_key(Id<identity::ApiKey> key);  // nothing: there is no such key
    Await<bool> revoke_key(Id<identity::ApiKey> key, Instant at, identity::AuditEntry audit);  // false: unknown or revoked

private:
    postgres::Pool& pool_;
};

}  // namespace cho40::stores
