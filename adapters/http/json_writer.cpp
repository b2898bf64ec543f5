#include "adapters/http/json_writer.h"
#include <nlohmann/json.hpp>

namespace cho40::http {

using nlohmann::json;

json money_json(Dong amount) { return {{"amount", amount.count()}, {"currency", "VND"}}; }
json money_json(std::optional<Dong> amount) { return amount ? money_json(*amount) : json(nullptr); }
json text_or_null(std::string_view text) { return text.empty() ? json(nullptr) : json(text); }
json instant_json(Instant instant) { return to_rfc3339(instant); }
json instant_json(std::optional<Instant> instant) { return instant ? json(to_rfc3339(*instant)) : json(nullptr); }
json exact_instant_json(Instant instant) { return to_rfc3339_micro(instant); }
json exact_instant_json(std::optional<Instant> instant) { return instant ? json(to_rfc3339_micro(*instant)) : json(nullptr); }
json day_json(Day day) { return day.to_string(); }

json state_json(std::string_view name, bool finished, Instant since, std::string_view reason_code, std::string_view reason_text)
{
    json state = {{"name", name}, {"finished", finished}, {"since", to_rfc3339(since)}, {"reason", nullptr}};
    if (!reason_code.empty()) state["reason"] = {{"code", reason_code}, {"text", reason_text}};
    return state;
}

std::string dump_json(json const& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

}  // namespace cho40::http
