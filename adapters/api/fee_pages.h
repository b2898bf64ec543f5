#pragma once
#include "adapters/api/fees.h"

namespace cho40::api {

// GET /fees: which fee, and what is due for it. For anybody.
[[nodiscard]] Answering fees_page(FeeContext& context, http::Request request);

}  // namespace cho40::api
