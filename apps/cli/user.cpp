#include "adapters/http/ids.h"
#include "adapters/http/json_writer.h"
#include "adapters/identity/api_keys.h"
#include "adapters/identity/needs.h"
#include "adapters/identity/passwords.h"
#include "adapters/stores/people_store.h"
#include "apps/cli/database.h"
#include "apps/cli/installation.h"
#include "base/check.h"
#include <algorithm>
#include <fmt/format.h>
#include <iostream>
#include <nlohmann/json.hpp>
#include <pwd.h>
#include <termios.h>
#include <unistd.h>

namespace cho40::cli {
namespace {

using identity::AuditEntry;
using identity::Grant;
using identity::Role;
using identity::UserRecord;
using nlohmann::json;

struct UserOptions {
    std::string database;
    bool as_json = false;
    std::string login;
    std::string name;
    std::vector<std::string> roles;
    bool generate = false;
    bool take_back = false;
    // keys
    std::string key;
    std::vector<std::string> scopes;
    std::string place;
    std::string owner;
    bool test_mode = false;
    int days = 0;
};

std::string_view place_prefix(Role role)
{
    switch (role) {
    case Role::vendor:
    case Role::vendor_staff: return "stl";
    case Role::market_board: return "mkt";
    case Role::agency: return "agc";
    case Role::tax_officer:
    case Role::operator_: return "";
    }
    return "";
}

// "operator", "vendor:stl_…", "market_board:mkt_…", "agency:agc_…", "tax_officer".
Grant parse_grant(std::string const& text)
{
    auto const colon = text.find(':');
    auto const role = identity::role_from(text.substr(0, colon));
    if (!role)
        throw Stop{Exit::usage, "there is no role \"" + text.substr(0, colon) +
                                    "\"; there are vendor, vendor_staff, market_board, agency, tax_officer, operator"};
    auto const prefix = place_prefix(*role);
    if (colon == std::string::npos) {
        if (!prefix.empty())
            throw Stop{Exit::usage, fmt::format("the role {0} holds for a place: --role {0}:{1}_…", identity::role_name(*role), prefix)};
        return Grant{*role, Uuid{}};
    }
    auto const place = http::parse_id_text(prefix, text.substr(colon + 1));
    if (prefix.empty() || !place) throw Stop{Exit::usage, "\"" + text.substr(colon + 1) + "\" is not a place for this role"};
    return Grant{*role, *place};
}

std::string grant_text(Grant const& grant)
{
    std::string text(identity::role_name(grant.role));
    if (!grant.scope.is_nil()) text += ":" + http::id_text(place_prefix(grant.role), grant.scope);
    return text;
}

// One line from standard input; asked for without echo when a person sits there.
Secret read_password()
{
    std::string line;
    termios before{};
    bool const person = isatty(STDIN_FILENO) != 0 && tcgetattr(STDIN_FILENO, &before) == 0;
    if (person) {
        std::cerr << "Password: " << std::flush;
        auto silent = before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSANOW, &silent);
    }
    std::getline(std::cin, line);
    if (person) {
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
        std::cerr << '\n';
    }
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty()) throw Stop{Exit::usage, "give the password on standard input, or let --generate make one"};
    return Secret(std::move(line));
}

Secret make_password(Random& random)
{
    // 100 bits: nobody has to remember it longer than until the first sign-in.
    return Secret(make_uuid7(Instant{}, random).to_base32().substr(11) + make_uuid7(Instant{}, random).to_base32().substr(21));
}

AuditEntry audit_of(std::string act, identity::AuditTarget target, Instant now)
{
    AuditEntry entry;
    entry.at = now;
    entry.id = make_id<identity::AuditRecord>(now, system_random());
    entry.actor_kind = AuditEntry::Actor::system;
    entry.act = std::move(act);
    entry.target = std::move(target);
    auto const* who = getpwuid(getuid());
    entry.details = http::dump_json({{"by", "command line"}, {"system_user", who ? who->pw_name : std::to_string(getuid())}});
    return entry;
}

UserRecord find_user(Database& database, stores::PeopleStore& people, std::string const& login)
{
    auto found = database.get(people.find_login(login));
    if (!found) throw Stop{Exit::negative, "nobody has the login " + login};
    return *std::move(found);
}

