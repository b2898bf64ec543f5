#include "adapters/tax_gateway/filing_json.h"
#include "adapters/tax_gateway/filing_xml.h"
#include "adapters/tax_gateway/inspect.h"
#include "adapters/tax_gateway/rates_json.h"
#include "adapters/xml/document.h"
#include "base/check.h"
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

// Any bytes as a filing: our JSON, and the authority's XML. What can be built must be readable.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace cho40;
    std::string_view const bytes(reinterpret_cast<char const*>(data), size);
    (void)tax_gateway::inspect(bytes);  // only that it returns

    auto input = tax_gateway::read_filing(bytes);
    if (!input) return 0;
    auto const document = etax::prepare_return(*std::move(input), tax_gateway::embedded_rates(), etax::FormTables::embedded(),
                                               WorkingDays::embedded());
    if (!document) return 0;
    auto const xml_bytes = tax_gateway::write_filing(*document);
    if (xml_bytes) CHO_CHECK(tax_gateway::inspect(*xml_bytes).has_value());
    return 0;
}
