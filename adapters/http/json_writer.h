#pragma once
#include "base/dong.h"
#include "base/time.h"
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace cho40::http {

[[nodiscard]] nlohmann::json money_json(Dong amount);                        // {"amount": 45000, "currency": "VND"}
[[nodiscard]] nlohmann::json money_json(std::optional<Dong> amount);         // null when there is none
[[nodiscard]] nlohmann::json text_or_null(std::string_view text);            // null when it is empty
[[nodiscard]] nlohmann::json instant_json(Instant instant);                  // "2026-11-22T03:15:30.120Z"
[[nodiscard]] nlohmann::json instant_json(std::optional<Instant> instant);   // null when there is none
[[nodiscard]] nlohmann::json exact_instant_json(Instant instant);            // "2026-11-22T03:15:30.120456Z": loses nothing
[[nodiscard]] nlohmann::json exact_instant_json(std::optional<Instant> instant);
[[nodiscard]] nlohmann::json day_json(Day day);                              // "2026-11-22"
// {"name", "finished", "since", "reason": null | {"code", "text"}} (api-conventions §2.1).
[[nodiscard]] nlohmann::json state_json(std::string_view name, bool finished, Instant since, std::string_view reason_code = {},
                                        std::string_view reason_text = {});
// Compact text. Bytes that are not UTF-8 become U+FFFD instead of an exception.
[[nodiscard]] std::string dump_json(nlohmann::json const& value);

}  // namespace cho40::http
