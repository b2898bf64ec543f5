#include "adapters/rails/members.h"
#include "adapters/rails/providers/momo.h"
#include "base/digest.h"
#include "tests/fuzz/rail_checks.h"
#include <cstdint>

// A body as it is, and signed.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace cho40;
    static rails::RailSecret const secret("access:key of momo");
    rails::RawNotification raw;
    raw.body.assign(reinterpret_cast<char const*>(data), size);
    check_rail(rails::momo::rail(), raw, secret);
    auto body = rails::parse_notification(raw.body);
    if (!body) return 0;
    auto const text = rails::momo::canonical(*body, "access");
    if (!text) return 0;
    (*body)["signature"] = hmac_sha256_hex("key of momo", *text);
    raw.body = body->dump();
    check_rail(rails::momo::rail(), raw, secret);
    return 0;
}
