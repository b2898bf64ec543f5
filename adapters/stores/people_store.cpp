#include "adapters/stores/people_store.h"
#include "adapters/stores/audit_statements.h"
#include "adapters/stores/row_readers.h"

namespace cho40::stores {
namespace {

using identity::Grant;
using identity::KeyRecord;
using identity::NewUser;
using identity::UserRecord;
using postgres::Params;
using postgres::Row;
using postgres::Segment;
using postgres::Statement;
using postgres::to_result;

// The columns of read_user(), with the grants as two arrays in one order.
#define CHO40_USER_COLUMNS                                                                                                                 \
    "u.user_id, u.login, u.name, u.password_hash, u.disabled, u.failed_tries, u.locked_until, u.created_at, "                              \
    "ARRAY(SELECT g.role FROM role_grant g WHERE g.user_id = u.user_id ORDER BY g.granted_at, g.role, g.scope_id), "                       \
    "ARRAY(SELECT g.scope_id FROM role_grant g WHERE g.user_id = u.user_id ORDER BY g.granted_at, g.role, g.scope_id) "
constexpr int user_columns = 10;

constexpr Statement find_by_login{"people_find_login", "SELECT " CHO40_USER_COLUMNS "FROM app_user u WHERE u.login = $1"};
constexpr Statement list_all{"people_list", "SELECT " CHO40_USER_COLUMNS "FROM app_user u ORDER BY u.login"};
constexpr Statement find_session{"people_find_sign_in", "SELECT " CHO40_USER_COLUMNS
                                                        ", s.sign_in_id, s.csrf_token, s.created_at, s.seen_at, s.expires_at, s.ended_at "
                                                        "FROM sign_in s JOIN app_user u ON u.user_id = s.user_id WHERE s.token_hash = $1"};
#undef CHO40_USER_COLUMNS

constexpr Statement insert_session{"people_begin_sign_in",
                                   "INSERT INTO sign_in (token_hash, sign_in_id, user_id, csrf_token, created_at, seen_at, expires_at) "
                                   "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (token_hash) DO NOTHING"};
constexpr Statement forgive{
    "people_forgive",
    "UPDATE app_user SET failed_tries = 0, locked_until = NULL, password_hash = CASE WHEN $2 = '' THEN password_hash ELSE $2 END "
    "WHERE user_id = $1"};
constexpr Statement end_session{"people_end_sign_in", "UPDATE sign_in SET ended_at = $2 WHERE token_hash = $1 AND ended_at IS NULL"};
constexpr Statement end_all_sessions{"people_end_sign_ins", "UPDATE sign_in SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL"};
// A month after its end nothing needs to know of a sign-in any more; the audit trail remembers who signed in when.
constexpr Statement delete_old_sessions{
    "people_delete_sign_ins",
    "DELETE FROM sign_in WHERE token_hash IN (SELECT token_hash FROM sign_in WHERE expires_at < $1 ORDER BY expires_at LIMIT 100)"};
constexpr Statement touch_session{
    "people_touch_sign_in", "UPDATE sign_in SET seen_at = $2, expires_at = $3 WHERE token_hash = $1 AND ended_at IS NULL AND seen_at < $2"};
constexpr Statement count_failure{"people_note_failure",
                                  "UPDATE app_user SET failed_tries = failed_tries + 1, locked_until = $2 WHERE user_id = $1"};

constexpr Statement insert_user{"people_insert_user",
                                "INSERT INTO app_user (user_id, login, name, password_hash, created_at) VALUES ($1, $2, $3, $4, $5)"};
// All new users of a batch and all their grants: grants carry the position of their user.
constexpr Statement insert_users{
    "people_insert_users",
    "WITH fresh AS (INSERT INTO app_user (user_id, login, name, password_hash, created_at) "
    "  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[]) RETURNING user_id) "
    "INSERT INTO role_grant (user_id, role, scope_id, granted_at, granted_by) "
    "SELECT g.u, g.r, g.s, g.a, g.b FROM unnest($6::uuid[], $7::text[], $8::uuid[], $9::timestamptz[], $10::uuid[]) AS g(u, r, s, a, b) "
    "JOIN fresh ON fresh.user_id = g.u"};
constexpr Statement insert_grant{
    "people_insert_grant",
    "INSERT INTO role_grant (user_id, role, scope_id, granted_at, granted_by) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING"};
constexpr Statement delete_grant{"people_delete_grant", "DELETE FROM role_grant WHERE user_id = $1 AND role = $2 AND scope_id = $3"};
constexpr Statement update_disabled{"people_set_disabled", "UPDATE app_user SET disabled = $2 WHERE user_id = $1"};
constexpr Statement update_password{"people_set_password",
                                    "UPDATE app_user SET password_hash = $2, failed_tries = 0, locked_until = NULL WHERE user_id = $1"};

constexpr Statement find_by_hash{
    "people_find_key",
    "SELECT key_id, key_hash, name, mode, scopes, scope_id, created_at, expires_at, revoked_at, last_used_at, owner_id FROM api_key "
    "WHERE key_hash = $1"};
constexpr Statement list_all_keys{
    "people_list_keys",
    "SELECT key_id, key_hash, name, mode, scopes, scope_id, created_at, expires_at, revoked_at, last_used_at, owner_id FROM api_key "
    "ORDER BY key_id"};
constexpr Statement touch_api_key{"people_touch_key",
                                  "UPDATE api_key SET last_used_at = $2 WHERE key_id = $1 AND (last_used_at IS NULL OR last_used_at < $2)"};
constexpr Statement insert_key{"people_insert_key",
                               "INSERT INTO api_key (key_id, key_hash, name, mode, scopes, scope_id, created_at, expires_at, owner_id) "
                               "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"};
constexpr Statement select_key_owner{"people_key_owner", "SELECT owner_id FROM api_key WHERE key_id = $1"};
constexpr Statement revoke{"people_revoke_key", "UPDATE api_key SET revoked_at = $2 WHERE key_id = $1 AND revoked_at IS NULL"};

constexpr Statement stall_briefs{
    "people_stalls",
    "SELECT s.stall_id, s.name, s.number, m.name FROM stall s JOIN market m ON m.book_id = s.book_id AND m.market_id = s.market_id "
    "WHERE s.stall_id = ANY($1) ORDER BY s.name, s.stall_id"};
constexpr Statement agency_briefs{"people_agencies",
                                  "SELECT agency_id, name, code FROM agency WHERE agency_id = ANY($1) ORDER BY name, agency_id"};
constexpr Statement find_market{"people_market", "SELECT 1::int8 FROM market WHERE market_id = $1"};

UserRecord read_user(Row const& row)
{
    UserRecord user;
    user.id = row.get<Id<identity::User>>(0);
    user.login = row.get<std::string>(1);
    user.name = row.get<std::string>(2);
    user.password_hash = row.get<std::string>(3);
    user.disabled = row.get<bool>(4);
    user.failed_tries = row.get<std::int32_t>(5);
    user.locked_until = row.get<std::optional<Instant>>(6);
    user.created_at = row.get<Instant>(7);
    auto const roles = row.get<std::vector<std::string>>(8);
    auto const scopes = row.get<std::vector<Uuid>>(9);
    for (std::size_t i = 0; i < roles.size(); ++i) {
        // A role this program does not know (a newer one wrote it) gives no rights here.
        if (auto const role = identity::role_from(roles[i])) user.grants.push_back(Grant{*role, scopes[i]});
    }
    return user;
}

KeyRecord read_key(Row const& row)
{
    KeyRecord key;
    key.id = row.get<Id<identity::ApiKey>>(0);
    key.hash = row.get<Sha256>(1);
    key.name = row.get<std::string>(2);
    key.mode = row.get<std::string>(3) == "live" ? identity::Mode::live : identity::Mode::test;
    key.scopes = row.get<std::vector<std::string>>(4);
    key.place = row.get<Uuid>(5);
    key.created_at = row.get<Instant>(6);
    key.expires_at = row.get<std::optional<Instant>>(7);
    key.revoked_at = row.get<std::optional<Instant>>(8);
    key.last_used_at = row.get<std::optional<Instant>>(9);
    key.owner = row.get<Uuid>(10);
    return key;
}

Params new_user_params(std::span<NewUser const* const> users)
{
    std::vector<Uuid> grant_users, scopes, granters;
    std::vector<std::string> roles;
    std::vector<Instant> instants;
    for (auto const* user : users) {
        for (auto const& grant : user->grants) {
            grant_users.push_back(user->id.uuid);
            roles.emplace_back(identity::role_name(grant.role));
            scopes.push_back(grant.scope);
            instants.push_back(user->created_at);
            granters.push_back(user->granted_by);
        }
    }
    return Params(column<Uuid>(users, [](auto const& u) { return u.id.uuid; }),
                  column<std::string>(users, [](auto const& u) { return u.login; }),
                  column<std::string>(users, [](auto const& u) { return u.name; }),
                  column<std::string>(users, [](auto const& u) { return u.password_hash; }),
                  column<Instant>(users, [](auto const& u) { return u.created_at; }), grant_users, roles, scopes, instants, granters);
}

}  // namespace

void add_people_writers(RowWriters& writers) { writers.add<NewUser>(insert_users, &new_user_params); }

PeopleStore::Await<std::optional<UserRecord>> PeopleStore::find_login(std::string login)
{
    Params params(login);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(find_by_login, std::move(params))));
    co_return read_first(rows, read_user);
}

