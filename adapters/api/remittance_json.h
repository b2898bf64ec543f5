#pragma once
#include "adapters/api/remittances.h"
#include <nlohmann/json_fwd.hpp>

namespace cho40::api {

// What is due for a period, before or after it was made; `pay_by` is the earliest deadline of the money in it.
[[nodiscard]] nlohmann::json remittance_plan_json(fees::RemittancePlan const& plan, RemittanceContext const& context);
[[nodiscard]] nlohmann::json remittance_json(fees::Remittance const& remittance, RemittanceContext const& context);
[[nodiscard]] nlohmann::json heard_json(fees::Remit::Heard const& heard, std::vector<fees::StatementLine> const& lines);

}  // namespace cho40::api
