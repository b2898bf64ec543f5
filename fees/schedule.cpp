#include "fees/schedule.h"
#include "fees/row_reader.h"
#include <algorithm>
#include <array>

namespace cho40::fees {
namespace {

constexpr std::array<std::string_view, 3> kind_names = {"phi", "le_phi", "gia"};

using Subitems = std::map<std::string, BudgetSubitem, std::less<>>;

bool is_code(std::string_view text)
{
    return !text.empty() && text.size() <= 32 &&
           std::ranges::all_of(text, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; });
}

// d.dddddd of the national database (fees.md §3.1).
bool is_procedure_code(std::string_view text)
{
    if (text.size() != 8 || text[1] != '.') return false;
    return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || c == '.'; }) && text.find('.', 2) == text.npos;
}

void read_confidence(RowReader& row, Rate& rate)
{
    auto text = row.required("confidence");
    rate.confidence.text = text;
    if (auto const note = text.find(';'); note != std::string::npos) {
        auto remark = std::string_view(text).substr(note + 1);
        if (!remark.starts_with("code G")) row.wrong("confidence", "after ';' only \"code G\" is known");
        remark.remove_prefix(std::min<std::size_t>(remark.size(), 6));
        if (remark.starts_with(':')) {
            if (!is_procedure_code(remark.substr(1))) row.wrong("confidence", "code G: needs a procedure code");
            else if (rate.procedure_code.empty()) rate.procedure_code = remark.substr(1);
        }
        text = text.substr(0, note);
    }
    using enum Confidence::Grade;
    if (text.size() == 2 && text[0] == 'V' && text[1] >= '1' && text[1] <= '9') rate.confidence.grade = verified;
    else if (text == "S") rate.confidence.grade = single_source;
    else if (text == "G") rate.confidence.grade = general;
    else if (text == "C") rate.confidence.grade = other_province;
    else if (text == "U") rate.confidence.grade = amount_unknown;
    else row.wrong("confidence", "must be V1 to V9, S, G, C or U");
}

void read_subitem(RowReader& row, Rate& rate, Subitems const& subitems)
{
    auto text = row.text("budget_subitem");
    if (text.ends_with('?')) {
        rate.subitem_inferred = true;
        text.pop_back();
    }
    rate.budget_subitem = text;
    if (text.empty()) {
        if (rate.subitem_inferred) row.wrong("budget_subitem", "a '?' needs a code before it");
        return;
    }
    if (rate.kind == FeeKind::gia) {
        row.wrong("budget_subitem", "a price has no budget sub-item");
        return;
    }
    auto const it = subitems.find(text);
    if (it == subitems.end()) {
        row.wrong("budget_subitem", text + " is not in budget-subitems.csv");
        return;
    }
    auto const expected = rate.kind == FeeKind::phi ? "fee" : "charge";
    if (it->second.kind != expected) row.wrong("budget_subitem", text + " is a " + it->second.kind + ", not a " + expected);
    if (it->second.status == BudgetSubitem::Status::legacy && !rate.to) {
        row.wrong("budget_subitem", text + " must not be used for new money, and the row has no end");
    }
}

void read_retained(RowReader& row, Rate& rate)
{
    auto text = row.text("retained_percent");
    if (text.ends_with('?')) {
        rate.retained_uncertain = true;
        text.pop_back();
    }
    if (!text.empty()) {
        auto const percent = parse_count(text);
        if (!percent || *percent > 100) row.wrong("retained_percent", "must be 0 to 100, with '?' when not certain");
        rate.retained_percent = static_cast<int>(percent.value_or(0) % 101);
    }
    if (rate.kind == FeeKind::le_phi && rate.retained_percent != 0) row.wrong("retained_percent", "a charge goes to the budget whole: 0");
}

// A fixed unit needs its amount, the others must not have one: what would it mean?
void check_amount(RowReader& row, Rate const& rate)
{
    if (auto const* per_page = std::get_if<PerPage>(&rate.unit)) {
        if (row.text("amount_vnd").empty()) row.wrong("amount_vnd", "the price of the first page is needed");
        else if (rate.amount && !per_page->tiers_from_second_copy && *rate.amount != per_page->tiers.front().price)
            row.wrong("amount_vnd", "differs from the first page tier");
        return;
    }
    bool const fixed = std::holds_alternative<PerThing>(rate.unit);
    // A cell that is no number was named already.
    bool const nothing_written = row.text("amount_vnd").empty();
    if (fixed && nothing_written && rate.confidence.grade != Confidence::Grade::amount_unknown)
        row.wrong("amount_vnd", "an amount is needed for this unit");
    if (!fixed && rate.amount) row.wrong("amount_vnd", "this unit has no fixed amount");
    if (!fixed && rate.online_amount) row.wrong("online_amount_vnd", "this unit has no fixed amount");
}

