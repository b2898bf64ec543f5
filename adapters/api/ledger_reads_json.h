#pragma once
#include "adapters/stores/book_owners.h"
#include "ledger/reader.h"
#include <nlohmann/json_fwd.hpp>

namespace cho40::api {

[[nodiscard]] nlohmann::json ledger_row_json(ledger::JournalRow const& row);
// The same as seen from one account: what it did to it, and the balance after it.
[[nodiscard]] nlohmann::json ledger_entry_json(ledger::JournalRow const& row, ledger::AccountNumber account);
[[nodiscard]] nlohmann::json ledger_book_json(stores::BookOwner const& book);
[[nodiscard]] nlohmann::json ledger_account_json(ledger::BookId book, ledger::AccountReport const& report);
[[nodiscard]] nlohmann::json ledger_hold_json(ledger::HoldReport const& hold);
[[nodiscard]] std::string transfer_text(Id<ledger::Transfer> const& id);  // trf_…

}  // namespace cho40::api