json user_view(UserRecord const& user)
{
    json roles = json::array();
    for (auto const& grant : user.grants) roles.push_back(grant_text(grant));
    return {{"id", http::id_text("usr", user.id.uuid)},
            {"login", user.login},
            {"name", user.name},
            {"roles", std::move(roles)},
            {"disabled", user.disabled},
            {"failed_tries", user.failed_tries},
            {"created_at", http::instant_json(user.created_at)}};
}

json key_view(identity::KeyRecord const& key)
{
    return {{"id", http::id_text("key", key.id.uuid)},
            {"name", key.name},
            {"mode", identity::mode_name(key.mode)},
            {"scopes", key.scopes},
            {"created_at", http::instant_json(key.created_at)},
            {"expires_at", http::instant_json(key.expires_at)},
            {"revoked_at", http::instant_json(key.revoked_at)},
            {"last_used_at", http::instant_json(key.last_used_at)}};
}

void add_user(UserOptions const& o)
{
    for (char const c : o.login) {
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'))
            throw Stop{Exit::usage, "a login has only a-z 0-9 . _ -"};
    }
    if (o.login.size() < 3 || o.login.size() > 64) throw Stop{Exit::usage, "a login has 3 to 64 characters"};
    auto const now = SystemClock().now();
    identity::NewUser user;
    user.id = make_id<identity::User>(now, system_random());
    user.login = o.login;
    user.name = o.name;
    user.created_at = now;
    for (auto const& role : o.roles) {
        auto const grant = parse_grant(role);
        if (std::ranges::find(user.grants, grant) == user.grants.end()) user.grants.push_back(grant);
    }
    auto const password = o.generate ? make_password(system_random()) : read_password();
    if (auto const checked = identity::check_password(password, o.login, o.name); !checked) {
        throw Stop{Exit::usage, "the password " + checked.error().fields.at(0).detail};
    }
    user.password_hash = identity::hash_password(password);

    Database database(o.database);
    stores::PeopleStore people(database.pool());
    auto const id = http::id_text("usr", user.id.uuid);
    auto audit = audit_of("users.create", identity::AuditTarget{"usr", user.id.uuid}, now);
    database.get(people.add_user(std::move(user), std::move(audit)));
    if (o.as_json) {
        json view = {{"id", id}, {"login", o.login}};
        if (o.generate) view["password"] = password.expose();
        print_json(view);
        return;
    }
    std::cout << id << ' ' << o.login;
    if (o.generate) std::cout << ' ' << password.expose();
    std::cout << '\n';
}

void list_users(UserOptions const& o)
{
    Database database(o.database);
    stores::PeopleStore people(database.pool());
    auto const users = database.get(people.list_users());
    if (o.as_json) {
        json all = json::array();
        for (auto const& user : users) all.push_back(user_view(user));
        print_json(all);
        return;
    }
    for (auto const& user : users) {
        std::string roles;
        for (auto const& grant : user.grants) roles += (roles.empty() ? "" : " ") + grant_text(grant);
        std::cout << fmt::format("{:<20} {:<8} {}  {}\n", user.login, user.disabled ? "disabled" : "active", user.name, roles);
    }
}

void set_disabled(UserOptions const& o, bool disabled)
{
    Database database(o.database);
    stores::PeopleStore people(database.pool());
    auto const user = find_user(database, people, o.login);
    auto const now = SystemClock().now();
    auto audit = audit_of(disabled ? "users.disable" : "users.enable", identity::AuditTarget{"usr", user.id.uuid}, now);
    database.get(people.set_disabled(user.id, disabled, now, std::move(audit)));
    std::cerr << o.login << (disabled ? " is disabled and signed out everywhere\n" : " is enabled\n");
}

void set_password(UserOptions const& o)
{
    Database database(o.database);
    stores::PeopleStore people(database.pool());
    auto const user = find_user(database, people, o.login);
    auto const password = o.generate ? make_password(system_random()) : read_password();
    if (auto const checked = identity::check_password(password, user.login, user.name); !checked) {
        throw Stop{Exit::usage, "the password " + checked.error().fields.at(0).detail};
    }
    auto const now = SystemClock().now();
    auto audit = audit_of("users.password", identity::AuditTarget{"usr", user.id.uuid}, now);
    database.get(people.set_password(user.id, identity::hash_password(password), now, std::move(audit)));
    if (o.generate) std::cout << password.expose() << '\n';
    std::cerr << o.login << " has a new password and is signed out everywhere\n";
}

