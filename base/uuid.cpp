#include "base/uuid.h"
#include "base/check.h"
#include "base/digest.h"
#include <algorithm>
#include <cstring>
#include <sys/random.h>

namespace cho40 {
namespace {

constexpr std::string_view crockford = "0123456789abcdefghjkmnpqrstvwxyz";

class KernelRandom final : public Random {
public:
    void fill(std::uint8_t* out, std::size_t size) override
    {
        while (size > 0) {
            if (used_ == pool_.size()) refill();
            auto const n = std::min(size, pool_.size() - used_);
            std::memcpy(out, pool_.data() + used_, n);
            std::memset(pool_.data() + used_, 0, n);  // never handed out twice, not left in memory
            used_ += n;
            out += n;
            size -= n;
        }
    }

private:
    void refill()
    {
        std::size_t got = 0;
        while (got < pool_.size()) {
            auto const n = getrandom(pool_.data() + got, pool_.size() - got, 0);
            CHO_CHECK(n > 0);
            got += static_cast<std::size_t>(n);
        }
        used_ = 0;
    }
    std::array<std::uint8_t, 4096> pool_{};
    std::size_t used_ = 4096;
};

constexpr std::uint8_t no_digit = 255;
constexpr auto crockford_values = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(no_digit);
    for (std::size_t i = 0; i < crockford.size(); ++i) values[static_cast<unsigned char>(crockford[i])] = static_cast<std::uint8_t>(i);
    return values;
}();

int hex_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

Random& system_random()
{
    thread_local KernelRandom random;
    return random;
}

std::string Uuid::to_string() const
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(36);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        text += digits[bytes[i] >> 4];
        text += digits[bytes[i] & 15];
    }
    return text;
}

std::optional<Uuid> Uuid::from_string(std::string_view text)
{
    if (text.size() != 36) return std::nullopt;
    Uuid id;
    std::size_t at = 0;
    for (std::size_t i = 0; i < 16; ++i) {
        if (at == 8 || at == 13 || at == 18 || at == 23) {
            if (text[at] != '-') return std::nullopt;
            ++at;
        }
        int const high = hex_value(text[at]);
        int const low = hex_value(text[at + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        id.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
        at += 2;
    }
    return id;
}

std::string Uuid::to_base32() const
{
    // 128 bits in 26 characters of 5 bits: the first carries the two leading zero bits.
    std::string text(26, '0');
    unsigned __int128 value = 0;
    for (auto b : bytes) value = (value << 8) | b;
    for (std::size_t i = 26; i-- > 0;) {
        text[i] = crockford[static_cast<std::size_t>(value & 31)];
        value >>= 5;
    }
    return text;
}

std::optional<Uuid> Uuid::from_base32(std::string_view text)
{
    if (text.size() != 26 || text[0] > '7') return std::nullopt;
    unsigned __int128 value = 0;
    for (char c : text) {
        auto const digit = crockford_values[static_cast<unsigned char>(c)];
        if (digit == no_digit) return std::nullopt;
        value = (value << 5) | digit;
    }
    Uuid id;
    for (std::size_t i = 16; i-- > 0;) {
        id.bytes[i] = static_cast<std::uint8_t>(value & 255);
        value >>= 8;
    }
    return id;
}

Uuid make_uuid7(Instant now, Random& random)
{
    Uuid id;
    random.fill(id.bytes.data() + 6, 10);
    auto ms = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count());
    for (std::size_t i = 6; i-- > 0;) {
        id.bytes[i] = static_cast<std::uint8_t>(ms & 255);
        ms >>= 8;
    }
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0f) | 0x70);
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3f) | 0x80);
    return id;
}

Uuid make_derived_uuid(std::initializer_list<std::string_view> parts)
{
    std::string text;
    for (auto part : parts) {
        text += std::to_string(part.size());
        text += ':';
        text += part;
    }
    auto const digest = sha256(text);
    Uuid id;
    std::memcpy(id.bytes.data(), digest.data(), 16);
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0f) | 0x80);
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3f) | 0x80);
    return id;
}

Uuid make_following_uuid(Uuid const& from, std::string_view what)
{
    auto id = make_derived_uuid({what, from.to_string()});
    if (from.bytes[6] >> 4 != 7) return id;
    std::copy_n(from.bytes.begin(), 6, id.bytes.begin());
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0f) | 0x70);
    return id;
}

}  // namespace cho40
