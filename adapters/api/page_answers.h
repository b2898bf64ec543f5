#pragma once
#include "adapters/api/fees.h"
#include "adapters/pages/pages.h"

// What the answers of all public pages have in common.
namespace cho40::api {

// ?lang= before the cookie it left. Not Accept-Language: half the phones here are set to English by whoever sold them.
[[nodiscard]] pages::Language language_of(http::Request const& request);
// The {code} of the route, or nothing.
[[nodiscard]] std::string code_in_path(http::Request const& request);
[[nodiscard]] pages::PageContext page_context(FeeContext const& context, http::Request const& request);
[[nodiscard]] http::Response answer(http::Request const& request, std::string document, int status = 200);

}  // namespace cho40::api