void change_grant(UserOptions const& o)
{
    auto const grant = parse_grant(o.roles.at(0));
    Database database(o.database);
    stores::PeopleStore people(database.pool());
    auto const user = find_user(database, people, o.login);
    auto const now = SystemClock().now();
    auto audit = audit_of(o.take_back ? "users.take_back" : "users.grant", identity::AuditTarget{"usr", user.id.uuid}, now);
    if (!o.take_back) {
        database.get(people.grant(user.id, grant, Uuid{}, now, std::move(audit)));
        return;
    }
    if (!database.get(people.take_back(user.id, grant, std::move(audit))))
        throw Stop{Exit::negative, o.login + " did not have " + grant_text(grant)};
}

Uuid parse_place(std::string const& text)
{
    if (text.empty()) return Uuid{};
    for (std::string_view const prefix : {"stl", "mkt", "agc"}) {
        if (auto const id = http::parse_id_text(prefix, text)) return *id;
    }
    throw Stop{Exit::usage, "\"" + text + "\" is not the id of a stall, market or agency"};
}

// Whose books the key finds: a person's, or those of another key that it stands beside or will replace.
Uuid find_owner(Database& database, stores::PeopleStore& people, std::string const& text)
{
    if (text.empty()) return Uuid{};
    if (auto const key = http::parse_id_text("key", text)) {
        auto const owner = database.get(people.owner_of_key(Id<identity::ApiKey>(*key)));
        if (owner) return *owner;
    } else if (auto const user = database.get(people.find_login(text))) {
        return user->id.uuid;
    }
    throw Stop{Exit::usage, "\"" + text + "\" is neither the id of a key (key_…) nor a login"};
}

void add_key(UserOptions const& o)
{
    auto const sealed_with = installation().installation.key;
    if (sealed_with.expose().empty()) {
        throw Stop{Exit::usage,
                   "an API key is hashed with the service's installation key: name its configuration in CHO40_CONFIG, or give the "
                   "key in CHO40_INSTALLATION_KEY"};
    }
    auto const key = value_or_stop(identity::InstallationKey::parse(sealed_with.expose()), "installation.key");
    auto const now = SystemClock().now();
    identity::KeyWish wish;
    wish.name = o.name;
    wish.mode = o.test_mode ? identity::Mode::test : identity::Mode::live;
    wish.scopes = o.scopes;
    wish.place = parse_place(o.place);
    Database database(o.database);
    stores::PeopleStore people(database.pool());
    wish.owner = find_owner(database, people, o.owner);
    if (o.days > 0) wish.expires_at = now + std::chrono::hours(24) * o.days;
    auto const made = value_or_stop(identity::make_key(std::move(wish), key, now, system_random()), "key");

    auto audit = audit_of("keys.create", identity::AuditTarget{"key", made.record.id.uuid}, now);
    database.get(people.add_key(made.record, std::move(audit)));
    if (o.as_json) {
        auto view = key_view(made.record);
        view["key"] = made.text.expose();
        print_json(view);
        return;
    }
    std::cerr << "Shown once; keep it safe.\n";
    std::cout << made.text.expose() << '\n';
}

void list_keys(UserOptions const& o)
{
    Database database(o.database);
    stores::PeopleStore people(database.pool());
    auto const keys = database.get(people.list_keys());
    if (o.as_json) {
        json all = json::array();
        for (auto const& key : keys) all.push_back(key_view(key));
        print_json(all);
        return;
    }
    for (auto const& key : keys) {
        std::cout << fmt::format("{} {} {:<8} {}  {}\n", http::id_text("key", key.id.uuid), identity::mode_name(key.mode),
                                 key.revoked_at ? "revoked" : "active", key.name, fmt::join(key.scopes, " "));
    }
}

