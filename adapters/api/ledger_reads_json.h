#pragma once
#include "ledger/reader.h"
#include <nlohmann/json_fwd.hpp>

namespace cho40::api {

[[nodiscard]] nlohmann::json ledger_row_json(ledger::JournalRow const& row);
// The same as seen from one account: what it did to it, and the balance after it.
[[nodiscard]] nlohmann::json ledger_entry_json(ledger::JournalRow const& row, ledger::AccountNumber account);
[[nodiscard]] nlohmann::json ledger_hold_json(ledger::HoldReport const& hold);
[[nodiscard]] std::string transfer_text(Id<ledger::Transfer> const& id);  // trf_…

}  // namespace cho40::api
