#include "adapters/xml/certificate.h"
#include <array>
#include <ctime>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

namespace cho40::xml {
namespace {

struct FreeBio {
    void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeStore {
    void operator()(X509_STORE* store) const { X509_STORE_free(store); }
};
struct FreeContext {
    void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
};
struct FreeBytes {
    void operator()(unsigned char* bytes) const { OPENSSL_free(bytes); }
};

// OpenSSL keeps errors of this thread until someone reads them; what we refused politely must not surface elsewhere.
tl::unexpected<Error> refuse(char const* what)
{
    ERR_clear_error();
    return fail(Errc::invalid_input, what);
}

Instant instant_of(ASN1_TIME const* time)
{
    std::tm parts{};
    if (!time || ASN1_TIME_to_tm(time, &parts) != 1) return Instant{};
    return Instant(std::chrono::seconds(timegm(&parts)));
}

}  // namespace

Certificate::Certificate(x509_st* x509) : x509_(x509, Free{}) {}

void Certificate::Free::operator()(x509_st* x509) const { X509_free(x509); }

Result<Certificate> Certificate::from_pem(std::string_view pem)
{
    std::unique_ptr<BIO, FreeBio> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    auto* x509 = bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr;
    if (!x509) return refuse("this is no PEM certificate");
    return Certificate(x509);
}

Result<Certificate> Certificate::from_der(std::string_view der)
{
    auto const* at = reinterpret_cast<unsigned char const*>(der.data());
    auto* x509 = d2i_X509(nullptr, &at, static_cast<long>(der.size()));
    if (!x509) return refuse("this is no certificate");
    Certificate certificate(x509);
    if (at != reinterpret_cast<unsigned char const*>(der.data()) + der.size()) return refuse("bytes follow the certificate");
    return certificate;
}

std::string Certificate::der() const
{
    unsigned char* bytes = nullptr;
    int const size = i2d_X509(x509_.get(), &bytes);
    std::unique_ptr<unsigned char, FreeBytes> owner(bytes);
    return size > 0 ? std::string(reinterpret_cast<char const*>(bytes), static_cast<std::size_t>(size)) : std::string();
}

std::string Certificate::subject() const
{
    std::unique_ptr<BIO, FreeBio> bio(BIO_new(BIO_s_mem()));
    if (!bio) return {};
    // RFC 2253 without \xx for every byte of a Vietnamese letter.
    X509_NAME_print_ex(bio.get(), X509_get_subject_name(x509_.get()), 0, (XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB));
    char* text = nullptr;
    auto const size = BIO_get_mem_data(bio.get(), &text);
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

std::optional<SubjectCode> Certificate::subject_code() const
{
    static constexpr std::array<std::string_view, 3> kinds = {"MST", "CCCD", "CMND"};
    auto* name = X509_get_subject_name(x509_.get());
    for (int i = 0; i < X509_NAME_entry_count(name); ++i) {
        unsigned char* bytes = nullptr;
        int const size = ASN1_STRING_to_UTF8(&bytes, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i)));
        std::unique_ptr<unsigned char, FreeBytes> owner(bytes);
        if (size <= 0) continue;
        std::string_view const value(reinterpret_cast<char const*>(bytes), static_cast<std::size_t>(size));
        for (auto kind : kinds) {
            if (value.starts_with(kind) && value.size() > kind.size() && value[kind.size()] == ':') {
                return SubjectCode{std::string(kind), std::string(value.substr(kind.size() + 1))};
            }
        }
    }
    return std::nullopt;
}

Instant Certificate::not_before() const { return instant_of(X509_get0_notBefore(x509_.get())); }
Instant Certificate::not_after() const { return instant_of(X509_get0_notAfter(x509_.get())); }

int Certificate::key_bits() const
{
    auto* key = X509_get0_pubkey(x509_.get());
    return key && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA ? EVP_PKEY_get_bits(key) : 0;
}

bool Certificate::issued_under(std::span<Certificate const> anchors, Instant when) const
{
    std::unique_ptr<X509_STORE, FreeStore> store(X509_STORE_new());
    std::unique_ptr<X509_STORE_CTX, FreeContext> context(X509_STORE_CTX_new());
    if (!store || !context) return false;
    for (auto const& anchor : anchors) X509_STORE_add_cert(store.get(), anchor.raw());
    if (X509_STORE_CTX_init(context.get(), store.get(), x509_.get(), nullptr) != 1) return false;
    // The operator's list is final: an intermediate in it is as good as a root.
    X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_PARTIAL_CHAIN);
    X509_STORE_CTX_set_time(context.get(), 0, std::chrono::system_clock::to_time_t(when));
    bool const good = X509_verify_cert(context.get()) == 1;
    ERR_clear_error();
    return good;
}

}  // namespace cho40::xml
