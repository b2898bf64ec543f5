#include "adapters/api/people_json.h"
#include "adapters/http/ids.h"
#include <algorithm>
#include <nlohmann/json.hpp>

namespace cho40::api {

using identity::Grant;
using identity::Role;
using nlohmann::json;

boost::asio::awaitable<Result<PlaceBriefs>> briefs_of(stores::PeopleStore& people, std::vector<Grant> grants)
{
    std::vector<Uuid> stalls, agencies;
    for (auto const& grant : grants) {
        if (grant.role == Role::vendor || grant.role == Role::vendor_staff) stalls.push_back(grant.scope);
        if (grant.role == Role::agency) agencies.push_back(grant.scope);
    }
    PlaceBriefs places;
    CHO_CO_TRY(places.stalls, co_await people.stalls(std::move(stalls)));
    CHO_CO_TRY(places.agencies, co_await people.agencies(std::move(agencies)));
    co_return places;
}

json user_json(identity::Principal const& user, PlaceBriefs const& places)
{
    json roles = json::array();
    for (auto const role : identity::all_roles) {
        if (user.has_role(role)) roles.push_back(identity::role_name(role));
    }
    json stalls = json::array();
    for (auto const& stall : places.stalls) {
        stalls.push_back(
            {{"id", http::id_text("stl", stall.id)}, {"name", stall.name}, {"number", stall.number}, {"market_name", stall.market_name}});
    }
    json agencies = json::array();
    for (auto const& agency : places.agencies) {
        agencies.push_back({{"id", http::id_text("agc", agency.id)}, {"name", agency.name}, {"code", agency.code}});
    }
    json view = {{"id", http::id_text("usr", user.id)},
                 {"object", "user"},
                 {"name", user.name},
                 {"login", user.login},
                 {"roles", std::move(roles)},
                 {"stalls", std::move(stalls)},
                 {"agencies", std::move(agencies)}};
    if (!user.csrf_token.empty()) view["csrf_token"] = user.csrf_token;
    return view;
}

}  // namespace cho40::api
