#include "adapters/tax_gateway/tax_json.h"
#include "adapters/tax_gateway/json_object.h"
#include "base/text.h"
#include "etax/obligations.h"
#include "etax/year.h"
#include <array>
#include <fmt/format.h>
#include <map>

namespace cho40::tax_gateway {
namespace {

using etax::ActivityRevenue;
using etax::PeriodKind;
using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::size_t lines_max = 1000;

// What the caller says about the whole case.
struct Terms {
    int year = 0;
    etax::Method method = etax::Method::revenue;
    bool vat_cut = false;
    bool expects_above = false;
    etax::FirstVatScope scope = etax::FirstVatScope::from_crossing_quarter;
    std::vector<std::string> allocation;
    Dong expenses;
    std::optional<Day> known_on;
};

// The answers of a case that already has them, and remarks: never read.
void ignore_answers(JsonObject& in)
{
    for (auto const* name : {"id", "regime", "why", "vat", "pit", "expected", "rules", "deduction", "file", "shifted_due", "days",
                             "interest", "payable", "overpaid", "note"}) {
        in.ignore(name);
    }
}

Result<ActivityRevenue> read_line(json const& value, std::string const& at, bool vat_cut)
{
    CHO_TRY(auto in, JsonObject::of(value, at));
    ActivityRevenue line;
    CHO_TRY(line.group, in.text("group", 20));
    CHO_TRY(line.revenue, in.dong("revenue"));
    CHO_TRY(line.location, in.text_or("location", "", 20));
    CHO_TRY(line.outside_vat, in.dong_or_zero("outside_vat"));
    CHO_TRY(line.zero_rated, in.dong_or_zero("zero_rated"));
    CHO_TRY(line.vat_cut, in.flag_or("vat_reduction", vat_cut));
    for (auto const* name : {"vat", "pit", "deduction", "rate", "vat_rate_bp", "pit_rate_bp", "group_name_vi", "vat_revenue"})
        in.ignore(name);
    CHO_TRY_DO(in.finish());
    return line;
}

Result<std::vector<ActivityRevenue>> read_lines(json const& array, std::string const& at, bool vat_cut)
{
    std::vector<ActivityRevenue> lines;
    for (std::size_t i = 0; i < array.size(); ++i) {
        CHO_TRY(auto line, read_line(array[i], at + "/" + std::to_string(i), vat_cut));
        lines.push_back(std::move(line));
    }
    return lines;
}

// One quarter or month: a list of lines, or the short form {"a": 420000000, "d": 180000000}.
Result<std::vector<ActivityRevenue>> read_period(json const& value, std::string const& at, bool vat_cut)
{
    if (value.is_array()) {
        if (value.size() > lines_max) return fail(Errc::invalid_input, "too many lines", at);
        return read_lines(value, at, vat_cut);
    }
    CHO_TRY(auto in, JsonObject::of(value, at));
    std::vector<ActivityRevenue> lines;
    for (auto const& [group, revenue] : value.items()) {
        ActivityRevenue line;
        CHO_TRY(line.group, to_nfc(group));
        CHO_TRY(line.revenue, in.dong(group.c_str()));
        line.vat_cut = vat_cut;
        lines.push_back(std::move(line));
    }
    return lines;
}

Result<std::vector<std::string>> read_allocation(JsonObject& in)
{
    std::vector<std::string> groups;
    auto const* value = in.any("allocation");
    if (!value) return groups;
    if (value->is_string()) {
        auto text = value->get<std::string>();
        if (text == "best") return groups;
        constexpr std::string_view first = " first";
        if (!text.ends_with(first))
            return fail(Errc::invalid_input, "must be \"best\", \"GROUP first\" or a list of groups", in.pointer("allocation"));
        groups.push_back(text.substr(0, text.size() - first.size()));
        return groups;
    }
    if (!value->is_array() || value->size() > 20)
        return fail(Errc::invalid_input, "must be \"best\", \"GROUP first\" or a list of groups", in.pointer("allocation"));
    for (auto const& group : *value) {
        if (!group.is_string()) return fail(Errc::invalid_input, "groups are texts", in.pointer("allocation"));
        groups.push_back(group.get<std::string>());
    }
    return groups;
}

Result<Terms> read_terms(JsonObject& in)
{
    Terms terms;
    CHO_TRY(auto const year, in.optional_whole("year", 2000, 2099));
    terms.year = static_cast<int>(year.value_or(0));
    CHO_TRY(auto const method, in.text_or("method", "revenue", 20));
    if (method != "revenue" && method != "income")
        return fail(Errc::invalid_input, "must be \"revenue\" or \"income\"", in.pointer("method"));
    terms.method = method == "income" ? etax::Method::income : etax::Method::revenue;
    CHO_TRY(terms.vat_cut, in.flag_or("vat_reduction", false));
    CHO_TRY(terms.expects_above, in.flag_or("expects_above", false));
    CHO_TRY(auto const scope, in.text_or("first_period_vat_scope", "FROM_CROSSING_QUARTER", 40));
    if (scope != "FROM_CROSSING_QUARTER" && scope != "YTD_CATCH_UP") {
        return fail(Errc::invalid_input, "must be FROM_CROSSING_QUARTER or YTD_CATCH_UP", in.pointer("first_period_vat_scope"));
    }
    if (scope == "YTD_CATCH_UP") terms.scope = etax::FirstVatScope::ytd_catch_up;
    CHO_TRY(terms.allocation, read_allocation(in));
    CHO_TRY(terms.expenses, in.dong_or_zero("expenses"));
    CHO_TRY(terms.known_on, in.optional_day("known_on"));
    return terms;
}

ordered_json line_json(etax::TaxLine const& line)
{
    ordered_json out;
    if (!line.activity.location.empty()) out["location"] = line.activity.location;
    out["group"] = line.activity.group;
    out["group_name_vi"] = line.group_name_vi;
    out["revenue"] = line.activity.revenue.count();
    if (line.activity.outside_vat.is_positive()) out["outside_vat"] = line.activity.outside_vat.count();
    if (line.activity.zero_rated.is_positive()) out["zero_rated"] = line.activity.zero_rated.count();
    out["vat_reduction"] = line.activity.vat_cut;
    out["rate"] = line.rate_id;
    out["vat_rate_bp"] = line.vat_bp;
    out["pit_rate_bp"] = line.pit_bp;
    if (line.vat_revenue != line.activity.revenue) out["vat_revenue"] = line.vat_revenue.count();
    out["vat"] = line.vat.count();
    out["deduction"] = line.deducted.count();
    out["pit"] = line.pit.count();
    return out;
}

ordered_json lines_json(etax::PeriodTax const& tax)
{
    auto lines = ordered_json::array();
    for (auto const& line : tax.lines) lines.push_back(line_json(line));
    return lines;
}

ordered_json deduction_json(etax::PeriodTax const& tax)
{
    auto out = ordered_json::object();
    for (auto const& line : tax.lines) {
        if (line.deducted.is_zero()) continue;
        auto& sum = out[line.activity.group];
        sum = (sum.is_null() ? 0 : sum.get<std::int64_t>()) + line.deducted.count();
    }
    return out;
}

// The case without what will be answered, in the order it came.
ordered_json echo(json const& tax_case)
{
    ordered_json out;
    for (auto const* first : {"id", "kind", "regime", "year", "period", "method"}) {
        if (auto const found = tax_case.find(first); found != tax_case.end()) out[first] = *found;
    }
    for (auto const& [name, value] : tax_case.items()) {
        if (!out.contains(name)) out[name] = value;
    }
    for (auto const* answer : {"vat", "pit", "expected", "why", "rules", "lines", "overpaid", "file", "deduction"}) out.erase(answer);
    return out;
}

Result<ordered_json> one_period(JsonObject& in, Terms const& terms, etax::Period period, json const& tax_case, etax::RateBook const& rates)
{
    CHO_TRY(auto const* lines, in.optional_array("lines", lines_max));
    if (!lines) return fail(Errc::invalid_input, "lines, quarters or months are needed", in.pointer("lines"));
    CHO_TRY(auto const* earlier, in.optional_array("earlier", lines_max * 12));
    etax::ComputeInput input{.period = period,
                             .lines = {},
                             .earlier = {},
                             .method = terms.method,
                             .expenses = terms.expenses,
                             .expects_above = terms.expects_above,
                             .first_vat_scope = terms.scope,
                             .allocation = terms.allocation,
                             .known_on = terms.known_on};
    CHO_TRY(input.lines, read_lines(*lines, "/lines", terms.vat_cut));
    if (earlier) { CHO_TRY(input.earlier, read_lines(*earlier, "/earlier", terms.vat_cut)); }
    CHO_TRY_DO(in.finish());

    CHO_TRY(auto const tax, etax::compute(input, rates));
    auto out = echo(tax_case);
    out["file"] = tax.file;
    out["vat"] = tax.vat.count();
    out["pit"] = tax.pit.count();
    out["deduction"] = deduction_json(tax);
    if (terms.method == etax::Method::income && period.kind() == PeriodKind::year) out["income"] = tax.income.count();
    if (tax.must_use_income_next_year) out["income_method_next_year"] = true;
    out["lines"] = lines_json(tax);
    out["rules"] = tax.rules;
    out["why"] = tax.why_en;
    out["why_vi"] = tax.why_vi;
    return out;
}

ordered_json period_answer(etax::PeriodTax const& tax)
{
    ordered_json one;
    one["file"] = tax.file;
    one["vat"] = tax.vat.count();
    one["pit"] = tax.pit.count();
    one["deduction"] = deduction_json(tax);
    one["lines"] = lines_json(tax);
    one["rules"] = tax.rules;
    one["why"] = tax.why_en;
    one["why_vi"] = tax.why_vi;
    return one;
}

Result<ordered_json> whole_year(JsonObject& in, Terms const& terms, char const* member, json const& tax_case, etax::RateBook const& rates)
{
    bool const monthly = std::string_view(member) == "months";
    etax::YearInput input{.year = terms.year,
                          .kind = monthly ? PeriodKind::month : PeriodKind::quarter,
                          .periods = {},
                          .method = terms.method,
                          .expects_above = terms.expects_above,
                          .first_vat_scope = terms.scope,
                          .allocation = terms.allocation,
                          .known_on = terms.known_on};
    CHO_TRY(auto const* periods, in.optional_array(member, monthly ? 12 : 4));
    for (std::size_t i = 0; i < periods->size(); ++i) {
        CHO_TRY(auto lines, read_period((*periods)[i], in.pointer(member) + "/" + std::to_string(i), terms.vat_cut));
        input.periods.push_back(std::move(lines));
    }
    CHO_TRY_DO(in.finish());

    CHO_TRY(auto const year, etax::compute_year(input, rates));
    auto out = echo(tax_case);
    auto answers = ordered_json::array();
    std::vector<std::string> rules;
    for (auto const& tax : year.periods) {
        answers.push_back(period_answer(tax));
        for (auto const& rule : tax.rules)
            if (std::ranges::find(rules, rule) == rules.end()) rules.push_back(rule);
    }
    out["expected"] = std::move(answers);
    out["vat"] = year.vat.count();
    out["pit"] = year.pit.count();
    if (year.overpaid.is_positive()) out["overpaid"] = year.overpaid.count();
    out["rules"] = rules;
    out["why"] = year.periods.empty() ? "There is no period to compute." : year.periods.back().why_en;
    out["why_vi"] = year.periods.empty() ? "Không có kỳ nào để tính." : year.periods.back().why_vi;
    return out;
}

Result<ordered_json> late(JsonObject& in, json const& tax_case, etax::RateBook const& rates, WorkingDays const& calendar)
{
    CHO_TRY(auto const tax, in.dong("tax"));
    CHO_TRY(auto const due, in.day("due"));
    CHO_TRY(auto const paid, in.day("paid"));
    in.ignore("year");
    CHO_TRY_DO(in.finish());
    CHO_TRY(auto const result, etax::late_interest(tax, due, paid, rates, calendar));
    auto out = echo(tax_case);
    out["shifted_due"] = result.shifted_due.to_string();
    out["days"] = result.days;
    out["interest"] = result.amount.count();
    out["rules"] = {"late_payment"};
    out["why"] = result.days == 0
                     ? fmt::format("Due {}, paid {}: no interest.", result.shifted_due.to_string(), paid.to_string())
                     : fmt::format("Due {}, paid {}: {} days from {} to {}, {} millionths of the tax a day.",
                                   result.shifted_due.to_string(), paid.to_string(), result.days,
                                   result.shifted_due.plus_days(1).to_string(), paid.plus_days(-1).to_string(), rates.late_ppm_per_day());
    return out;
}

Result<ordered_json> small(JsonObject& in, json const& tax_case, etax::RateBook const& rates)
{
    CHO_TRY(auto const tax, in.dong("dossier_tax"));
    CHO_TRY(auto const year, in.optional_whole("year", 2000, 2099));
    CHO_TRY(auto const day, in.optional_day("day"));
    CHO_TRY_DO(in.finish());
    if (!year && !day) return fail(Errc::invalid_input, "year or day is needed", in.pointer("year"));
    auto const when = day ? *day : Day::from(static_cast<int>(*year), 12, 31);
    CHO_TRY(auto const result, etax::after_small_amount_rule(tax, when, rates));
    auto out = echo(tax_case);
    out["payable"] = result.amount.count();
    out["rules"] = result.rule_id.empty() ? ordered_json::array() : ordered_json::array({result.rule_id});
    out["why"] = result.rule_id.empty() ? "No exemption for small amounts applies." : "A dossier of so little tax is exempt.";
    return out;
}

}  // namespace

Result<ordered_json> compute_case(json const& tax_case, etax::RateBook const& rates, WorkingDays const& calendar)
{
    CHO_TRY(auto in, JsonObject::of(tax_case, ""));
    ignore_answers(in);
    CHO_TRY(auto const kind, in.text_or("kind", "", 20));
    if (kind == "late") return late(in, tax_case, rates, calendar);
    if (kind == "small") return small(in, tax_case, rates);
    if (!kind.empty()) return fail(Errc::invalid_input, "must be \"late\" or \"small\", or absent", in.pointer("kind"));

    CHO_TRY(auto const terms, read_terms(in));
    in.ignore("scope");  // said by the presence of lines, quarters or months
    CHO_TRY(auto const period_text, in.optional_text("period", 10));
    if (!period_text && terms.year == 0) return fail(Errc::invalid_input, "year or period is needed", in.pointer("year"));
    for (auto const* member : {"quarters", "months"}) {
        CHO_TRY(auto const* periods, in.optional_array(member, 12));
        if (periods) {
            if (terms.year == 0) return fail(Errc::invalid_input, "year is needed", in.pointer("year"));
            return whole_year(in, terms, member, tax_case, rates);
        }
    }
    CHO_TRY(auto const period, period_text ? etax::Period::parse(*period_text) : etax::Period::of_year(terms.year));
    return one_period(in, terms, period, tax_case, rates);
}

}  // namespace cho40::tax_gateway
