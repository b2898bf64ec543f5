#pragma once
#include "adapters/identity/secrets.h"
#include "ledger/signed_head.h"
#include <memory>

struct evp_pkey_st;

namespace cho40::identity {

// The Ed25519 public key that anybody may have, to check what this installation has signed of its books.
class LedgerPublicKey final : public ledger::HeadKey {
public:
    // 32 bytes. Error: invalid_format.
    [[nodiscard]] static Result<LedgerPublicKey> from_bytes(std::string_view bytes);
    // "-----BEGIN PUBLIC KEY-----" as pem() and OpenSSL write it. Error: invalid_format.
    [[nodiscard]] static Result<LedgerPublicKey> from_pem(std::string_view pem);

    [[nodiscard]] std::string const& bytes() const { return bytes_; }
    [[nodiscard]] std::string pem() const;
    [[nodiscard]] std::string id_text() const;  // 16 hex digits

    [[nodiscard]] ledger::KeyId id() const override { return id_; }
    [[nodiscard]] bool accepts(std::string_view bytes, ledger::HeadSignature const& signature) const override;

private:
    LedgerPublicKey(std::shared_ptr<evp_pkey_st> key, std::string bytes);

    std::shared_ptr<evp_pkey_st> key_;
    std::string bytes_;
    ledger::KeyId id_;
};

// Signs heads. Its seed is derived from the installation key (use "ledger-head/ed25519"): there is no other secret to keep,
// and a lost installation key is a lost signing key; what it signed before stays checkable with the public key.
class LedgerKey final : public ledger::HeadSigner {
public:
    explicit LedgerKey(InstallationKey const& installation);

    [[nodiscard]] LedgerPublicKey const& public_key() const { return public_; }

    [[nodiscard]] ledger::KeyId id() const override { return public_.id(); }
    [[nodiscard]] bool accepts(std::string_view bytes, ledger::HeadSignature const& signature) const override
    {
        return public_.accepts(bytes, signature);
    }
    [[nodiscard]] ledger::HeadSignature sign(std::string_view bytes) const override;

private:
    std::shared_ptr<evp_pkey_st> key_;
    LedgerPublicKey public_;
};

}  // namespace cho40::identity
