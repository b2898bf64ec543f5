#pragma once
#include "adapters/http/message.h"
#include "adapters/stores/payments_store.h"
#include <nlohmann/json_fwd.hpp>

namespace cho40::api {

// Why a credit was taken to be for a request, or for none: the rule, what it fired on, and both in words for people.
[[nodiscard]] nlohmann::json match_json(stores::PaymentsStore::CreditView const& credit, http::Language language);

}  // namespace cho40::api