PeopleStore::Await<std::optional<identity::People::SignedInUser>> PeopleStore::find_sign_in(Sha256 token_hash)
{
    Params params(token_hash);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(find_session, std::move(params))));
    if (rows.empty()) co_return std::optional<SignedInUser>();
    auto const row = rows[0];
    SignedInUser found;
    found.user = read_user(row);
    found.sign_in.token_hash = token_hash;
    found.sign_in.user = found.user.id;
    found.sign_in.id = row.get<Id<identity::SignIn>>(user_columns);
    found.sign_in.csrf_token = row.get<std::string>(user_columns + 1);
    found.sign_in.created_at = row.get<Instant>(user_columns + 2);
    found.sign_in.seen_at = row.get<Instant>(user_columns + 3);
    found.sign_in.expires_at = row.get<Instant>(user_columns + 4);
    found.sign_in.ended_at = row.get<std::optional<Instant>>(user_columns + 5);
    co_return found;
}

PeopleStore::Await<Done> PeopleStore::begin_sign_in(Begin begin)
{
    auto const& s = begin.sign_in;
    Segment segment;
    segment.add(insert_session, s.token_hash, s.id, s.user, s.csrf_token, s.created_at, s.seen_at, s.expires_at);
    segment.add(forgive, s.user, begin.new_password_hash);
    if (begin.replaces) segment.add(end_session, *begin.replaces, s.created_at);
    segment.add(delete_old_sessions, s.created_at - std::chrono::hours(24 * 30));
    add_audit(segment, begin.audit);
    CHO_CO_TRY_DO(to_result(co_await pool_.write(std::move(segment))));
    co_return Done{};
}

