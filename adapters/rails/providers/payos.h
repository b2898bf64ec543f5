#pragma once
#include "adapters/rails/rail.h"
#include <cstdint>
#include <nlohmann/json_fwd.hpp>

namespace cho40::rails::payos {

// payOS (https://payos.vn/docs): webhook {code, desc, success, data, signature}, signed over `data` by HMAC-SHA256 with
// the channel's checksum key. Registering a webhook makes payOS send a sample (orderCode 123, account 12345678) that
// must be answered 2xx; it reads as a probe.
[[nodiscard]] Rail const& rail();

// What is signed: the members of `data` sorted by name, "name=value" joined by "&", nothing URL-encoded; null and the
// words "null" and "undefined" are empty; arrays are compact JSON whose objects have sorted members.
// Error: invalid_json for a nested object, which has no canonical form.
[[nodiscard]] Result<std::string> canonical(nlohmann::json const& data);

// The signature over a request to make a payment link: exactly these five members, raw, in this order.
struct LinkRequest {
    std::int64_t order_code;
    Dong amount;
    std::string description;
    std::string cancel_url;
    std::string return_url;
};
[[nodiscard]] std::string link_signature(LinkRequest const& request, Secret const& checksum_key);

// The sandbox's side: a signed webhook that tells of `credit`. Members that payOS does not carry are left out.
[[nodiscard]] std::string webhook_body(qr_pay::BankCredit const& credit, std::int64_t order_code, std::string const& link_id,
                                       Secret const& checksum_key);
// The sample that payOS sends on registration, signed.
[[nodiscard]] std::string probe_body(Secret const& checksum_key);

}  // namespace cho40::rails::payos
