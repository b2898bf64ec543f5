#pragma once
#include "base/dong.h"
#include "base/time.h"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::etax {

// The days a rule governs, both ends included; no end: still in force.
struct Validity {
    Day from;
    std::optional<Day> to;

    [[nodiscard]] bool covers(Day day) const { return from <= day && (!to || day <= *to); }
    [[nodiscard]] bool overlaps(Validity const& other) const { return (!to || other.from <= *to) && (!other.to || from <= *other.to); }
};

enum class ThresholdKind {
    vat_and_pit_exempt,
    vat_exempt,
    income_method_compulsory_above,
    monthly_filing_above,
    einvoice_compulsory,
    small_amount_exempt_per_dossier,
};

// A line in the sand of one law. Two dates: the periods it governs and the day it could first be known, because
// Nghị định 141/2026 (29/04/2026) governs from 01/01/2026.
struct Threshold {
    std::string id;
    ThresholdKind kind;
    Dong amount;
    Validity validity;
    std::optional<Day> issued_on;  // unknown: always known
    bool operative;                // false: replaced before it ever applied; used only to replay what was known on a day
};

enum class PitBase { whole_revenue, above_threshold };

// Percentages of revenue for one activity group. Basis points: 100 = 1 %.
struct Rate {
    std::string id;
    Validity validity;
    std::string regime;
    std::string group;  // "a" … "e", "đ", "re"; before 2026 "1" … "4"
    std::string name_vi;
    std::string name_en;
    int vat_bp;
    int pit_bp;
    Dong threshold;  // of the calendar year: revenue up to and including it is exempt
    PitBase pit_base;
    bool own_threshold;  // lease of real estate: its rent is measured and deducted apart from other business
};

// The 20 % cut of VAT percentages (Nghị quyết 204/2025/QH15): percentage × multiplier_pct / 100.
struct VatCut {
    std::string id;
    Validity validity;
    int multiplier_pct;
};

// PIT on income (method B): one rate on the whole income, chosen by the revenue of the year.
struct IncomeBracket {
    Dong above;
    std::optional<Dong> up_to;
    int rate_bp;
};

struct FormVersion {
    std::string form;     // 01/CNKD
    std::string version;  // TT50/2026
    Validity validity;
};

struct BudgetCode {
    std::string code;  // sub-item (tiểu mục) 1003, 1701, …
    std::string name_vi;
};

// What the rate file says, not yet checked.
struct RateTables {
    std::vector<Threshold> thresholds;
    std::vector<Rate> rates;
    std::vector<VatCut> vat_cuts;
    std::string income_rule_id;
    Day income_from;
    std::vector<IncomeBracket> income_brackets;
    std::vector<FormVersion> form_versions;
    std::vector<BudgetCode> budget_codes;
    std::int64_t late_ppm_per_day = 0;  // parts per million of the tax, per day
};

// Dated rates that cannot contradict themselves: ids are unique, no two rates of a group and no two versions of a form
// hold on one day, percentages lie between 0 and 100 %, brackets join, every rate's threshold is a known one.
class RateBook {
public:
    // Errors: invalid_config, with the id of the row that is wrong.
    [[nodiscard]] static Result<RateBook> make(RateTables tables);

    // The rate of a group on a day. Errors: tax_group_unknown (never a group), rate_missing (not on that day).
    [[nodiscard]] Result<Rate> rate(std::string_view group, Day day) const;
    // The threshold governing `day`, as it was known on `known_on` (today's knowledge when not given).
    // Error: rate_missing.
    [[nodiscard]] Result<Threshold> threshold(ThresholdKind kind, Day day, std::optional<Day> known_on = std::nullopt) const;
    // Nothing when no cut holds on that day.
    [[nodiscard]] std::optional<VatCut> vat_cut(Day day) const;
    // The bracket of a year's revenue, or rate_missing when the income method does not exist then.
    [[nodiscard]] Result<IncomeBracket> income_bracket(Dong year_revenue, Day day) const;
    [[nodiscard]] std::string const& income_rule_id() const { return tables_.income_rule_id; }
    // The version of a form for a tax period, chosen by the last day of the period and not by the day of filing
    // (Thông tư 89/2026/TT-BTC, Điều 100 khoản 1). Error: form_version_missing.
    [[nodiscard]] Result<FormVersion> form_version(std::string_view form, Day period_end) const;
    // Empty when the code is not in the file.
    [[nodiscard]] std::string budget_name(std::string_view code) const;
    [[nodiscard]] std::int64_t late_ppm_per_day() const { return tables_.late_ppm_per_day; }
    [[nodiscard]] RateTables const& tables() const { return tables_; }

private:
    explicit RateBook(RateTables tables) : tables_(std::move(tables)) {}
    RateTables tables_;
};

// The rate file this build carries (tax-rates.json), as bytes: reading JSON is an adapter's work
// (adapters/tax_gateway/rates_json.h).
[[nodiscard]] std::string_view embedded_rate_file();

}  // namespace cho40::etax
