#pragma once
#include "base/errc.h"
#include <optional>
#include <string_view>

namespace cho40::stores {

// The code of that name, as it was stored or sent. Nothing: this version has none of that name.
[[nodiscard]] std::optional<Errc> stored_errc(std::string_view name);

}  // namespace cho40::stores