PeopleStore::Await<Done> PeopleStore::touch_sign_in(Sha256 token_hash, Instant seen_at, Instant expires_at)
{
    Segment segment;
    segment.add(touch_session, token_hash, seen_at, expires_at).idempotent();
    CHO_CO_TRY_DO(to_result(co_await pool_.write(std::move(segment))));
    co_return Done{};
}

PeopleStore::Await<Done> PeopleStore::end_sign_in(Sha256 token_hash, Instant at)
{
    Segment segment;
    segment.add(end_session, token_hash, at).idempotent();
    CHO_CO_TRY_DO(to_result(co_await pool_.write(std::move(segment))));
    co_return Done{};
}

PeopleStore::Await<Done> PeopleStore::note_failure(Failure failure)
{
    Segment segment;
    // For nobody the same statement with an id that nobody has: the same round trip, the same commit.
    segment.add(count_failure, failure.user.value_or(Id<identity::User>()), failure.locked_until);
    add_audit(segment, failure.audit);
    CHO_CO_TRY_DO(to_result(co_await pool_.write(std::move(segment))));
    co_return Done{};
}

PeopleStore::Await<std::optional<KeyRecord>> PeopleStore::find_key(Sha256 hash)
{
    Params params(hash);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(find_by_hash, std::move(params))));
    co_return read_first(rows, read_key);
}

PeopleStore::Await<Done> PeopleStore::touch_key(Id<identity::ApiKey> key, Instant at)
{
    Segment segment;
    segment.add(touch_api_key, key, at).idempotent();
    CHO_CO_TRY_DO(to_result(co_await pool_.write(std::move(segment))));
    co_return Done{};
}

PeopleStore::Await<std::vector<StallBrief>> PeopleStore::stalls(std::vector<Uuid> ids)
{
    std::vector<StallBrief> briefs;
    if (ids.empty()) co_return briefs;
    Params params(ids);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(stall_briefs, std::move(params))));
    for (auto const row : rows) {
        briefs.push_back(StallBrief{row.get<Uuid>(0), row.get<std::string>(1), row.get<std::string>(2), row.get<std::string>(3)});
    }
    co_return briefs;
}

