#include "adapters/stores/tax_json.h"
#include <nlohmann/json.hpp>

namespace cho40::stores {
namespace {

using nlohmann::json;

struct FigureName {
    char const* name;
    Dong etax::ReturnFigures::* member;
};
constexpr FigureName figure_names[] = {
    {"ledger_turnover", &etax::ReturnFigures::ledger_turnover},
    {"revenue", &etax::ReturnFigures::revenue},
    {"year_to_date_before", &etax::ReturnFigures::year_to_date_before},
    {"threshold", &etax::ReturnFigures::threshold},
    {"deducted", &etax::ReturnFigures::deducted},
    {"vat", &etax::ReturnFigures::vat},
    {"pit", &etax::ReturnFigures::pit},
    {"total_due", &etax::ReturnFigures::total_due},
};
struct LineName {
    char const* name;
    Dong etax::FigureLine::* member;
};
constexpr LineName line_names[] = {
    {"ledger_turnover", &etax::FigureLine::ledger_turnover}, {"revenue", &etax::FigureLine::revenue},   {"vat", &etax::FigureLine::vat},
    {"pit_revenue", &etax::FigureLine::pit_revenue},         {"deducted", &etax::FigureLine::deducted}, {"pit", &etax::FigureLine::pit},
};

std::string dump(json const& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

}  // namespace

std::string figures_text(etax::ReturnFigures const& figures)
{
    json out;
    for (auto const& [name, member] : figure_names) out[name] = (figures.*member).count();
    out["lines"] = json::array();
    for (auto const& line : figures.lines) {
        json row = {{"row", line.row},       {"group", line.group}, {"group_name", line.group_name},  {"vat_bp", line.vat_bp},
                    {"pit_bp", line.pit_bp}, {"rules", line.rules}, {"explanation", line.explanation}};
        for (auto const& [name, member] : line_names) row[name] = (line.*member).count();
        out["lines"].push_back(std::move(row));
    }
    return dump(out);
}

etax::ReturnFigures read_figures(std::string const& text)
{
    auto const in = json::parse(text);
    etax::ReturnFigures figures;
    for (auto const& [name, member] : figure_names) figures.*member = Dong(in.at(name).get<std::int64_t>());
    for (auto const& row : in.at("lines")) {
        etax::FigureLine line;
        line.row = row.at("row");
        line.group = row.at("group");
        line.group_name = row.at("group_name");
        line.vat_bp = row.at("vat_bp");
        line.pit_bp = row.at("pit_bp");
        line.rules = row.at("rules").get<std::vector<std::string>>();
        line.explanation = row.at("explanation");
        for (auto const& [name, member] : line_names) line.*member = Dong(row.at(name).get<std::int64_t>());
        figures.lines.push_back(std::move(line));
    }
    return figures;
}

std::string refusals_text(std::vector<etax::NoticeReason> const& reasons)
{
    auto out = json::array();
    for (auto const& r : reasons) out.push_back({{"group", r.group}, {"error", r.error}, {"guidance", r.guidance}, {"note", r.note}});
    return dump(out);
}

std::vector<etax::NoticeReason> read_refusals(std::string const& text)
{
    std::vector<etax::NoticeReason> out;
    for (auto const& r : json::parse(text)) out.push_back({r.at("group"), r.at("error"), r.at("guidance"), r.at("note")});
    return out;
}

}  // namespace cho40::stores
