#include "adapters/rails/members.h"
#include "adapters/rails/providers/payos.h"
#include "base/digest.h"
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace {

using namespace cho40;

rails::RailSecret const secret("key");

void check(std::string body)
{
    rails::RawNotification raw;
    raw.body = std::move(body);
    auto const message = rails::payos::rail().read(raw, secret);
    if (!message) {
        (void)rails::payos::rail().refused(message.error());  // must be printable
        return;
    }
    for (auto const& credit : message->transfers) {
        if (!credit.amount.is_positive() || credit.account_number.empty() || credit.provider_id.empty()) std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string const bytes(reinterpret_cast<char const*>(data), size);
    check(bytes);
    // The same with a signature that fits, so that the reading behind it is reached.
    auto body = rails::parse_notification(bytes);
    if (!body || !body->contains("data") || !body->at("data").is_object()) return 0;
    auto const canonical = rails::payos::canonical(body->at("data"));
    if (!canonical) return 0;
    (*body)["signature"] = hmac_sha256_hex(secret.key.expose(), *canonical);
    check(body->dump());
    return 0;
}
