#include "adapters/identity/ledger_key.h"
#include "base/check.h"
#include <algorithm>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

namespace cho40::identity {
namespace {

constexpr std::size_t key_bytes = 32;

using Key = std::shared_ptr<EVP_PKEY>;
using Digest = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;

unsigned char const* raw(std::string_view bytes) { return reinterpret_cast<unsigned char const*>(bytes.data()); }

Key owned(EVP_PKEY* key) { return Key(key, EVP_PKEY_free); }

std::string public_bytes(EVP_PKEY* key)
{
    std::string bytes(key_bytes, '\0');
    auto size = bytes.size();
    CHO_CHECK(EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(bytes.data()), &size) == 1 && size == key_bytes);
    return bytes;
}

ledger::KeyId id_of(std::string_view public_key)
{
    auto const digest = sha256(public_key);
    ledger::KeyId id;
    std::copy_n(digest.begin(), id.size(), id.begin());
    return id;
}

Key signing_key(InstallationKey const& installation)
{
    auto const seed = installation.derive("ledger-head/ed25519");
    auto key = owned(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, raw(seed.expose()), seed.expose().size()));
    CHO_CHECK(key != nullptr);
    return key;
}

}  // namespace

LedgerPublicKey::LedgerPublicKey(std::shared_ptr<evp_pkey_st> key, std::string bytes)
    : key_(std::move(key)), bytes_(std::move(bytes)), id_(id_of(bytes_))
{
}

Result<LedgerPublicKey> LedgerPublicKey::from_bytes(std::string_view bytes)
{
    auto key = bytes.size() == key_bytes ? owned(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw(bytes), bytes.size()))
                                         : nullptr;
    if (!key) return fail(Errc::invalid_format, "an Ed25519 public key has 32 bytes");
    return LedgerPublicKey(std::move(key), std::string(bytes));
}

Result<LedgerPublicKey> LedgerPublicKey::from_pem(std::string_view pem)
{
    Memory const in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
    auto key = owned(PEM_read_bio_PUBKEY(in.get(), nullptr, nullptr, nullptr));
    if (!key || EVP_PKEY_id(key.get()) != EVP_PKEY_ED25519)
        return fail(Errc::invalid_format, "this is not an Ed25519 public key in PEM form");
    auto bytes = public_bytes(key.get());
    return LedgerPublicKey(std::move(key), std::move(bytes));
}

std::string LedgerPublicKey::pem() const
{
    Memory const out(BIO_new(BIO_s_mem()), BIO_free);
    CHO_CHECK(out != nullptr && PEM_write_bio_PUBKEY(out.get(), key_.get()) == 1);
    char* text = nullptr;
    auto const size = BIO_get_mem_data(out.get(), &text);
    return std::string(text, static_cast<std::size_t>(size));
}

std::string LedgerPublicKey::id_text() const { return to_hex(std::string_view(reinterpret_cast<char const*>(id_.data()), id_.size())); }

bool LedgerPublicKey::accepts(std::string_view bytes, ledger::HeadSignature const& signature) const
{
    Digest const context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    CHO_CHECK(context != nullptr && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1);
    return EVP_DigestVerify(context.get(), signature.data(), signature.size(), raw(bytes), bytes.size()) == 1;
}

LedgerKey::LedgerKey(InstallationKey const& installation)
    : key_(signing_key(installation)), public_(LedgerPublicKey::from_bytes(public_bytes(key_.get())).value())
{
}

ledger::HeadSignature LedgerKey::sign(std::string_view bytes) const
{
    Digest const context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    ledger::HeadSignature signature;
    auto size = signature.size();
    CHO_CHECK(context != nullptr && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1);
    CHO_CHECK(EVP_DigestSign(context.get(), signature.data(), &size, raw(bytes), bytes.size()) == 1 && size == signature.size());
    return signature;
}

}  // namespace cho40::identity
