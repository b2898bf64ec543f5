#include "adapters/rails/members.h"
#include "adapters/rails/providers/casso.h"
#include "base/digest.h"
#include "tests/fuzz/rail_checks.h"
#include <cstdint>

// The first line is the signature, the rest the body. The body is also read with a signature that fits, in both ways of
// writing JSON, and as one of the first generation.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace cho40;
    static rails::RailSecret const secret("key of casso");
    static rails::RailSecret const first_generation("v1:key of casso");
    std::string const bytes(reinterpret_cast<char const*>(data), size);
    auto const line = std::min(bytes.find('\n'), bytes.size());
    rails::RawNotification raw;
    raw.headers = {{"X-Casso-Signature", bytes.substr(0, line)}, {"secure-token", "key of casso"}};
    raw.body = bytes.substr(std::min(line + 1, bytes.size()));
    check_rail(rails::casso::rail(), raw, secret);
    check_rail(rails::casso::rail(), raw, first_generation);
    auto const body = rails::parse_notification(raw.body);
    if (!body) return 0;
    for (auto const escapes : {rails::casso::Escapes::none, rails::casso::Escapes::all}) {
        auto const text = rails::casso::canonical("1795317331000", *body, escapes);
        raw.headers = {{"X-Casso-Signature", "t=1795317331000,v1=" + hmac_sha512_hex(secret.key.expose(), text)}};
        auto const message = rails::casso::rail().read(raw, secret);
        if (!message && message.error().code == Errc::bad_signature) std::abort();
        check_rail(rails::casso::rail(), raw, secret);
    }
    return 0;
}
