#pragma once
#include "adapters/rails/rail.h"
#include "qr-pay/refund_calls.h"

namespace cho40::rails::vietqr {

// vietqr.vn's refund call, from our side:
//
//   POST …/api/token_generate        Authorization: Basic …    -> a bearer token
//   POST …/api/transaction/refund    Authorization: Bearer …   refund_body() -> refund_outcome()
//
// What the provider gave out for it; kept sealed as one text.
struct RefundCredentials {
    RefundCredentials(std::string user_name, Secret word, Secret checksum_key)
        : user(std::move(user_name)), password(std::move(word)), key(std::move(checksum_key))
    {
    }
    std::string user;
    Secret password;
    Secret key;  // of the checkSum
};
[[nodiscard]] Secret to_text(RefundCredentials const& credentials);
// Error: invalid_config.
[[nodiscard]] Result<RefundCredentials> refund_credentials_from(Secret const& text);

[[nodiscard]] std::string basic_authorization(RefundCredentials const& credentials);

// The token of an answer to token_generate; nothing when there is none in it.
[[nodiscard]] std::optional<Secret> token_in(int status, std::string_view body);

[[nodiscard]] std::string refund_body(qr_pay::RefundCall const& call, RefundCredentials const& credentials);
// Only a clear word counts: what else is answered leaves it in doubt.
[[nodiscard]] qr_pay::RefundCallOutcome refund_outcome(int status, std::string_view body);

}  // namespace cho40::rails::vietqr
