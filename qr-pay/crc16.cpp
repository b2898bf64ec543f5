#include "qr-pay/crc16.h"
#include <array>

namespace cho40::qr_pay {
namespace {

constexpr std::array<std::uint16_t, 256> make_table()
{
    std::array<std::uint16_t, 256> table{};
    for (unsigned byte = 0; byte < 256; ++byte) {
        unsigned value = byte << 8;
        for (int bit = 0; bit < 8; ++bit) value = value & 0x8000 ? (value << 1) ^ 0x1021 : value << 1;
        table[byte] = static_cast<std::uint16_t>(value);
    }
    return table;
}

constexpr auto table = make_table();

}  // namespace

std::uint16_t crc16(std::string_view bytes)
{
    unsigned crc = 0xFFFF;
    for (unsigned char byte : bytes) crc = ((crc << 8) ^ table[(crc >> 8) ^ byte]) & 0xFFFF;
    return static_cast<std::uint16_t>(crc);
}

std::string crc16_text(std::string_view bytes)
{
    static constexpr char digits[] = "0123456789ABCDEF";
    auto const crc = crc16(bytes);
    return {digits[crc >> 12], digits[crc >> 8 & 15], digits[crc >> 4 & 15], digits[crc & 15]};
}

}  // namespace cho40::qr_pay
