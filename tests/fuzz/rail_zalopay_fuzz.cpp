#include "adapters/rails/providers/zalopay.h"
#include "base/text.h"
#include "tests/fuzz/rail_checks.h"
#include <cstdint>

// The bytes as a body, and as the data of a signed one.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace cho40;
    static rails::RailSecret const secret("key of zalopay");
    std::string const bytes(reinterpret_cast<char const*>(data), size);
    rails::RawNotification raw;
    raw.body = bytes;
    check_rail(rails::zalopay::rail(), raw, secret);
    if (!is_valid_utf8(bytes)) return 0;
    raw.body = rails::zalopay::signed_body(bytes, secret);
    check_rail(rails::zalopay::rail(), raw, secret);
    return 0;
}
