#include "adapters/pages/assets.h"
#include "base/digest.h"
#include "embedded/pages.h"

namespace cho40::pages {
namespace {

Url hashed(std::string_view stem, std::string_view extension, std::string_view bytes)
{
    return Url::path({"assets", std::string(stem) + '.' + to_hex(sha256(bytes)).substr(0, 12) + '.' + std::string(extension)});
}

// tokens.css first: the very file that the vendor's app and the consoles are built with.
std::string const& style()
{
    static std::string const bytes = std::string(embedded::tokens_css) + std::string(embedded::pages_css);
    return bytes;
}

}  // namespace

AssetUrls const& asset_urls()
{
    static AssetUrls const urls{hashed("pages", "css", style()), hashed("pages", "js", embedded::pages_js),
                                hashed("icon", "svg", embedded::icon_svg)};
    return urls;
}

std::vector<Asset> const& assets()
{
    static std::vector<Asset> const all = {{asset_urls().style, "text/css; charset=utf-8", style()},
                                           {asset_urls().script, "text/javascript; charset=utf-8", embedded::pages_js},
                                           {asset_urls().icon, "image/svg+xml", embedded::icon_svg}};
    return all;
}

}  // namespace cho40::pages
