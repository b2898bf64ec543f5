#pragma once
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <memory>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string>

namespace cho40::tests {

// A key and a self-signed certificate for one DNS name in a folder that goes away with it.
class TemporaryCertificate {
public:
    explicit TemporaryCertificate(std::string const& name)
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "cho40-cert-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) ADD_FAILURE() << "mkdtemp";
        folder_ = pattern;

        std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
        std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
        X509_set_version(certificate.get(), 2);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
        X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
        X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
        X509_set_pubkey(certificate.get(), key.get());
        auto* const subject = X509_get_subject_name(certificate.get());
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<unsigned char const*>(name.c_str()), -1, -1, 0);
        X509_set_issuer_name(certificate.get(), subject);
        for (auto const& [nid, value] : {std::pair<int, std::string>(NID_subject_alt_name, "DNS:" + name),
                                         std::pair<int, std::string>(NID_basic_constraints, "critical,CA:TRUE")}) {
            auto* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
            X509_add_ext(certificate.get(), extension, -1);
            X509_EXTENSION_free(extension);
        }
        if (X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0) ADD_FAILURE() << "X509_sign";

        auto* file = std::fopen(this->certificate().c_str(), "w");
        PEM_write_X509(file, certificate.get());
        std::fclose(file);
        file = std::fopen(this->key().c_str(), "w");
        PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        std::fclose(file);
    }
    ~TemporaryCertificate() { std::filesystem::remove_all(folder_); }
    TemporaryCertificate(TemporaryCertificate const&) = delete;
    TemporaryCertificate& operator=(TemporaryCertificate const&) = delete;

    [[nodiscard]] std::string certificate() const { return (folder_ / "certificate.pem").string(); }
    [[nodiscard]] std::string key() const { return (folder_ / "key.pem").string(); }

private:
    std::filesystem::path folder_;
};

}  // namespace cho40::tests
