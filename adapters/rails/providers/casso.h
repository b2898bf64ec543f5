#pragma once
#include "adapters/rails/rail.h"
#include <nlohmann/json_fwd.hpp>

namespace cho40::rails::casso {

// Casso (https://developer.casso.vn), both generations, chosen by the form of the rail account's secret:
//
//   KEY      v2: X-Casso-Signature: t=<milliseconds>,v1=<hex>, HMAC-SHA512 over t + "." + the body as compact JSON with
//            sorted members. One transfer for each call.
//   v1:KEY   v1: the header secure-token holds KEY itself. A list of transfers for each call: all of them are read, or the
//            call is refused and nothing of it is booked.
//
// The body is written anew to be checked, and Casso does not say whether it escapes "/" and what is not ASCII; both ways
// are tried. Both are HMACs over the same meaning, so trying two opens nothing.
//
// The sample that a click on "test" at Casso sends (id 0, reference MA_GIAO_DICH_THU_NGHIEM) is a probe. Casso's rule for
// sending again is not published: a status below 500 says that trying again is no use.
//
// Its list call (GET /v2/transactions, Authorization: Apikey KEY) serves both generations.
[[nodiscard]] Rail const& rail();

enum class Escapes { none, all };  // as JavaScript writes JSON, as PHP writes it
// What is signed.
[[nodiscard]] std::string canonical(std::string_view milliseconds, nlohmann::json const& body, Escapes escapes);

// The provider's side: the notification that tells of `credit`, in the generation that the secret names.
// Pre: provider_id is a whole number.
[[nodiscard]] RawNotification notification(qr_pay::BankCredit const& credit, RailSecret const& secret, Instant sent_at);

}  // namespace cho40::rails::casso
