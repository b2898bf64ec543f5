#pragma once
#include "adapters/http/message.h"
#include "adapters/identity/needs.h"
#include "base/result.h"
#include <boost/asio/awaitable.hpp>

namespace cho40::identity {

class ApiKeys;
class AuditTrail;
class SignIns;

// Something that belongs to somebody.
struct Place {
    enum class Kind : std::uint8_t { stall, market, agency, tax_office, province };

    Kind kind = Kind::province;
    Uuid id;      // nil for province
    Uuid market;  // the market a stall lies in; for a market its own id; otherwise nil

    [[nodiscard]] static Place stall(Uuid id, Uuid market) { return Place{Kind::stall, id, market}; }
    [[nodiscard]] static Place market_of(Uuid id) { return Place{Kind::market, id, id}; }
    [[nodiscard]] static Place agency(Uuid id) { return Place{Kind::agency, id, Uuid{}}; }
    [[nodiscard]] static Place tax_office(Uuid id) { return Place{Kind::tax_office, id, Uuid{}}; }
    [[nodiscard]] static Place province() { return Place{}; }
};

// The one place where it is decided who may do what. A handler asks twice and decides nothing itself:
//
//   CHO_CO_TRY(auto principal, co_await gate.admit(request));            // who, and whether for this operation at all
//   CHO_CO_TRY_DO(identity::may_act_for(principal, Place::stall(id, market)));   // and for this place
class Gate {
public:
    Gate(SignIns& sign_ins, ApiKeys& keys, AuditTrail& audit);

    // Authenticates by `Authorization: Bearer ck_live_…|ck_test_…` or by the __Host-sid cookie (not both: the header
    // counts), checks the CSRF token of unsafe methods for cookies, and the role or scope against the operation's row.
    // For open operations an anonymous principal without looking anybody up.
    // The request is the caller's, whole with its body: it stays where it is until the answer is there.
    // Errors: unauthenticated, login_expired, key_revoked, csrf_failed, forbidden, scope_missing, unavailable.
    [[nodiscard]] boost::asio::awaitable<Result<Principal>> admit(http::Request const& request);

    // Who is there, if anybody: for pages that greet a person but let everybody in. Never fails; no CSRF check.
    [[nodiscard]] boost::asio::awaitable<Principal> who(http::Request const& request);

private:
    boost::asio::awaitable<Result<Principal>> authenticate(http::Request const& request);

    SignIns& sign_ins_;
    ApiKeys& keys_;
    AuditTrail& audit_;
};

// Whether the grants the principal was admitted with reach the place. Error: not_found - whoever may not see a thing
// is not told that it exists.
[[nodiscard]] Result<Done> may_act_for(Principal const& principal, Place const& place);

// Whether a thing of this owner (nil: nobody's in particular) is the principal's. Error: not_found, as above.
[[nodiscard]] Result<Done> is_owner(Principal const& principal, Uuid const& owner);

// Whether the principal may look at a thing of this owner: its own, and for operators everybody's. Error: not_found.
[[nodiscard]] Result<Done> may_look_at(Principal const& principal, Uuid const& owner);

// The decision of admit() without the looking up: for tests and for callers who know the principal already.
// On success the grants are narrowed to the roles of the row. Errors: unauthenticated, forbidden, scope_missing.
[[nodiscard]] Result<Principal> check_need(Principal principal, Need const& need);

}  // namespace cho40::identity
