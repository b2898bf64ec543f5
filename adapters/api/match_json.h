#pragma once
#include "adapters/http/message.h"
#include "qr-pay/match.h"
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>

namespace cho40::api {

// Why a transfer was taken to be for a payment or a refund, or for none: the rule, what it fired on in the narrative, and both in words
// for people. One shape wherever a transfer is told of. null: decided before rules were noted.
[[nodiscard]] nlohmann::json match_json(std::optional<qr_pay::Match> const& match, std::string_view narrative, http::Language language);

}  // namespace cho40::api
