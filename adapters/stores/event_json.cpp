#include "adapters/stores/event_json.h"
#include <nlohmann/json.hpp>

namespace cho40::stores {

std::string event_attributes_json(ledger::Event const& event)
{
    nlohmann::json object = nlohmann::json::object();
    for (auto const& [name, value] : event.attributes) {
        std::visit([&](auto const& v) { object[name] = v; }, value);
    }
    return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace cho40::stores
