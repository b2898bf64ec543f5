#include "qr-pay/crc16.h"
#include "qr-pay/emvco.h"
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string text(reinterpret_cast<char const*>(data), size);
    check(text);
    text += "6304";  // and with a checksum that fits, so that the checks behind it are reached
    check(text + cho40::qr_pay::crc16_text(text));
    return 0;
}
