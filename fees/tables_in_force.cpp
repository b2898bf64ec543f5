#include "fees/tables_in_force.h"

namespace cho40::fees {

void TablesInForce::put(FeeTables tables, Source source)
{
    if (source.number <= source_.number) return;
    tables_ = std::make_shared<FeeTables const>(std::move(tables));
    source_ = source;
}

}  // namespace cho40::fees