PeopleStore::Await<std::vector<AgencyBrief>> PeopleStore::agencies(std::vector<Uuid> ids)
{
    std::vector<AgencyBrief> briefs;
    if (ids.empty()) co_return briefs;
    Params params(ids);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(agency_briefs, std::move(params))));
    for (auto const row : rows) briefs.push_back(AgencyBrief{row.get<Uuid>(0), row.get<std::string>(1), row.get<std::string>(2)});
    co_return briefs;
}

PeopleStore::Await<bool> PeopleStore::market_exists(Uuid id)
{
    Params params(id);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(find_market, std::move(params))));
    co_return !rows.empty();
}

PeopleStore::Await<Done> PeopleStore::add_user(NewUser user, identity::AuditEntry audit)
{
    Segment segment;
    segment.add(insert_user, user.id, user.login, user.name, user.password_hash, user.created_at);
    for (auto const& grant : user.grants) {
        segment.add(insert_grant, user.id, identity::role_name(grant.role), grant.scope, user.created_at, user.granted_by);
    }
    add_audit(segment, audit);
    auto const written = co_await pool_.write(std::move(segment));
    if (!written && written.error().is_unique_violation()) {
        co_return fail(Errc::invalid_state, "somebody has the login " + user.login + " already", "/login");
    }
    if (!written) co_return tl::unexpected<Error>(postgres::to_error(written.error()));
    co_return Done{};
}

PeopleStore::Await<std::vector<UserRecord>> PeopleStore::list_users()
{
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(list_all, Params())));
    co_return read_all(rows, read_user);
}

PeopleStore::Await<Done> PeopleStore::set_disabled(Id<identity::User> user, bool disabled, Instant at, identity::AuditEntry audit)
{
    Segment segment;
    segment.add(update_disabled, user, disabled);
    if (disabled) segment.add(end_all_sessions, user, at);
    add_audit(segment, audit);
    CHO_CO_TRY_DO(to_result(co_await pool_.write(std::move(segment))));
    co_return Done{};
}

PeopleStore::Await<Done> PeopleStore::set_password(Id<identity::User> user, std::string hash, Instant at, identity::AuditEntry audit)
{
    Segment segment;
    segment.add(update_password, user, hash).add(end_all_sessions, user, at);
    add_audit(segment, audit);
    CHO_CO_TRY_DO(to_result(co_await pool_.write(std::move(segment))));
    co_return Done{};
}

PeopleStore::Await<Done> PeopleStore::grant(Id<identity::User> user, Grant grant, Uuid by, Instant at, identity::AuditEntry audit)
{
    Segment segment;
    segment.add(insert_grant, user, identity::role_name(grant.role), grant.scope, at, by);
    add_audit(segment, audit);
    CHO_CO_TRY_DO(to_result(co_await pool_.write(std::move(segment))));
    co_return Done{};
}

PeopleStore::Await<bool> PeopleStore::take_back(Id<identity::User> user, Grant grant, identity::AuditEntry audit)
{
    Segment segment;
    segment.add(delete_grant, user, identity::role_name(grant.role), grant.scope);
    add_audit(segment, audit);
    CHO_CO_TRY(auto const replies, to_result(co_await pool_.write(std::move(segment))));
    co_return replies[0].affected() > 0;
}

PeopleStore::Await<Done> PeopleStore::add_key(KeyRecord key, identity::AuditEntry audit)
{
    Segment segment;
    segment.add(insert_key, key.id, key.hash, key.name, identity::mode_name(key.mode), key.scopes, key.place, key.created_at,
                key.expires_at, key.owner);
    add_audit(segment, audit);
    CHO_CO_TRY_DO(to_result(co_await pool_.write(std::move(segment))));
    co_return Done{};
}

PeopleStore::Await<std::optional<Uuid>> PeopleStore::owner_of_key(Id<identity::ApiKey> key)
{
    Params params(key);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(select_key_owner, std::move(params))));
    co_return read_first(rows, [](Row const& row) { return row.get<Uuid>(0); });
}

PeopleStore::Await<std::vector<KeyRecord>> PeopleStore::list_keys()
{
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(list_all_keys, Params())));
    co_return read_all(rows, read_key);
}

PeopleStore::Await<bool> PeopleStore::revoke_key(Id<identity::ApiKey> key, Instant at, identity::AuditEntry audit)
{
    Segment segment;
    segment.add(revoke, key, at);
    add_audit(segment, audit);
    CHO_CO_TRY(auto const replies, to_result(co_await pool_.write(std::move(segment))));
    co_return replies[0].affected() > 0;
}

}  // namespace cho40::stores
