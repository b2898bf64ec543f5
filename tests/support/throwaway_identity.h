#pragma once
#include "base/check.h"
#include <memory>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string>
#include <string_view>

namespace cho40::tests {

// A key and a self-signed certificate made for one test run and worth nothing outside it.
struct ThrowawayIdentity {
    std::string key_pem;
    std::string certificate_pem;
};

// `uid` is what stands in the subject's UID, e.g. "MST:5709000030".
inline ThrowawayIdentity make_throwaway_identity(std::string const& uid, unsigned bits = 2048)
{
    auto text_of = [](BIO* bio) {
        char* data = nullptr;
        auto const size = BIO_get_mem_data(bio, &data);
        return std::string(data, static_cast<std::size_t>(size));
    };
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_RSA_gen(bits), EVP_PKEY_free);
    std::unique_ptr<X509, decltype(&X509_free)> x509(X509_new(), X509_free);
    CHO_CHECK(key && x509);
    X509_set_version(x509.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(x509.get()), 3600L * 24 * 365);
    auto* name = X509_get_subject_name(x509.get());
    auto add = [name](char const* field, std::string const& value) {
        CHO_CHECK(
            X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, reinterpret_cast<unsigned char const*>(value.c_str()), -1, -1, 0) == 1);
    };
    add("C", "VN");
    add("CN", "Chủ hộ mẫu (TEST ONLY)");
    add("UID", uid);
    X509_set_issuer_name(x509.get(), name);
    X509_set_pubkey(x509.get(), key.get());
    CHO_CHECK(X509_sign(x509.get(), key.get(), EVP_sha256()) > 0);

    std::unique_ptr<BIO, decltype(&BIO_free)> key_out(BIO_new(BIO_s_mem()), BIO_free), cert_out(BIO_new(BIO_s_mem()), BIO_free);
    CHO_CHECK(PEM_write_bio_PrivateKey(key_out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
    CHO_CHECK(PEM_write_bio_X509(cert_out.get(), x509.get()) == 1);
    return {text_of(key_out.get()), text_of(cert_out.get())};
}

}  // namespace cho40::tests
