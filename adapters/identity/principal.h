#pragma once
#include "base/uuid.h"
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::identity {

struct User {};
struct ApiKey {};
struct SignIn {};

// What a person is in one place. Stored by name: append, never rename.
enum class Role : std::uint8_t { vendor, vendor_staff, market_board, agency, tax_officer, operator_ };

inline constexpr Role all_roles[] = {Role::vendor, Role::vendor_staff, Role::market_board,
                                     Role::agency, Role::tax_officer,  Role::operator_};

[[nodiscard]] std::string_view role_name(Role role);  // "vendor", … "operator"
[[nodiscard]] std::optional<Role> role_from(std::string_view name);

class RoleSet {
public:
    constexpr RoleSet() = default;
    constexpr RoleSet(std::initializer_list<Role> roles)
    {
        for (auto const role : roles) bits_ |= bit(role);
    }
    [[nodiscard]] constexpr bool has(Role role) const { return (bits_ & bit(role)) != 0; }
    [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
    friend constexpr bool operator==(RoleSet, RoleSet) = default;

private:
    static constexpr unsigned bit(Role role) { return 1U << static_cast<unsigned>(role); }
    unsigned bits_ = 0;
};

// A role held for one place: vendor and vendor_staff for a stall, market_board for a market, agency for an agency,
// tax_officer for a tax office. The nil scope is the whole province.
struct Grant {
    Role role = Role::vendor;
    Uuid scope;
    friend bool operator==(Grant const&, Grant const&) = default;
};

enum class Mode : std::uint8_t { live, test };  // live and test rows never mix in one answer

[[nodiscard]] std::string_view mode_name(Mode mode);  // "live", "test"

// Who is calling, as the gate let them in.
struct Principal {
    enum class Kind : std::uint8_t { anonymous, user, api_key };

    Kind kind = Kind::anonymous;
    Uuid id;           // user or key; nil for anonymous
    std::string name;  // of the person, or of the key
    std::string login; // empty for keys
    // Only those whose role lets them do the operation asked for (all, where any sign-in will do): a person with
    // several roles never acts for one place with the rights of another role.
    std::vector<Grant> grants;
    std::vector<std::string> scopes;  // of a key
    Uuid key_place;                   // of a key: the stall, market or agency it may act for; nil: every place
    Uuid owner;                       // whose what it makes is: the user, or whom a key was made for
    std::string csrf_token;           // of a sign-in
    Mode mode = Mode::live;

    [[nodiscard]] bool is_user() const { return kind == Kind::user; }
    [[nodiscard]] bool is_key() const { return kind == Kind::api_key; }
    [[nodiscard]] bool has_role(Role role) const;
    [[nodiscard]] bool has_scope(std::string_view scope) const;
    // Scopes of all grants of that role; nil among them means every place.
    [[nodiscard]] std::vector<Uuid> places_as(Role role) const;
    // The role shown in the audit trail: the first grant's; nothing for keys.
    [[nodiscard]] std::optional<Role> acting_role() const;
};

}  // namespace cho40::identity
