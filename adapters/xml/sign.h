#pragma once
#include "adapters/xml/canonical.h"
#include "adapters/xml/signer.h"
#include <optional>
#include <string>
#include <string_view>

namespace cho40::xml {

// How a receiving gateway wants its signatures. Always RSA-SHA256 with SHA-256; SHA-1 cannot be asked for.
struct SignProfile {
    C14n signed_info = C14n::inclusive;    // CanonicalizationMethod
    std::optional<Instant> signing_time;   // adds Object/SignatureProperties with the time, and a reference to it
};

// Adds a signature over the signed part (HSoKhaiThue, TBaoThue) to CKyDTu, after those that are there. Every other byte
// stays as it was: a BOM, white space, the XML declaration. The same input gives the same output. What leaves was read
// back and verified, earlier signatures included.
// Errors: xml_malformed, xml_forbidden, signature_invalid (no part to sign), signing_failed.
[[nodiscard]] Result<std::string> sign(std::string_view document, Signer const& signer, SignProfile const& profile = {});

}  // namespace cho40::xml
