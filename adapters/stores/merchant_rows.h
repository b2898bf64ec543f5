#pragma once
#include "adapters/postgres/rows.h"
#include "merchants/records.h"

// Stalls and households, which more than one store reads. Columns and reader belong together: a reader counts on their
// order, from the first column of the row.
namespace cho40::stores {

// Of a stall `s`; a statement's further columns begin at stall_columns.
#define CHO40_STALL_COLUMNS                                                                                                                \
    "s.book_id, s.stall_id, s.owner_ordinal, s.market_id, s.household_id, s.number, s.name, s.activity_group, "                            \
    "s.vat_reduced, s.location_code, s.version"
inline constexpr int stall_columns = 11;
[[nodiscard]] merchants::Stall read_stall_columns(postgres::Row const& row);

#define CHO40_HOUSEHOLD_COLUMNS                                                                                                            \
    "book_id, household_id, tax_code, old_tax_code, name, owner_name, address, ward_code, ward_name, expects_above"
[[nodiscard]] merchants::Household read_household(postgres::Row const& row);

}  // namespace cho40::stores
