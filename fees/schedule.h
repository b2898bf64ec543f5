#pragma once
#include "base/dong.h"
#include "base/time.h"
#include "fees/reference.h"
#include "fees/relief.h"
#include "fees/unit.h"
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::fees {

enum class FeeKind {
    phi,     // fee for a public service
    le_phi,  // charge for a state act, all of it to the budget
    gia,     // a price: revenue with VAT and an invoice, never a receipt (Law 97/2015/QH13, annex 2)
};
[[nodiscard]] std::string_view fee_kind_name(FeeKind kind);
[[nodiscard]] std::optional<FeeKind> parse_fee_kind(std::string_view name);

// How sure we are of a row.
struct Confidence {
    enum class Grade {
        verified,        // V2, V3: that many independent sources
        single_source,   // S
        general,         // G: general knowledge, no source read
        other_province,  // C: another province's tariff, not valid in Quảng Ninh; never charged
        amount_unknown,  // U: the item exists, its amount was not found
    };
    Grade grade;
    std::string text;  // as in the file
};

// One row of the schedule: what an act sets for a fee from one day to another.
struct Rate {
    std::string fee_code;
    std::string rate_id;         // fee code and first day: "PP_NEW@2026-04-01"; "@-" when the start is not known
    std::string procedure_code;  // "1.001456", may be empty
    std::string procedure_name_vi, procedure_name_en, agency;
    FeeKind kind;
    std::optional<Dong> amount;         // empty when the unit is not a fixed sum, or not known
    std::optional<Dong> online_amount;  // only when the act itself names an online price
    Unit unit;
    std::string unit_text;
    std::vector<Relief> reliefs;
    std::string budget_subitem;  // four digits, or empty (prices; items not on the list of fees)
    bool subitem_inferred = false;
    std::optional<int> retained_percent;  // share the collector may keep; 0 for every lệ phí
    bool retained_uncertain = false;
    std::optional<Day> from, to;  // both inclusive; no `from` = in force when read, start not verified
    std::string legal_basis;
    Confidence confidence;
    std::size_t line;  // of the file
};

// The columns of a schedule file, in the order in which ours has them.
[[nodiscard]] std::vector<std::string> const& schedule_columns();

// The rows of a schedule file that can be used, and what is wrong with the others. Two rows of one fee never hold on
// the same day: the later one in the file is a mistake.
struct ScheduleReading {
    std::vector<Rate> rates;
    std::vector<FieldError> mistakes;
};

// Error: invalid_csv or invalid_utf8 when the file as a whole cannot be read.
[[nodiscard]] Result<ScheduleReading> read_schedule(std::string_view csv, std::map<std::string, BudgetSubitem, std::less<>> const& subitems,
                                                    std::map<std::string, Audience, std::less<>> const& audiences,
                                                    std::map<std::string, Act, std::less<>> const& acts);

}  // namespace cho40::fees
