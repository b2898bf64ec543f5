#pragma once
#include "adapters/rails/rail.h"

namespace cho40::rails::vietqr {

// vietqr.vn (api.vietqr.vn): the provider first asks us for a token with Basic credentials that we chose, then pushes
// each transfer with it. The secret of the rail account is "user:password".
//
//   POST …/api/token_generate         Authorization: Basic …    -> token_reply()
//   POST …/bank/api/transaction-sync  Authorization: Bearer …   -> rail().read(), accepted() or refused()
//
// Names of members are accepted in any mixture of case: the Vietnamese and the English documents differ. The provider
// tries again on every failure but 400, so a refusal that can never turn good is a 400.
[[nodiscard]] Rail const& rail();

inline constexpr std::chrono::seconds token_lifetime_told{59};
inline constexpr std::chrono::seconds token_lifetime{120};  // what is honoured: a push may wait in the provider's queue

// A bearer token that needs no storage: its end, and an HMAC over it with a key made from the secret.
[[nodiscard]] std::string make_token(RailSecret const& secret, Instant now);
[[nodiscard]] bool is_token_valid(std::string_view token, RailSecret const& secret, Instant now);

// The answer to token_generate: 200 with a token, or 401.
[[nodiscard]] Reply token_reply(RawNotification const& raw, RailSecret const& secret);

// The sandbox's side: a transaction-sync body that tells of `credit`, and the header to ask for a token with.
[[nodiscard]] std::string sync_body(qr_pay::BankCredit const& credit);
[[nodiscard]] std::string basic_authorization(RailSecret const& secret);

// checkSum of a refund order: MD5 hex of key, reference, amount, account without separators. MD5 is what the provider
// prescribes; nothing of ours rests on it.
struct RefundOrder {
    std::string reference;
    Dong amount;
    std::string account_number;
};
[[nodiscard]] std::string refund_checksum(RefundOrder const& order, Secret const& key);

}  // namespace cho40::rails::vietqr
