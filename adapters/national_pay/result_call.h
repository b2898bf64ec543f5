#pragma once
#include "adapters/national_pay/account.h"
#include "fees/national_payment.h"

namespace cho40::national_pay {

// What the platform tells when a payment has ended, proved by its checksum. Texts as they were signed.
struct ResultCall {
    std::string kind, code, partner, reference, amount, currency, transaction, bank, time, words;
    std::size_t secret = 0;  // which proved it: 0 the current one, 1 the one of before
};

// Proof first: the checksum over the fields as they came, against each secret that counts, in constant time. Errors: bad_signature;
// body_too_large, invalid_utf8, invalid_json, required, wrong_type, text_too_long with the place.
[[nodiscard]] Result<ResultCall> read_result_call(std::string_view body, Account const& account);

// What differs from our own record: "partner", "reference", "amount", "currency"; "" when nothing does.
[[nodiscard]] std::string_view difference(ResultCall const& call, fees::NationalPayment const& payment, Account const& account);

[[nodiscard]] fees::NationalResult result_of(ResultCall const& call);

// The codes of a reply. The profile names only success; the others are ours.
namespace reply_code {
inline constexpr std::string_view taken = "00", unknown_payment = "01", differs = "04", bad_checksum = "97", again = "99";
}
[[nodiscard]] std::string reply_body(std::string_view code, std::string_view words, Account const& account, Instant now);

// The platform's side: a result call with its checksum, for the sandbox and for tests.
[[nodiscard]] std::string signed_result_call(ResultCall const& call, Secret const& secret);

}  // namespace cho40::national_pay
