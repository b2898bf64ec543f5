#pragma once
#include "fees/tables.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cho40::fees {

// What is asked. All numbers are non-negative and bounded as written; outside it is validation_failed.
struct AssessmentRequest {
    std::string fee_code;
    Day day;                            // on which the obligation arises: filing, for most fees
    Channel channel = Channel::counter;
    std::vector<std::string> personas;  // groups the payer belongs to and facts of the case, keys of audiences.csv
    std::int64_t quantity_milli = 1000;  // how many things, in thousandths (120.5 m³ = 120500), at most 10^9
    std::int64_t cases = 1;             // for fees due once a case; at most 10^6
    std::int64_t pages = 1;             // per_page: pages of the original; at most 10^6
    std::int64_t copies = 1;            // per_page: copies of it; at most 10^6
    std::optional<Dong> value;          // bands and percentages: what the fee is a part of
    std::optional<Dong> value_paid_before;  // bands: earlier parts of the same value, already paid for
    std::optional<Dong> vnd_per_usd;    // fees in USD: the bank's rate of the day of payment
    bool conditions_confirmed = false;  // an officer has seen that the condition written in the relief is met
};

// What we know of an amount. "Not published" is not "free" (fees.md §2.1).
enum class Knowledge { known, known_free, unknown };
[[nodiscard]] std::string_view knowledge_name(Knowledge knowledge);

enum class UnknownBecause {
    nothing,              // it is known
    no_rate_on_day,       // no row holds on the day
    amount_not_found,     // the item exists, its amount was not found (U)
    other_province,       // only another province's tariff is known (C)
    set_locally,          // the provincial council decides, its figure was not found
    see_circular,         // in an act that was not read
    range_only,           // sub-rows of the act were not seen
    percentage_not_known,
    value_missing,        // the request does not say the value
    exchange_rate_missing,
    value_outside_bands,
    free_limit_uncertain,  // the value is near a limit that may have moved
};
[[nodiscard]] std::string_view unknown_because_name(UnknownBecause reason);

// A relief of the row and what became of it.
struct ReliefOutcome {
    enum class Verdict {
        used,
        not_better,       // fits, but another is better: the single best applies, they do not add up (NQ 66.22)
        no_effect,        // fits, but would not lower the amount
        not_in_force,
        other_people,     // the payer is not known to belong to the group
        other_channel,
    };
    Relief relief;
    Verdict verdict;
    std::optional<Dong> due;  // what would be paid with it; only where it fits and the base is known
};
[[nodiscard]] std::string_view verdict_name(ReliefOutcome::Verdict verdict);

// One line of what is due: kept as it was decided, never changed by later tables.
struct Assessment {
    std::string fee_code, rate_id;
    FeeKind kind;
    std::string name_vi, name_en;
    std::string budget_subitem;  // four digits or empty
    bool subitem_inferred = false;
    std::string legal_basis, confidence;
    Day day;
    Channel channel;

    Knowledge knowledge = Knowledge::unknown;
    UnknownBecause unknown_because = UnknownBecause::nothing;
    std::optional<Dong> base;  // before relief
    std::optional<Dong> due;   // present exactly when knowledge is not unknown
    std::string working;       // "2 × 2.000 đ + 3 × 1.000 đ", empty when there is nothing to show
    std::vector<ReliefOutcome> reliefs;
    std::string open_condition;  // of the relief used, when nobody has confirmed it
    std::string explanation_vi, explanation_en;

    [[nodiscard]] ReliefOutcome const* relief_used() const;
    // An UNKNOWN amount or an unconfirmed condition needs an officer first.
    [[nodiscard]] bool payable_online() const { return knowledge != Knowledge::unknown && open_condition.empty(); }
};

// fees.md §2.3: one row, then tiers and bands, then caps, then the single best relief; whole numbers throughout, rounded
// once (half up to 1 đồng, or as rounding.csv says).
// Errors: fee_unknown (no such code), not_a_fee (a price: invoice with VAT), fee_rate_ambiguous, validation_failed,
// amount_overflow.
[[nodiscard]] Result<Assessment> assess(FeeTables const& tables, AssessmentRequest const& request);

// "digital-citizen" -> "digital_citizen"; "ordinary", "standard", "none" and "" mean no group at all. Error:
// validation_failed naming the groups there are.
[[nodiscard]] Result<std::optional<std::string>> parse_persona(FeeTables const& tables, std::string_view text);

}  // namespace cho40::fees
