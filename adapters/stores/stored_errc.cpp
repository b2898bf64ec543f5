#include "adapters/stores/stored_errc.h"
#include <unordered_map>

namespace cho40::stores {

std::optional<Errc> stored_errc(std::string_view name)
{
    static auto const all = [] {
        std::unordered_map<std::string_view, Errc> map;
#define CHO40_NAME(code) map.emplace(#code, Errc::code);
        CHO40_ERROR_CODES(CHO40_NAME)
#undef CHO40_NAME
        return map;
    }();
    auto const it = all.find(name);
    if (it == all.end()) return std::nullopt;
    return it->second;
}

}  // namespace cho40::stores
