#include "adapters/stores/merchant_rows.h"

namespace cho40::stores {

merchants::Stall read_stall_columns(postgres::Row const& row)
{
    merchants::Stall s;
    s.book = ledger::BookId{row.get<std::int64_t>(0)};
    s.id = row.get<Id<merchants::Stall>>(1);
    s.ordinal = ledger::OwnerOrdinal{row.get<std::int64_t>(2)};
    s.market = row.get<Id<merchants::Market>>(3);
    s.household = row.get<Id<merchants::Household>>(4);
    s.number = row.get<std::string>(5);
    s.name = row.get<std::string>(6);
    s.activity_group = row.get<std::string>(7);
    s.vat_reduced = row.get<bool>(8);
    s.location_code = row.get<std::string>(9);
    s.version = row.get<std::int64_t>(10);
    return s;
}

merchants::Household read_household(postgres::Row const& row)
{
    merchants::Household h;
    h.book = ledger::BookId{row.get<std::int64_t>(0)};
    h.id = row.get<Id<merchants::Household>>(1);
    h.tax_code = row.get<std::string>(2);
    h.old_tax_code = row.get<std::string>(3);
    h.name = row.get<std::string>(4);
    h.owner_name = row.get<std::string>(5);
    h.address = row.get<std::string>(6);
    h.ward_code = row.get<std::string>(7);
    h.ward_name = row.get<std::string>(8);
    h.expects_above = row.get<bool>(9);
    return h;
}

}  // namespace cho40::stores
