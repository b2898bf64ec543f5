#include "adapters/identity/principal.h"
#include "base/check.h"
#include <algorithm>
#include <array>

namespace cho40::identity {
namespace {

struct RoleName {
    Role role;
    std::string_view name;
};

constexpr std::array role_names = {
    RoleName{Role::vendor, "vendor"}, RoleName{Role::vendor_staff, "vendor_staff"}, RoleName{Role::market_board, "market_board"},
    RoleName{Role::agency, "agency"}, RoleName{Role::tax_officer, "tax_officer"},   RoleName{Role::operator_, "operator"},
};
static_assert(role_names.size() == std::size(all_roles));

}  // namespace

std::string_view role_name(Role role)
{
    auto const it = std::ranges::find(role_names, role, &RoleName::role);
    CHO_CHECK(it != role_names.end());
    return it->name;
}

std::optional<Role> role_from(std::string_view name)
{
    auto const it = std::ranges::find(role_names, name, &RoleName::name);
    if (it == role_names.end()) return std::nullopt;
    return it->role;
}

std::string_view mode_name(Mode mode) { return mode == Mode::live ? "live" : "test"; }

bool Principal::has_role(Role role) const { return std::ranges::find(grants, role, &Grant::role) != grants.end(); }

bool Principal::has_scope(std::string_view scope) const { return std::ranges::find(scopes, scope) != scopes.end(); }

std::vector<Uuid> Principal::places_as(Role role) const
{
    std::vector<Uuid> places;
    for (auto const& grant : grants) {
        if (grant.role == role) places.push_back(grant.scope);
    }
    return places;
}

std::optional<Role> Principal::acting_role() const
{
    if (!is_user() || grants.empty()) return std::nullopt;
    return grants.front().role;
}

}  // namespace cho40::identity
