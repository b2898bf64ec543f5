#pragma once
#include "adapters/pages/pages.h"
#include <string_view>
#include <vector>

namespace cho40::pages {

// A file of adapters/pages/assets as it is served: its address carries the content's hash, so it may be cached for ever
// (Cache-Control: public, max-age=31536000, immutable).
struct Asset {
    Url url;
    std::string_view content_type;
    std::string_view bytes;  // lives as long as the program
};

[[nodiscard]] std::vector<Asset> const& assets();
[[nodiscard]] AssetUrls const& asset_urls();

// The header the pages are made for: no inline script or style, nothing from elsewhere, forms only to us.
inline constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

}  // namespace cho40::pages
