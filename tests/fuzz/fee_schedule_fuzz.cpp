#include "fees/tables.h"
#include <cstdint>
#include <cstdlib>

// Any bytes as an imported fee schedule: read or refused with a reason, and what was read can be assessed.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    auto const tables = cho40::fees::FeeTables::with_schedule(text);
    if (!tables && tables.error().detail.empty()) std::abort();
    (void)cho40::fees::parse_unit(text);              // a refusal is as good as a unit here
    (void)cho40::fees::parse_reduction_rule(text);
    return 0;
}
