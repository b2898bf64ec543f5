#pragma once
#include "base/digest.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/uuid.h"
#include <string>
#include <string_view>

namespace cho40::identity {

// The installation's master key: 32 bytes from the configuration. Every use has a key of its own derived from it, so that
// what one part signs or seals means nothing to another.
class InstallationKey {
public:
    // 64 hex digits, or the base64 of 32 bytes. Error: invalid_config; the text never repeats the value.
    [[nodiscard]] static Result<InstallationKey> parse(std::string_view text);
    [[nodiscard]] static InstallationKey make(Random& random);

    // HMAC-SHA-256 of the use's name: "api-key", "cursor", "seal/rail_account".
    [[nodiscard]] Secret derive(std::string_view use) const;
    // As parse() reads it, for writing a first configuration.
    [[nodiscard]] Secret text() const;

private:
    explicit InstallationKey(std::string bytes) : bytes_(std::move(bytes)) {}
    Secret bytes_;
};

// Secrets that we must be able to read again (a rail's shared secret), sealed for the database with XSalsa20-Poly1305:
// version byte, nonce, box. `use` is what the sealed bytes are for ("rail_account"); bytes sealed for one use do not open
// for another.
[[nodiscard]] std::string seal(InstallationKey const& key, std::string_view use, Secret const& secret, Random& random);
// Error: invalid_config (another installation key, another use, or changed bytes).
[[nodiscard]] Result<Secret> open_sealed(InstallationKey const& key, std::string_view use, std::string_view sealed);

}  // namespace cho40::identity
