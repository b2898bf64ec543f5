#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace cho40::qr_pay {

// CRC-16/CCITT-FALSE (IBM-3740) as EMVCo asks for in object 63: polynomial 0x1021, start 0xFFFF, nothing reflected,
// over bytes.
[[nodiscard]] std::uint16_t crc16(std::string_view bytes);

// The same as object 63 carries it: four upper-case hex digits, zero-padded.
[[nodiscard]] std::string crc16_text(std::string_view bytes);

}  // namespace cho40::qr_pay
