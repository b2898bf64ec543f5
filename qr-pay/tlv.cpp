#include "qr-pay/tlv.h"

namespace cho40::qr_pay {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr std::size_t objects_expected = 12;  // of a payload or a template; more only take longer

// Bytes that the first `count` characters take; nothing when there are fewer.
std::optional<std::size_t> bytes_of_characters(std::string_view utf8, int count)
{
    std::size_t at = 0;
    // Up to the first that is more than a byte, characters are bytes.
    while (count > 0 && at < utf8.size() && static_cast<unsigned char>(utf8[at]) < 0x80) {
        ++at;
        --count;
    }
    while (count-- > 0) {
        if (at == utf8.size()) return std::nullopt;
        ++at;
        while (at < utf8.size() && (static_cast<unsigned char>(utf8[at]) & 0xC0) == 0x80) ++at;
    }
    return at;
}

}  // namespace

TlvWalk walk_tlv(std::string_view utf8)
{
    TlvWalk walk;
    walk.objects.reserve(objects_expected);
    auto const stop = [&](TlvFault fault) {
        walk.objects.clear();
        walk.fault = fault;
        return walk;
    };
    while (!utf8.empty()) {
        if (utf8.size() < 4 || !is_digit(utf8[0]) || !is_digit(utf8[1]) || !is_digit(utf8[2]) || !is_digit(utf8[3])) {
            return stop(TlvFault::malformed);
        }
        int const length = (utf8[2] - '0') * 10 + (utf8[3] - '0');
        if (length == 0) return stop(TlvFault::zero_length);
        auto const id = utf8.substr(0, 2);
        utf8.remove_prefix(4);
        auto const size = bytes_of_characters(utf8, length);
        if (!size) return stop(TlvFault::malformed);
        walk.objects.push_back({id, utf8.substr(0, *size)});
        utf8.remove_prefix(*size);
    }
    return walk;
}

}  // namespace cho40::qr_pay
