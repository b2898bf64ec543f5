#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cho40 {

using Sha256 = std::array<std::uint8_t, 32>;

[[nodiscard]] Sha256 sha256(std::string_view bytes);

// The digest of bytes that come in parts.
class Sha256Stream {
public:
    Sha256Stream();
    ~Sha256Stream();
    Sha256Stream(Sha256Stream&&) noexcept;
    Sha256Stream& operator=(Sha256Stream&&) noexcept;

    void add(std::string_view bytes);
    // Of everything added up to now; more may follow.
    [[nodiscard]] Sha256 digest() const;

private:
    struct Context;
    std::unique_ptr<Context> context_;
};

[[nodiscard]] std::string hmac_sha256_hex(std::string_view key, std::string_view message);  // lower-case hex
[[nodiscard]] std::string hmac_sha512_hex(std::string_view key, std::string_view message);  // lower-case hex
[[nodiscard]] Sha256 hmac_sha256(std::string_view key, std::string_view message);

[[nodiscard]] std::string to_hex(std::string_view bytes);  // lower case
[[nodiscard]] std::string to_hex(Sha256 const& digest);
// Nothing when the text is not an even number of lower-case hex digits.
[[nodiscard]] std::optional<std::string> from_hex(std::string_view text);
[[nodiscard]] std::string to_base64(std::string_view bytes);
// Strict: padded, no white space. Nothing when the text is not base64.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

// Equality that takes the same time wherever the first difference is. Different lengths are different at once.
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace cho40
