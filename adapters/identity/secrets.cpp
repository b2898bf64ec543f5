#include "adapters/identity/secrets.h"
#include "base/check.h"
#include <sodium.h>

namespace cho40::identity {
namespace {

constexpr char sealed_version = 1;
constexpr std::size_t header_bytes = 1 + crypto_secretbox_NONCEBYTES;

unsigned char const* raw(std::string_view bytes) { return reinterpret_cast<unsigned char const*>(bytes.data()); }
unsigned char* raw(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

std::optional<std::string> from_hex(std::string_view text)
{
    std::string bytes(text.size() / 2, '\0');
    std::size_t length = 0;
    if (text.size() % 2 != 0) return std::nullopt;
    char const* end = nullptr;
    if (sodium_hex2bin(raw(bytes), bytes.size(), text.data(), text.size(), nullptr, &length, &end) != 0) return std::nullopt;
    if (end != text.data() + text.size() || length != bytes.size()) return std::nullopt;
    return bytes;
}

std::string seal_use(std::string_view use) { return "seal/" + std::string(use); }

}  // namespace

Result<InstallationKey> InstallationKey::parse(std::string_view text)
{
    auto bytes = text.size() == 64 ? from_hex(text) : from_base64(text);
    if (!bytes || bytes->size() != 32) {
        return fail(Errc::invalid_config, "the installation key must be 64 hexadecimal digits or the base64 of 32 bytes");
    }
    return InstallationKey(std::move(*bytes));
}

InstallationKey InstallationKey::make(Random& random)
{
    std::string bytes(32, '\0');
    random.fill(raw(bytes), bytes.size());
    return InstallationKey(std::move(bytes));
}

Secret InstallationKey::derive(std::string_view use) const
{
    auto const derived = hmac_sha256(bytes_.expose(), use);
    return Secret(std::string(reinterpret_cast<char const*>(derived.data()), derived.size()));
}

Secret InstallationKey::text() const { return Secret(to_hex(bytes_.expose())); }

std::string seal(InstallationKey const& key, std::string_view use, Secret const& secret, Random& random)
{
    static_assert(crypto_secretbox_KEYBYTES == 32);
    auto const box_key = key.derive(seal_use(use));
    auto const& plain = secret.expose();
    std::string sealed(header_bytes + crypto_secretbox_MACBYTES + plain.size(), '\0');
    sealed[0] = sealed_version;
    random.fill(raw(sealed) + 1, crypto_secretbox_NONCEBYTES);
    auto const done = crypto_secretbox_easy(raw(sealed) + header_bytes, raw(plain), plain.size(), raw(sealed) + 1, raw(box_key.expose()));
    CHO_CHECK(done == 0);
    return sealed;
}

Result<Secret> open_sealed(InstallationKey const& key, std::string_view use, std::string_view sealed)
{
    auto const refuse = [] {
        return fail(Errc::invalid_config, "a stored secret cannot be opened: it was sealed with another installation key, or changed");
    };
    if (sealed.size() < header_bytes + crypto_secretbox_MACBYTES || sealed[0] != sealed_version) return refuse();
    auto const box_key = key.derive(seal_use(use));
    std::string plain(sealed.size() - header_bytes - crypto_secretbox_MACBYTES, '\0');
    if (crypto_secretbox_open_easy(raw(plain), raw(sealed) + header_bytes, sealed.size() - header_bytes, raw(sealed) + 1,
                                   raw(box_key.expose())) != 0) {
        return refuse();
    }
    return Secret(std::move(plain));
}

}  // namespace cho40::identity
