#pragma once
#include "fees/bands.h"
#include "fees/reference.h"
#include "fees/schedule.h"

namespace cho40::fees {

// Everything an assessment looks into, checked as a whole when it is read.
class FeeTables {
public:
    // The files that belong to the binary (fees/data). Error: invalid_csv naming file, line and column.
    [[nodiscard]] static Result<FeeTables> embedded();
    [[nodiscard]] static std::string_view embedded_schedule();  // the schedule among those files
    // The same with another schedule (an import). Every wrong row is in the error's `fields`.
    [[nodiscard]] static Result<FeeTables> with_schedule(std::string_view schedule_csv);

    [[nodiscard]] std::vector<Rate> const& rates() const { return rates_; }
    [[nodiscard]] bool knows(std::string_view fee_code) const;
    // The rows of a fee that hold on a day. More than one is a mistake of the data (fee_rate_ambiguous); the reader
    // refuses such a file, so it can only come from rows put together elsewhere.
    [[nodiscard]] std::vector<Rate const*> rates_on(std::string_view fee_code, Day day) const;
    // Any row of a fee, for its name on a day when none holds. Null when the fee is not known.
    [[nodiscard]] Rate const* any_rate(std::string_view fee_code) const;

    [[nodiscard]] BandTable const* band_table(std::string_view name, Day day) const;
    [[nodiscard]] Audience const* audience(std::string_view key) const;
    [[nodiscard]] Act const* act(std::string_view key) const;
    // Null for a thing that a newer schedule counts and nobody has named here yet.
    [[nodiscard]] CountedThing const* counted_thing(std::string_view key) const;
    [[nodiscard]] BudgetSubitem const* budget_subitem(std::string_view code) const;
    [[nodiscard]] std::map<std::string, Audience, std::less<>> const& audiences() const { return audiences_; }
    [[nodiscard]] std::int64_t rounding_step(std::string_view fee_code, Day day) const;  // đồng

    struct Reference {
        Dong value;
        bool holds_on_day;  // false: the newest one known before, which may have been replaced since
    };
    [[nodiscard]] std::optional<Reference> reference(std::string_view name, Day day) const;

private:
    std::vector<Rate> rates_;
    std::vector<BandTable> band_tables_;
    std::vector<ReferenceValue> references_;
    std::vector<Rounding> rounding_;
    std::map<std::string, Audience, std::less<>> audiences_;
    std::map<std::string, Act, std::less<>> acts_;
    std::map<std::string, BudgetSubitem, std::less<>> subitems_;
    std::map<std::string, CountedThing, std::less<>> things_;
};

}  // namespace cho40::fees
