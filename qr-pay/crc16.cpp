#include "qr-pay/crc16.h"
#include <array>

namespace cho40::qr_pay {
namespace {

// What a byte does to the remainder when it stands last of so many: four bytes go in one step ("slicing").
using Table = std::array<std::array<std::uint16_t, 256>, 4>;

constexpr Table make_table()
{
    Table table{};
    for (unsigned byte = 0; byte < 256; ++byte) {
        unsigned value = byte << 8;
        for (int bit = 0; bit < 8; ++bit) value = value & 0x8000 ? (value << 1) ^ 0x1021 : value << 1;
        table[0][byte] = static_cast<std::uint16_t>(value);
    }
    for (std::size_t behind = 1; behind < table.size(); ++behind) {
        for (unsigned byte = 0; byte < 256; ++byte) {
            unsigned const value = table[behind - 1][byte];
            table[behind][byte] = static_cast<std::uint16_t>((value << 8) ^ table[0][value >> 8]);
        }
    }
    return table;
}

constexpr auto table = make_table();

}  // namespace

std::uint16_t crc16(std::string_view bytes)
{
    unsigned crc = 0xFFFF;
    auto const at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    for (; bytes.size() >= 4; bytes.remove_prefix(4)) {
        crc = table[3][(crc >> 8) ^ at(0)] ^ table[2][(crc & 0xFF) ^ at(1)] ^ table[1][at(2)] ^ table[0][at(3)];
    }
    for (unsigned char byte : bytes) crc = ((crc << 8) ^ table[0][(crc >> 8) ^ byte]) & 0xFFFF;
    return static_cast<std::uint16_t>(crc);
}

std::string crc16_text(std::string_view bytes)
{
    static constexpr char digits[] = "0123456789ABCDEF";
    auto const crc = crc16(bytes);
    return {digits[crc >> 12], digits[crc >> 8 & 15], digits[crc >> 4 & 15], digits[crc & 15]};
}

}  // namespace cho40::qr_pay
