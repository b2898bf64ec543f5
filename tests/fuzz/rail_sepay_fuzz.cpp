#include "adapters/rails/providers/sepay.h"
#include "tests/fuzz/rail_checks.h"
#include <cstdint>

// The first line is the signature, the second the timestamp, the third the Authorization header, the rest the body. The body
// is also read with a signature that fits, so that the reading behind it is reached.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace cho40;
    static rails::RailSecret const secrets[] = {rails::RailSecret("hmac:key of hmac"), rails::RailSecret("apikey:key of apikey"),
                                                rails::RailSecret("bearer:key of bearer")};
    std::string rest(reinterpret_cast<char const*>(data), size);
    auto const line = [&] {
        auto const end = std::min(rest.find('\n'), rest.size());
        auto text = rest.substr(0, end);
        rest.erase(0, end + 1);
        return text;
    };
    rails::RawNotification raw;
    raw.headers = {{"X-SePay-Signature", line()}, {"X-SePay-Timestamp", line()}, {"Authorization", line()}};
    raw.body = rest;
    for (auto const& secret : secrets) check_rail(rails::sepay::rail(), raw, secret);
    raw.headers = {{"X-SePay-Timestamp", "1795317331"},
                   {"X-SePay-Signature", "sha256=" + rails::sepay::signature("1795317331", raw.body, "key of hmac")}};
    check_rail(rails::sepay::rail(), raw, secrets[0]);
    return 0;
}
