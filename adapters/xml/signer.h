#pragma once
#include "adapters/xml/certificate.h"
#include "base/secret.h"
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace cho40::xml {

// Something that holds a private key: a file, a token, a signing service. It sees only the bytes to sign. May block; call
// it from the pool.
struct Signer {
    virtual ~Signer() = default;
    // RSA PKCS#1 v1.5 with SHA-256 over `bytes`; the raw signature. Error: signing_failed.
    [[nodiscard]] virtual Result<std::string> sign_rsa_sha256(std::string_view bytes) const = 0;
    [[nodiscard]] virtual Certificate const& certificate() const = 0;
};

// A key and its certificate from PEM texts.
class FileSigner final : public Signer {
public:
    // Errors: signing_failed (unreadable, not RSA, shorter than 2048 bits), certificate_mismatch (another key's
    // certificate).
    [[nodiscard]] static Result<FileSigner> from_pem(Secret const& key_pem, std::string_view certificate_pem,
                                                     std::optional<Secret> const& passphrase = std::nullopt);

    [[nodiscard]] Result<std::string> sign_rsa_sha256(std::string_view bytes) const override;
    [[nodiscard]] Certificate const& certificate() const override { return certificate_; }

private:
    FileSigner(std::shared_ptr<evp_pkey_st> key, Certificate certificate) : key_(std::move(key)), certificate_(std::move(certificate)) {}
    std::shared_ptr<evp_pkey_st> key_;
    Certificate certificate_;
};

}  // namespace cho40::xml
