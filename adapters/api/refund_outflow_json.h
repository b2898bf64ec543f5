#pragma once
#include "adapters/http/message.h"
#include "qr-pay/refund_outflow.h"
#include <nlohmann/json_fwd.hpp>

namespace cho40::api {

// A transfer that named a refund, as a rail told it.
[[nodiscard]] nlohmann::json telling_json(qr_pay::RefundMovement const& telling, http::Language language);

// What left under a refund's code and is not simply that refund: what, how much too little or too much, and what to do about it, in
// the reader's language. null when nothing is wrong.
[[nodiscard]] nlohmann::json outflow_json(qr_pay::StoredRefund const& refund, qr_pay::RefundOutflow const& outflow,
                                          http::Language language);

struct OutflowWords {
    std::string text, next;
};
[[nodiscard]] OutflowWords outflow_words(qr_pay::StoredRefund const& refund, qr_pay::RefundOutflow const& outflow, http::Language language);

}  // namespace cho40::api
