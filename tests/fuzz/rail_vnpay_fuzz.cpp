#include "adapters/rails/providers/vnpay.h"
#include "adapters/rails/query.h"
#include "base/digest.h"
#include "tests/fuzz/rail_checks.h"
#include <cstdint>

// A query as it is, and signed.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace cho40;
    static rails::RailSecret const secret("key of vnpay");
    rails::RawNotification raw;
    raw.query.assign(reinterpret_cast<char const*>(data), size);
    check_rail(rails::vnpay::rail(), raw, secret);
    auto query = rails::parse_query(raw.query);
    if (!query) return 0;
    query->erase("vnp_SecureHash");
    auto const text = rails::vnpay::canonical(*query);
    auto const again = rails::parse_query(text);
    // What was written anew must mean the same, but for what is empty.
    if (again && rails::vnpay::canonical(*again) != text) std::abort();
    raw.query = text + "&vnp_SecureHash=" + hmac_sha512_hex(secret.key.expose(), text);
    check_rail(rails::vnpay::rail(), raw, secret);
    return 0;
}
