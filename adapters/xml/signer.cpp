#include "adapters/xml/signer.h"
#include <algorithm>
#include <cstring>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace cho40::xml {
namespace {

constexpr int key_bits_min = 2048;

struct FreeBio {
    void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeDigest {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

tl::unexpected<Error> refuse(Errc code, char const* what)
{
    ERR_clear_error();
    return fail(code, what);
}

// OpenSSL asks for the passphrase through this; without one it would ask the terminal.
int give_passphrase(char* out, int size, int, void* data)
{
    auto const* passphrase = static_cast<std::optional<Secret> const*>(data);
    if (!passphrase || !*passphrase) return -1;
    auto const& text = (*passphrase)->expose();
    if (text.size() > static_cast<std::size_t>(size)) return -1;
    std::memcpy(out, text.data(), text.size());
    return static_cast<int>(text.size());
}

}  // namespace

Result<FileSigner> FileSigner::from_pem(Secret const& key_pem, std::string_view certificate_pem, std::optional<Secret> const& passphrase)
{
    CHO_TRY(auto certificate, Certificate::from_pem(certificate_pem));
    std::unique_ptr<BIO, FreeBio> bio(BIO_new_mem_buf(key_pem.expose().data(), static_cast<int>(key_pem.expose().size())));
    auto* data = const_cast<std::optional<Secret>*>(&passphrase);
    std::shared_ptr<evp_pkey_st> key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, give_passphrase, data) : nullptr, EVP_PKEY_free);
    if (!key) return refuse(Errc::signing_failed, "the private key cannot be read: not PEM, or its passphrase is missing or wrong");
    if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) return refuse(Errc::signing_failed, "the private key must be RSA");
    if (EVP_PKEY_get_bits(key.get()) < key_bits_min) return refuse(Errc::signing_failed, "the private key must have at least 2048 bits");
    if (X509_check_private_key(certificate.raw(), key.get()) != 1) {
        return refuse(Errc::certificate_mismatch, "the certificate does not belong to the private key");
    }
    return FileSigner(std::move(key), std::move(certificate));
}

Result<std::string> FileSigner::sign_rsa_sha256(std::string_view bytes) const
{
    std::unique_ptr<EVP_MD_CTX, FreeDigest> context(EVP_MD_CTX_new());
    auto const* in = reinterpret_cast<unsigned char const*>(bytes.data());
    std::size_t size = 0;
    if (!context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) != 1 ||
        EVP_DigestSign(context.get(), nullptr, &size, in, bytes.size()) != 1) {
        return refuse(Errc::signing_failed, "the key does not sign");
    }
    std::string signature(size, '\0');
    if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, in, bytes.size()) != 1) {
        return refuse(Errc::signing_failed, "the key does not sign");
    }
    signature.resize(size);
    return signature;
}

}  // namespace cho40::xml
