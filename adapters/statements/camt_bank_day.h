#pragma once
#include "adapters/statements/camt.h"
#include "reconcile/records.h"
#include <set>

namespace cho40::statements {

// Booked entries and balances of a statement file, as reconciliation wants them.
struct BankDay {
    std::set<std::string> accounts;
    std::vector<reconcile::BankEntry> entries;         // only booked ones
    std::vector<reconcile::StatementBalance> balances; // of statements that give opening and closing in VND
    std::size_t pending = 0;                           // entries that are not booked money yet
    std::optional<Day> last_day;
    // Sums in the file that do not agree: opening + booked = closing, or the parts of an entry. FILE_INTEGRITY.
    std::optional<std::string> damage;
};

// An entry in another currency keeps its currency and has amount 0. An entry that holds several payments with their own
// amounts becomes one record for each. Errors: invalid_input (a fraction in VND, no date), pointer "line N".
[[nodiscard]] Result<BankDay> to_bank_day(CamtDocument const& document);

// The other side of an entry: who paid a credit, who got a debit. From the first payment that says.
[[nodiscard]] std::string counterparty_of(CamtEntry const& entry);
// All texts of one payment: remittance parts joined without a space, then the other fields, each after a '\n'.
[[nodiscard]] std::string narrative_of(CamtTransaction const& transaction);
// The same over the whole entry.
[[nodiscard]] std::string narrative_of(CamtEntry const& entry);

}  // namespace cho40::statements
