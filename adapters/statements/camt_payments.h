#pragma once
#include "adapters/statements/camt.h"
#include "reconcile/records.h"

namespace cho40::statements {

// The records one booked entry in VND stands for, and what does not add up in it.
struct EntryPayments {
    std::vector<reconcile::BankEntry> records;
    std::optional<std::string> damage;  // the payments do not make the entry, also not with the charges it names
};

// `whole` is the entry as one record, without reference, counterparty and narrative. An entry with one payment, or whose
// payments do not all say their amount, is one record. Another is one record for each payment, and their amounts make the
// entry: as they stand; or less, for money out plus, the charges each payment names; or the same with the charges of the
// entry, which become a record of their own; or as a net of payments in both directions.
[[nodiscard]] EntryPayments payments_of(CamtEntry const& entry, reconcile::BankEntry whole);

// The other side of an entry: who paid a credit, who got a debit. From the first payment that says.
[[nodiscard]] std::string counterparty_of(CamtEntry const& entry);
// All texts of one payment: remittance parts joined without a space, then the other fields, each after a '\n'.
[[nodiscard]] std::string narrative_of(CamtTransaction const& transaction);
// The same over the whole entry.
[[nodiscard]] std::string narrative_of(CamtEntry const& entry);

}  // namespace cho40::statements
