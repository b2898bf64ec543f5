#include "adapters/tax_gateway/json_object.h"
#include "adapters/tax_gateway/rates_json.h"
#include "adapters/tax_gateway/tax_json.h"
#include <cstddef>
#include <cstdint>
#include <string_view>

// Any bytes as a case to compute and as a rate file.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace cho40;
    std::string_view const bytes(reinterpret_cast<char const*>(data), size);
    (void)tax_gateway::read_rates(bytes);
    auto const value = tax_gateway::parse_strict_json(bytes);
    if (value) (void)tax_gateway::compute_case(*value, tax_gateway::embedded_rates(), WorkingDays::embedded());
    return 0;
}
