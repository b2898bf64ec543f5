#include "qr-pay/crc16.h"
#include "qr-pay/emvco.h"
#include "qr-pay/sign_check.h"
#include "qr-pay/vietqr.h"
#include <cstdint>
#include <cstdlib>

namespace {

void check(std::string const& payload)
{
    using namespace cho40::qr_pay;
    auto const qr = decode_qr(payload);
    if (!qr) return;
    // What was accepted is exactly its root objects, and its checksum.
    std::size_t bytes = 0;
    for (auto const& [id, value] : qr->root) bytes += 4 + value.size();
    if (bytes != payload.size() || crc16_text(std::string_view(payload).substr(0, payload.size() - 4)) != qr->crc) std::abort();

    // A plain VietQR code that we could have written is written the same way again.
    auto const* account = qr->vietqr();
    if (!account) return;
    QrRequest request(account->acquirer, account->account);
    request.service = *qr_service_named(account->service);
    if (auto const written = encode(request); written && !decode_qr(*written)) std::abort();
}

// Whatever is scanned: nobody's addresses make nobody's code, and only what is registered makes a code the stall's.
void check_as_sign(std::string const& payload)
{
    using namespace cho40::qr_pay;
    cho40::Id<Owner> const stall(cho40::make_derived_uuid({"fuzz", "stall"}));
    auto const strange = check_sign(payload, stall, {}, "SAP 12");
    if (strange.verdict == SignVerdict::right_stall || strange.verdict == SignVerdict::another_stall) std::abort();
    std::vector<RegisteredAddress> registered;
    for (auto const& address : addresses_in(payload)) registered.push_back({address, stall});
    auto const own = check_sign(payload, stall, registered, "SAP 12");
    if (own.verdict == SignVerdict::right_stall && registered.empty()) std::abort();
    if (own.verdict == SignVerdict::another_stall || (own.verdict == SignVerdict::not_a_payment_code) != own.refusal.has_value())
        std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string text(reinterpret_cast<char const*>(data), size);
    check(text);
    check_as_sign(text);
    text += "6304";  // and with a checksum that fits, so that the checks behind it are reached
    text += cho40::qr_pay::crc16_text(text);
    check(text);
    check_as_sign(text);
    return 0;
}