void revoke_key(UserOptions const& o)
{
    auto const id = http::parse_id_text("key", o.key);
    if (!id) throw Stop{Exit::usage, "\"" + o.key + "\" is not the id of a key (key_…)"};
    Database database(o.database);
    stores::PeopleStore people(database.pool());
    auto const now = SystemClock().now();
    auto audit = audit_of("keys.revoke", identity::AuditTarget{"key", *id}, now);
    if (!database.get(people.revoke_key(Id<identity::ApiKey>(*id), now, std::move(audit)))) {
        throw Stop{Exit::negative, "there is no such key, or it was revoked before"};
    }
    std::cerr << o.key << " is revoked\n";
}

CLI::App* command(CLI::App& group, UserOptions& o, std::string name, std::string about, std::string example,
                  std::function<void(UserOptions const&)> run)
{
    auto* made = group.add_subcommand(std::move(name), std::move(about));
    add_database_option(*made, o.database);
    made->add_flag("--json", o.as_json, "machine output");
    made->footer("Example: " + std::move(example));
    made->callback([&o, run = std::move(run)] { run(o); });
    return made;
}

void add_key_commands(CLI::App& group, UserOptions& o)
{
    auto* keys = group.add_subcommand("key", "API keys for machines");
    keys->require_subcommand(1);
    auto* add = command(*keys, o, "add", "Make a key; it is shown once",
                        "cho40 user key add \"POS Sạp 12\" --scope payments:write --scope payments:read --place stl_…", add_key);
    add->add_option("name", o.name, "what the key is for")->required();
    add->add_option("--scope", o.scopes,
                    "what it may do, once for each scope: " + fmt::format("{}", fmt::join(identity::known_scopes(), ", ")))
        ->required();
    add->add_option("--place", o.place, "the stall, market or agency it may act for; default: all");
    add->add_option("--owner", o.owner, "a login, or a key (key_…) whose books of the ledger it shares; default: itself");
    add->add_flag("--test", o.test_mode, "a key of the test mode");
    add->add_option("--days", o.days, "how long it lasts; default: until revoked")->check(CLI::Range(1, 3650));
    command(*keys, o, "list", "All keys", "cho40 user key list --json", list_keys);
    command(*keys, o, "revoke", "End a key at once", "cho40 user key revoke key_…", revoke_key)
        ->add_option("key", o.key, "id of the key")
        ->required();
}

}  // namespace

void add_user_commands(CLI::App& app)
{
    auto options = std::make_shared<UserOptions>();
    auto& o = *options;
    auto* group = app.add_subcommand("user", "People who sign in, their roles, and API keys");
    group->require_subcommand(1);
    group->callback([options] {});  // keeps the options alive as long as the commands

    auto* add = command(*group, o, "add", "Add a person; the password comes on standard input",
                        "cho40 user add bathe --name \"Bà Thế\" --role vendor:stl_… --generate", add_user);
    add->add_option("login", o.login, "a-z 0-9 . _ -")->required();
    add->add_option("--name", o.name, "as people call them")->required();
    add->add_option("--role", o.roles, "ROLE or ROLE:PLACE, once for each")->required();
    add->add_flag("--generate", o.generate, "make a password and print it");
    command(*group, o, "list", "Everybody", "cho40 user list --json", list_users);
    auto const one = [&](std::string name, std::string about, std::function<void(UserOptions const&)> run) {
        auto* made = command(*group, o, name, std::move(about), "cho40 user " + name + " bathe", std::move(run));
        made->add_option("login", o.login, "the person")->required();
        return made;
    };
    one("disable", "Shut somebody out at once", [](UserOptions const& u) { set_disabled(u, true); });
    one("enable", "Let somebody in again", [](UserOptions const& u) { set_disabled(u, false); });
    one("password", "Set a new password from standard input", set_password)
        ->add_flag("--generate", o.generate, "make a password and print it");
    auto* grant = command(*group, o, "grant", "Give a role", "cho40 user grant bathe vendor:stl_…", change_grant);
    grant->add_option("login", o.login, "the person")->required();
    grant->add_option("role", o.roles, "ROLE or ROLE:PLACE")->required()->expected(1);
    grant->add_flag("--take-back", o.take_back, "take the role away instead");
    add_key_commands(*group, o);
}

}  // namespace cho40::cli
