#include "adapters/xml/verify.h"
#include <cstddef>
#include <cstdint>
#include <string_view>

// Any bytes as a signed document.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace cho40;
    auto const document = xml::Document::parse(std::string_view(reinterpret_cast<char const*>(data), size));
    if (document) (void)xml::verify(*document, {});  // only that it returns
    return 0;
}
