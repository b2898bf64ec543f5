#pragma once
#include "base/result.h"
#include "base/time.h"
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct x509_st;

namespace cho40::xml {

// Who a certificate says its holder is: `UID=MST:5709000030` for organisations and households, `CCCD:` or `CMND:` for
// persons.
struct SubjectCode {
    std::string kind;  // MST, CCCD, CMND
    std::string code;
};

// An X.509 certificate with an RSA key.
class Certificate {
public:
    // Errors: invalid_input.
    [[nodiscard]] static Result<Certificate> from_pem(std::string_view pem);
    [[nodiscard]] static Result<Certificate> from_der(std::string_view der);

    [[nodiscard]] std::string der() const;
    // RFC 4514, last attribute first, UTF-8: "UID=MST:5709000030,CN=…,C=VN".
    [[nodiscard]] std::string subject() const;
    [[nodiscard]] std::optional<SubjectCode> subject_code() const;
    [[nodiscard]] Instant not_before() const;
    [[nodiscard]] Instant not_after() const;
    [[nodiscard]] bool valid_at(Instant when) const { return not_before() <= when && when <= not_after(); }
    [[nodiscard]] int key_bits() const;  // 0 when the key is not RSA
    // Whether a chain leads from it to one of `anchors`, each certificate valid at `when`. Revocation is not looked up.
    [[nodiscard]] bool issued_under(std::span<Certificate const> anchors, Instant when) const;

    [[nodiscard]] x509_st* raw() const { return x509_.get(); }

private:
    struct Free {
        void operator()(x509_st* x509) const;
    };
    explicit Certificate(x509_st* x509);
    std::shared_ptr<x509_st> x509_;
};

}  // namespace cho40::xml
