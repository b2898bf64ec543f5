#pragma once
#include "adapters/http/message.h"
#include "etax/file_return.h"
#include "etax/turnover.h"
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::api {

// One thing that happened to a household, in a whole sentence.
struct TimelineStep {
    Instant at;                  // what the steps are ordered by
    std::optional<Day> counted;  // the last day of a sum of days; such a step has no time of day
    std::string_view what;       // household_step of openapi.json
    std::string text;
    std::optional<Dong> amount;
    std::string ref;
};

// Turnover month by month, the running month counted to today, and the month in which the year passed the threshold.
void add_months(etax::HouseholdTurnover const& turnover, Instant now, Dong threshold, http::Language language,
                std::vector<TimelineStep>& out);

// A return's states and the authority's notices about it, oldest first.
void add_return(etax::StoredReturn const& ret, std::vector<etax::ReturnStep> const& steps, std::vector<etax::StoredNotice> const& notices,
                etax::Papers const& papers, http::Language language, std::vector<TimelineStep>& out);

// Newest first; of what happened in the same moment, what was added last stands first.
[[nodiscard]] nlohmann::json timeline_json(std::vector<TimelineStep> steps);

}  // namespace cho40::api
