#pragma once
#include "adapters/http/message.h"
#include "fees/records.h"
#include "fees/tables.h"
#include "qr-pay/records.h"
#include <nlohmann/json_fwd.hpp>

namespace cho40::api {

[[nodiscard]] nlohmann::json agency_json(fees::RegisteredAgency const& agency, Instant now);
// The schema `fee_line`. Acts are named by the tables.
[[nodiscard]] nlohmann::json fee_line_json(fees::AssessedLine const& line, fees::FeeTables const& tables, http::Language language);
// Every relief of the line with its verdict, in the order of the schedule.
[[nodiscard]] nlohmann::json relief_outcomes_json(fees::Assessment const& line, fees::FeeTables const& tables, http::Language language);
[[nodiscard]] nlohmann::json notice_json(fees::StoredNotice const& stored, fees::RegisteredAgency const& agency,
                                         std::vector<fees::Receipt> const& receipts, fees::FeeTables const& tables,
                                         http::Language language);
// The schema `notice_state`; `newest` makes unpaid notices underpaid, in doubt or expired.
[[nodiscard]] nlohmann::json notice_state_json(fees::StoredNotice const& stored, std::optional<qr_pay::StoredRequest> const& newest,
                                               Instant now);
// The schema `receipt_brief`.
[[nodiscard]] nlohmann::json receipt_json(fees::Receipt const& receipt, bool vi);
// "00000012": as receipts are numbered for people.
[[nodiscard]] std::string receipt_number_text(fees::Receipt const& receipt);

}  // namespace cho40::api
