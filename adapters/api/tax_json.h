#pragma once
#include "adapters/http/message.h"
#include "etax/file_return.h"
#include "etax/turnover.h"
#include <nlohmann/json_fwd.hpp>

namespace cho40::api {

// A return with all that happened to it.
struct ReturnView {
    explicit ReturnView(etax::StoredReturn r) : ret(std::move(r)) {}
    etax::StoredReturn ret;
    std::vector<etax::ReturnStep> steps;
    std::vector<etax::StoredNotice> notices;
};

// Where a household stands in one period.
struct TaxPosition {
    explicit TaxPosition(etax::Period p) : period(p) {}
    etax::Period period;
    Dong ledger_turnover, year_to_date_before;
    bool must_file = false;
    std::optional<etax::StoredReturn> ret;  // the newest that was submitted, else the newest draft
    Day due;

    [[nodiscard]] bool declared() const { return ret && ret->filing.state != etax::FilingState::draft; }
    [[nodiscard]] std::optional<Dong> difference() const;  // declared − ledger
    [[nodiscard]] std::string_view tier() const;
    [[nodiscard]] Dong weight() const;                     // how much an officer should care: orders the list
};

[[nodiscard]] nlohmann::json return_state_json(etax::StoredReturn const& ret, http::Language language);
[[nodiscard]] nlohmann::json return_json(ReturnView const& view, etax::Papers const& papers, http::Language language);
[[nodiscard]] nlohmann::json position_json(TaxPosition const& position, http::Language language);
[[nodiscard]] nlohmann::json activity_json(std::string_view group, etax::RateBook const& rates, Day day);
[[nodiscard]] nlohmann::json household_json(merchants::Household const& household, std::vector<etax::TurnoverStall> const& stalls,
                                            TaxPosition const& position, etax::RateBook const& rates, http::Language language);
[[nodiscard]] nlohmann::json turnover_json(etax::HouseholdTurnover const& turnover, etax::Period period, Dong threshold,
                                           etax::RateBook const& rates);
[[nodiscard]] std::string return_reason_text(etax::StoredReturn const& ret, http::Language language);

}  // namespace cho40::api
