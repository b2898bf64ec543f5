#include "adapters/tax_gateway/notice_xml.h"
#include "base/check.h"
#include <cstddef>
#include <cstdint>
#include <string_view>

// Any bytes as a notice. What was read once can be written and read again.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace cho40;
    auto const notice = tax_gateway::read_notice(std::string_view(reinterpret_cast<char const*>(data), size));
    if (notice) CHO_CHECK(tax_gateway::read_notice(tax_gateway::write_notice(*notice)).has_value());
    return 0;
}
