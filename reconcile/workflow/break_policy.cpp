#include "reconcile/workflow/break_policy.h"
#include "base/check.h"
#include "base/csv.h"
#include "embedded/reconcile.h"
#include <algorithm>
#include <charconv>

namespace cho40::reconcile {
namespace {

auto wrong(CsvRow const& row, std::string words) { return fail(Errc::invalid_csv, std::move(words), "line " + std::to_string(row.line())); }

constexpr BreakClass all_classes[] = {
#define CHO40_BREAK_VALUE(name) BreakClass::name,
    CHO40_BREAK_CLASSES(CHO40_BREAK_VALUE)
#undef CHO40_BREAK_VALUE
};

Result<BreakClass> class_in(CsvRow const& row)
{
    auto const kind = break_class_from(row["class"]);
    if (!kind) return wrong(row, "there is no class " + row["class"]);
    return *kind;
}

Result<bool> one_of(CsvRow const& row, std::string_view column, std::string_view yes, std::string_view no)
{
    auto const& text = row[column];
    if (text != yes && text != no) return wrong(row, std::string(column) + " is " + std::string(yes) + " or " + std::string(no));
    return text == yes;
}

}  // namespace

std::optional<BreakClass> break_class_from(std::string_view name)
{
    auto const found = std::ranges::find(all_classes, name, [](BreakClass kind) { return name_of(kind); });
    if (found == std::end(all_classes)) return std::nullopt;
    return *found;
}

Result<BreakPolicy> BreakPolicy::parse(std::string_view resolutions_csv, std::string_view targets_csv, std::string_view causes_csv)
{
    BreakPolicy policy;
    policy.resolutions_.resize(std::size(all_classes));
    policy.targets_.resize(std::size(all_classes), -1);
    CHO_TRY(auto const resolutions, CsvTable::parse(resolutions_csv, {"class", "resolution", "effect", "evidence", "name_vi", "name_en"}));
    for (auto const& row : resolutions.rows()) {
        CHO_TRY(auto const kind, class_in(row));
        Resolution resolution;
        resolution.code = row["resolution"];
        CHO_TRY(resolution.writes_off, one_of(row, "effect", "write_off", "settle"));
        CHO_TRY(resolution.needs_evidence, one_of(row, "evidence", "yes", "no"));
        resolution.name_vi = row["name_vi"];
        resolution.name_en = row["name_en"];
        if (resolution.code.empty() || policy.find(kind, resolution.code)) return wrong(row, "a resolution has a code, once for its class");
        policy.resolutions_[index(kind)].push_back(std::move(resolution));
    }
    CHO_TRY(auto const targets, CsvTable::parse(targets_csv, {"class", "target_working_days"}));
    for (auto const& row : targets.rows()) {
        CHO_TRY(auto const kind, class_in(row));
        auto const& text = row["target_working_days"];
        int days = 0;
        auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), days);
        if (error != std::errc() || end != text.data() + text.size() || days < 0 || days > 60)
            return wrong(row, "target_working_days is a whole number from 0 to 60");
        if (policy.targets_[index(kind)] >= 0) return wrong(row, "a class has one target");
        policy.targets_[index(kind)] = days;
    }
    CHO_TRY(auto const causes, CsvTable::parse(causes_csv, {"cause", "name_vi", "name_en"}));
    for (auto const& row : causes.rows()) policy.causes_.push_back({row["cause"], row["name_vi"], row["name_en"]});
    for (auto const kind : all_classes) {
        if (policy.resolutions(kind).empty() || policy.target_working_days(kind) < 0)
            return fail(Errc::invalid_csv, "the class " + std::string(name_of(kind)) + " has no resolution or no target");
    }
    return policy;
}

BreakPolicy const& BreakPolicy::embedded()
{
    static BreakPolicy const policy = [] {
        auto parsed = parse(embedded::break_resolutions_2026_11_22_csv, embedded::break_targets_2026_11_22_csv,
                            embedded::break_causes_2026_11_22_csv);
        CHO_CHECK(parsed.has_value());
        return *std::move(parsed);
    }();
    return policy;
}

Resolution const* BreakPolicy::find(BreakClass kind, std::string_view code) const
{
    auto const& all = resolutions(kind);
    auto const found = std::ranges::find(all, code, &Resolution::code);
    return found == all.end() ? nullptr : &*found;
}

Cause const* BreakPolicy::find_cause(std::string_view code) const
{
    auto const found = std::ranges::find(causes_, code, &Cause::code);
    return found == causes_.end() ? nullptr : &*found;
}

}  // namespace cho40::reconcile
