#include "adapters/identity/gate.h"
#include "adapters/http/cookies.h"
#include "adapters/identity/api_keys.h"
#include "adapters/identity/sign_ins.h"
#include <algorithm>

namespace cho40::identity {
namespace {

// The token of "Bearer <token>"; nothing when the header is absent or says something else.
std::optional<std::string> bearer_of(http::Request const& request)
{
    auto const value = request.header("Authorization");
    constexpr std::string_view scheme = "bearer ";
    if (value.size() <= scheme.size() || !http::same_name(value.substr(0, scheme.size()), scheme)) return std::nullopt;
    return std::string(value.substr(scheme.size()));
}

auto not_signed_in()
{
    return fail(Error(Errc::unauthenticated, "sign in, or send an API key as bearer token").vi("Hãy đăng nhập hoặc gửi khoá API."));
}

auto not_here() { return fail(Error(Errc::not_found, "there is no such thing here").vi("Không tìm thấy.")); }

bool reaches(Grant const& grant, Place const& place)
{
    bool const everywhere = grant.scope.is_nil();
    switch (grant.role) {
    case Role::vendor:
    case Role::vendor_staff:
        // A stall is always named: nobody sells for the whole province.
        return place.kind == Place::Kind::stall && !everywhere && grant.scope == place.id;
    case Role::market_board:
        return (place.kind == Place::Kind::stall || place.kind == Place::Kind::market) && (everywhere || grant.scope == place.market);
    case Role::agency: return place.kind == Place::Kind::agency && !everywhere && grant.scope == place.id;
    case Role::tax_officer: return everywhere || (place.kind == Place::Kind::tax_office && grant.scope == place.id);
    case Role::operator_: return everywhere || grant.scope == place.id || (!place.market.is_nil() && grant.scope == place.market);
    }
    return false;
}

}  // namespace

Gate::Gate(SignIns& sign_ins, ApiKeys& keys, AuditTrail& audit) : sign_ins_(sign_ins), keys_(keys), audit_(audit) {}

Result<Principal> check_need(Principal principal, Need const& need)
{
    if (need.access == Access::open) return principal;
    if (principal.kind == Principal::Kind::anonymous) return not_signed_in();
    if (principal.is_key()) {
        if (need.scope.empty()) {
            return fail(Error(Errc::forbidden, "this is for people, not for API keys").vi("Chỉ dành cho người, không dùng khoá API."));
        }
        if (!principal.has_scope(need.scope)) {
            return fail(Error(Errc::scope_missing, "the key lacks the scope " + std::string(need.scope))
                            .vi("Khoá API thiếu quyền " + std::string(need.scope) + "."));
        }
        return principal;
    }
    if (need.access == Access::person) return principal;
    std::erase_if(principal.grants, [&](Grant const& grant) { return !need.roles.has(grant.role); });
    if (principal.grants.empty()) {
        return fail(Error(Errc::forbidden, "your role does not allow this").vi("Vai trò của bạn không được làm việc này."));
    }
    return principal;
}

boost::asio::awaitable<Result<Principal>> Gate::authenticate(http::Request const& request)
{
    if (request.headers.has("Authorization")) {
        auto token = bearer_of(request);
        if (!token || request.headers.count("Authorization") != 1) co_return not_signed_in();
        co_return co_await keys_.authenticate(std::move(*token));
    }
    std::string cookie(request.cookie(http::session_cookie));
    if (cookie.empty()) co_return not_signed_in();
    co_return co_await sign_ins_.authenticate(std::move(cookie));
}

boost::asio::awaitable<Result<Principal>> Gate::admit(http::Request const& request)
{
    auto const* need = need_of(request.operation_id);
    if (!need) {
        // A route that nobody wrote a row for is closed.
        co_return fail(Errc::forbidden, "nobody may do this");
    }
    if (need->access == Access::open) co_return Principal();

    CHO_CO_TRY(auto principal, co_await authenticate(request));
    if (principal.is_user() && !http::is_safe(request.method)) { CHO_CO_TRY_DO(http::check_csrf(request, principal.csrf_token)); }
    auto admitted = check_need(principal, *need);
    if (!admitted) { co_await audit_.denied(principal, std::string(request.operation_id), request.request_id, admitted.error().code); }
    co_return admitted;
}

boost::asio::awaitable<Principal> Gate::who(http::Request const& request)
{
    auto principal = co_await authenticate(request);
    if (!principal) co_return Principal();
    co_return *std::move(principal);
}

Result<Done> may_act_for(Principal const& principal, Place const& place)
{
    if (principal.is_key()) {
        if (principal.key_place.is_nil() || principal.key_place == place.id ||
            (!place.market.is_nil() && principal.key_place == place.market)) {
            return Done{};
        }
        return not_here();
    }
    bool const mine = std::ranges::any_of(principal.grants, [&](Grant const& grant) { return reaches(grant, place); });
    if (!mine) return not_here();
    return Done{};
}

Result<Done> is_owner(Principal const& principal, Uuid const& owner)
{
    if (owner.is_nil() || owner == principal.owner) return Done{};
    return not_here();
}

Result<Done> may_look_at(Principal const& principal, Uuid const& owner)
{
    if (principal.has_role(Role::operator_)) return Done{};
    return is_owner(principal, owner);
}

}  // namespace cho40::identity