void read_reliefs(RowReader& row, Rate& rate, std::map<std::string, Audience, std::less<>> const& audiences,
                  std::map<std::string, Act, std::less<>> const& acts)
{
    auto reliefs = parse_reduction_rule(row.text("reduction_rule"));
    if (!reliefs) {
        row.wrong("reduction_rule", reliefs.error().detail);
        return;
    }
    for (auto const& relief : *reliefs) {
        for (auto const& group : relief.audience) {
            if (!audiences.contains(group)) row.wrong("reduction_rule", "the group " + group + " is not in audiences.csv");
        }
        if (!relief.source.empty() && !acts.contains(relief.source))
            row.wrong("reduction_rule", "the act " + relief.source + " is not in acts.csv");
    }
    rate.reliefs = std::move(*reliefs);
}

void check_against_others(RowReader& row, Rate const& rate, std::vector<Rate> const& earlier)
{
    for (auto const& other : earlier) {
        if (other.fee_code != rate.fee_code) continue;
        if (other.kind != rate.kind) row.wrong("kind", "line " + std::to_string(other.line) + " has another kind for the same fee");
        if (periods_overlap(other.from, other.to, rate.from, rate.to)) {
            row.wrong("effective_from", "overlaps line " + std::to_string(other.line) + " of the same fee");
        }
    }
}

}  // namespace

std::string_view fee_kind_name(FeeKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

std::optional<FeeKind> parse_fee_kind(std::string_view name)
{
    auto const it = std::ranges::find(kind_names, name);
    if (it == kind_names.end()) return std::nullopt;
    return static_cast<FeeKind>(it - kind_names.begin());
}

std::vector<std::string> const& schedule_columns()
{
    static std::vector<std::string> const columns = {
        "procedure_code", "procedure_name_vi", "procedure_name_en", "agency",         "fee_code",         "kind",           "amount_vnd",
        "unit",           "online_amount_vnd", "reduction_rule",    "budget_subitem", "retained_percent", "effective_from", "effective_to",
        "legal_basis",    "confidence"};
    return columns;
}

Result<ScheduleReading> read_schedule(std::string_view csv, Subitems const& subitems,
                                      std::map<std::string, Audience, std::less<>> const& audiences,
                                      std::map<std::string, Act, std::less<>> const& acts)
{
    CHO_TRY(auto table, CsvTable::parse(csv, schedule_columns()));
    ScheduleReading reading;
    for (auto const& csv_row : table.rows()) {
        RowReader row(csv_row, reading.mistakes);
        Rate rate{};
        rate.line = row.line();
        rate.fee_code = row.required("fee_code");
        if (!is_code(rate.fee_code)) row.wrong("fee_code", "must be A-Z, 0-9 and _, at most 32");
        rate.procedure_code = row.text("procedure_code");
        if (!rate.procedure_code.empty() && !is_procedure_code(rate.procedure_code)) row.wrong("procedure_code", "must be like 1.004222");
        rate.procedure_name_vi = row.required("procedure_name_vi");
        rate.procedure_name_en = row.required("procedure_name_en");
        rate.agency = row.required("agency");
        rate.legal_basis = row.required("legal_basis");
        row.period("effective_from", "effective_to", rate.from, rate.to);
        rate.rate_id = rate.fee_code + '@' + (rate.from ? rate.from->to_string() : "-");
        auto const kind = parse_fee_kind(row.text("kind"));
        if (!kind) row.wrong("kind", "must be phi, le_phi or gia");
        rate.kind = kind.value_or(FeeKind::phi);
        read_confidence(row, rate);
        rate.amount = row.dong("amount_vnd");
        rate.online_amount = row.dong("online_amount_vnd");
        rate.unit_text = row.required("unit");
        if (auto unit = parse_unit(rate.unit_text)) {
            rate.unit = std::move(*unit);
            check_amount(row, rate);
        } else {
            row.wrong("unit", unit.error().detail);
        }
        if (kind) {  // both depend on it; without it they would only add noise
            read_subitem(row, rate, subitems);
            read_retained(row, rate);
        }
        read_reliefs(row, rate, audiences, acts);
        check_against_others(row, rate, reading.rates);
        if (row.ok()) reading.rates.push_back(std::move(rate));
    }
    return reading;
}

}  // namespace cho40::fees
