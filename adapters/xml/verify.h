#pragma once
#include "adapters/xml/certificate.h"
#include "adapters/xml/document.h"
#include <optional>
#include <string>
#include <vector>

namespace cho40::xml {

struct VerifyOptions {
    Instant now;                        // used where the signature names no time
    std::vector<Certificate> anchors;   // empty: the certificate's issuer is not checked, and the report says so
};

struct SignatureReport {
    bool valid = false;
    std::string reference;              // URI of the reference to the signed part, as written: "#ID_1"
    std::string algorithm;              // rsa-sha256, rsa-sha1, …; the URI when it is not one of ours
    std::string digest;                 // sha256, sha1, …
    std::string signer;                 // subject of the certificate
    std::optional<SubjectCode> signer_code;
    std::optional<Instant> signing_time;
    std::optional<bool> trusted;        // nothing: no anchors were given
    std::string why;                    // empty when valid
    std::vector<std::string> warnings;  // sha1, short_key, certificate_not_valid_at_signing, issuer_not_checked
};

struct VerifyReport {
    bool ok = false;  // at least one signature, and every one valid
    std::vector<SignatureReport> signatures;
    std::string why;  // what is wrong with the document as a whole
};

// Checks every signature of a filing, notice, registration or invoice. Allowed are RSA with SHA-1 (flagged), 256, 384, 512;
// canonical XML 1.0 and exclusive, with or without comments; the transforms enveloped-signature and these; at most 4
// references to places in the same document; one of them must be the signed part itself. The key is taken from the X.509
// certificate in KeyInfo. Whether that certificate is the right person's is for the caller to say.
[[nodiscard]] VerifyReport verify(Document const& document, VerifyOptions const& options);

}  // namespace cho40::xml
