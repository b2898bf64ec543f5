#pragma once
#include "fees/remit.h"
#include <string>
#include <string_view>

// The jsonb columns of table remittance.
namespace cho40::stores {

[[nodiscard]] std::string plan_json(fees::RemittancePlan const& plan);
// With the orders as they were planned: those stand with what became of them.
void read_plan(fees::Remittance& remittance, std::string_view plan, std::string_view orders);
[[nodiscard]] std::string orders_json(std::vector<fees::RemittanceOrder> const& orders);
[[nodiscard]] std::string differences_json(std::vector<fees::RemittanceDifference> const& differences);
[[nodiscard]] std::vector<fees::RemittanceDifference> read_differences(std::string_view text);

}  // namespace cho40::stores
