#include "adapters/rails/providers/vietqr.h"
#include <cstdint>
#include <cstdlib>

// The first line is the Authorization header, the rest the body; the body is also read with a good token.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace cho40;
    static rails::RailSecret const secret("user:password");
    std::string const bytes(reinterpret_cast<char const*>(data), size);
    auto const line = std::min(bytes.find('\n'), bytes.size());

    rails::RawNotification raw;
    raw.received_at = Instant(std::chrono::hours(500'000));
    raw.body = bytes.substr(std::min(line + 1, bytes.size()));
    for (auto const& authorization : {bytes.substr(0, line), "Bearer " + rails::vietqr::make_token(secret, raw.received_at)}) {
        raw.headers = {{"Authorization", authorization}};
        (void)rails::vietqr::token_reply(raw, secret);
        auto const message = rails::vietqr::rail().read(raw, secret);
        if (!message) {
            (void)rails::vietqr::rail().refused(message.error());  // must be printable
            continue;
        }
        for (auto const& credit : message->transfers) {
            if (!credit.amount.is_positive() || credit.account_number.empty() || credit.provider_id.empty()) std::abort();
        }
    }
    return 0;
}
