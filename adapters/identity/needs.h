#pragma once
#include "adapters/identity/principal.h"
#include <span>
#include <string_view>

namespace cho40::identity {

// What an operation demands of whoever calls it.
enum class Access : std::uint8_t {
    open,    // nobody has to say who they are; rails prove themselves by signature or token in their own handler
    person,  // any person who is signed in; no keys
    role,    // one of `roles`, or a key with `scope`
};

struct Need {
    std::string_view operation_id;  // of openapi.json
    Access access = Access::open;
    RoleSet roles;
    std::string_view scope;  // "payments:write"; empty: keys are not admitted
};

// One row for each operation of openapi.json: the whole of who may do what. A test compares it with the document.
[[nodiscard]] std::span<Need const> all_needs();
[[nodiscard]] Need const* need_of(std::string_view operation_id);  // null: no such operation

// The scopes an API key can be given: those that stand in the table.
[[nodiscard]] std::vector<std::string_view> known_scopes();

}  // namespace cho40::identity
