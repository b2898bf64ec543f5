#pragma once
#include "ledger/command.h"

namespace cho40::stores {

// The attributes of an event as a flat JSON object.
[[nodiscard]] std::string event_attributes_json(ledger::Event const& event);

}  // namespace cho40::stores
