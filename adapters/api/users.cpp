#include "adapters/api/people_json.h"
#include "adapters/http/ids.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include <algorithm>
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using identity::Grant;
using identity::Role;
using nlohmann::json;

struct NewUserFacts {
    NewUserFacts() : password("") {}
    std::string name;
    std::string login;
    Secret password;
    std::vector<Role> roles;
    std::vector<Uuid> stalls;
    std::vector<Uuid> agencies;
    std::optional<Uuid> market;

    [[nodiscard]] bool has(Role role) const { return std::ranges::find(roles, role) != roles.end(); }
};

bool is_login(std::string_view text)
{
    return std::ranges::all_of(text,
                               [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'; });
}

std::vector<Uuid> ids_of(http::ObjectReader& in, std::string_view name, std::string_view prefix)
{
    std::vector<Uuid> ids;
    for (auto const& text : in.optional_texts(name, {0, 100}, {1, 64})) {
        auto const id = http::parse_id_text(prefix, text);
        if (!id) in.refuse(name, Errc::invalid_format, "\"" + text + "\" is not such an id", "Mã không đúng.");
        else if (std::ranges::find(ids, *id) == ids.end()) ids.push_back(*id);
    }
    return ids;
}

Result<NewUserFacts> read_facts(Request const& request)
{
    CHO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    NewUserFacts facts;
    facts.name = in.text("name", {1, 120});
    facts.login = in.text("login", {3, 64});
    facts.password = Secret(in.text("password", {10, 256}));
    if (!is_login(facts.login)) in.refuse("login", Errc::invalid_format, "a-z 0-9 . _ - only", "Chỉ dùng a-z 0-9 . _ -");
    for (auto const& text : in.texts("roles", {1, 6}, {1, 32})) {
        auto const role = identity::role_from(text);
        if (!role) in.refuse("roles", Errc::unknown_value, "there is no role \"" + text + "\"", "Không có vai trò này.");
        else if (facts.has(*role)) in.refuse("roles", Errc::invalid_format, "each role once", "Mỗi vai trò một lần.");
        else facts.roles.push_back(*role);
    }
    facts.stalls = ids_of(in, "stalls", "stl");
    facts.agencies = ids_of(in, "agencies", "agc");
    if (auto const market = in.optional_text("market", {1, 64})) {
        auto const id = http::parse_id_text("mkt", *market);
        if (!id) in.refuse("market", Errc::invalid_format, "is not a market's id", "Mã chợ không đúng.");
        else facts.market = *id;
    }
    bool const sells = facts.has(Role::vendor) || facts.has(Role::vendor_staff);
    if (sells && facts.stalls.empty()) in.refuse("stalls", Errc::required, "a vendor needs a stall", "Người bán cần có sạp.");
    if (!sells && !facts.stalls.empty())
        in.refuse("stalls", Errc::invalid_format, "stalls are for vendors and their staff", "Sạp chỉ dành cho người bán.");
    if (facts.has(Role::agency) && facts.agencies.empty())
        in.refuse("agencies", Errc::required, "an agency's officer needs an agency", "Cán bộ cần có cơ quan.");
    if (!facts.has(Role::agency) && !facts.agencies.empty())
        in.refuse("agencies", Errc::invalid_format, "agencies are for their officers", "Cơ quan chỉ dành cho cán bộ.");
    if (facts.has(Role::market_board) && !facts.market)
        in.refuse("market", Errc::required, "a market board needs a market", "Ban quản lý cần có chợ.");
    if (!facts.has(Role::market_board) && facts.market)
        in.refuse("market", Errc::invalid_format, "the market is for its board", "Chợ chỉ dành cho ban quản lý.");
    if (auto const checked = identity::check_password(facts.password, facts.login, facts.name); !checked) {
        for (auto const& field : checked.error().fields) {
            // Too short or too long was said already.
            if (field.code == Errc::invalid_format) in.refuse("password", field.code, field.detail, field.detail_vi);
        }
    }
    CHO_TRY_DO(body.finish());
    return facts;
}

std::vector<Grant> grants_of(NewUserFacts const& facts)
{
    std::vector<Grant> grants;
    for (auto const role : facts.roles) {
        switch (role) {
        case Role::vendor:
        case Role::vendor_staff:
            for (auto const& stall : facts.stalls) grants.push_back(Grant{role, stall});
            break;
        case Role::agency:
            for (auto const& agency : facts.agencies) grants.push_back(Grant{role, agency});
            break;
        case Role::market_board: grants.push_back(Grant{role, facts.market.value()}); break;
        case Role::tax_officer:
        case Role::operator_: grants.push_back(Grant{role, Uuid{}}); break;
        }
    }
    return grants;
}

auto not_there(std::string pointer, std::string detail) { return fail(Errc::not_found, std::move(detail), std::move(pointer)); }

Error login_taken()
{
    Error error(Errc::validation_failed, "somebody has this login already");
    error.detail_vi = "Tên đăng nhập đã có người dùng.";
    error.fields.push_back(FieldError{"/login", Errc::invalid_state, "is taken; choose another", "Tên đăng nhập đã có người dùng.", {}});
    return error;
}

Answering write_user(PeopleContext& context, NewUserFacts facts, PlaceBriefs places, Uuid by, identity::Ticket ticket)
{
    CHO_CO_TRY(auto const holder, co_await context.people.find_login(facts.login));
    if (holder) co_return fail(login_taken());
    auto row = std::make_shared<identity::NewUser>();
    CHO_CO_TRY(row->password_hash, co_await context.passwords.hash(facts.password));
    row->created_at = context.clock.now();
    row->id = make_id<identity::User>(row->created_at, context.random);
    row->login = facts.login;
    row->name = facts.name;
    row->grants = grants_of(facts);
    row->granted_by = by;

    identity::Principal shown;
    shown.id = row->id.uuid;
    shown.name = facts.name;
    shown.login = facts.login;
    shown.grants = row->grants;
    identity::Answer answer(201, http::dump_json(user_json(shown, places)), identity::AuditTarget{"usr", row->id.uuid});
    answer.location = "/v1/users/" + http::id_text("usr", row->id.uuid);
    answer.etag = http::etag(1);

    ledger::Command command(ledger::BookId{0});
    command.guards = {ticket.guard(), identity::login_guard(facts.login)};
    command.rows.push_back(std::move(row));
    for (auto& extra : ticket.rows(std::move(answer))) command.rows.push_back(std::move(extra));
    CHO_CO_TRY_DO(co_await context.ledger.submit(std::move(command)));
    co_return ticket.response();
}

Answering create(PeopleContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(identity::may_act_for(principal, identity::Place::province()));
    CHO_CO_TRY(auto facts, read_facts(request));
    auto grants = grants_of(facts);
    CHO_CO_TRY(auto places, co_await briefs_of(context.people, std::move(grants)));
    if (places.stalls.size() != facts.stalls.size()) co_return not_there("/stalls", "no such stall");
    if (places.agencies.size() != facts.agencies.size()) co_return not_there("/agencies", "no such agency");
    if (facts.market) {
        CHO_CO_TRY(bool const there, co_await context.people.market_exists(*facts.market));
        if (!there) co_return not_there("/market", "no such market");
    }
    auto const by = principal.id;
    identity::Idempotency::Work work = [&context, facts, places, by](identity::Ticket ticket) {
        return write_user(context, facts, places, by, std::move(ticket));
    };
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), ledger::BookId{0}, std::move(work));
}

}  // namespace

void add_user_routes(http::Router& router, PeopleContext& context)
{
    router.add(http::Method::post, "/v1/users", "users.create", [&context](Request r) { return create(context, std::move(r)); });
}

}  // namespace cho40::api
