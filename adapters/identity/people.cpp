#include "adapters/identity/people.h"

namespace cho40::identity {

ledger::Guard login_guard(std::string_view login) { return ledger::Guard{make_derived_uuid({"login", login}), 0, 1}; }

}  // namespace cho40::identity
