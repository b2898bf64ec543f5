#include "adapters/tax_gateway/filing_json.h"
#include <nlohmann/json.hpp>

namespace cho40::tax_gateway {
namespace {

using nlohmann::json;

json line_json(etax::ActivityRevenue const& line)
{
    return {{"location", line.location},
            {"group", line.group},
            {"revenue", line.revenue.count()},
            {"outside_vat", line.outside_vat.count()},
            {"zero_rated", line.zero_rated.count()},
            {"vat_reduction", line.vat_cut}};
}

json location_json(etax::BusinessLocation const& place, std::vector<etax::ActivityRevenue> const& all)
{
    json out = {
        {"code", place.code},        {"tax_code", place.tax_code},   {"head", place.is_head}, {"name", place.name},
        {"address", place.address},  {"ward_code", place.ward_code}, {"ward", place.ward},    {"province_code", place.province_code},
        {"province", place.province}};
    out["lines"] = json::array();
    for (auto const& line : all) {
        if (line.location == place.code) out["lines"].push_back(line_json(line));
    }
    return out;
}

}  // namespace

std::string filing_text(etax::ReturnInput const& in)
{
    json out = {{"form", "01/CNKD"},
                {"period", in.figures.period.to_string()},
                {"type", std::string(1, in.number.letter())},
                {"number", in.number.number},
                {"made_on", in.made_on.to_string()},
                {"signed_on", in.signed_on.to_string()},
                {"signer", in.signer},
                {"trade", in.trade},
                {"sells_online", in.sells_online},
                {"sells_otherwise", in.sells_otherwise},
                {"per_occurrence", in.per_occurrence}};
    out["software"] = {
        {"code", in.software.code}, {"name", in.software.name}, {"version", in.software.version}, {"supplier", in.software.supplier}};
    out["office"] = {{"code", in.office.code}, {"name", in.office.name}};
    auto const& t = in.taxpayer;
    out["taxpayer"] = {{"tax_code", t.tax_code}, {"old_tax_code", t.old_tax_code},
                       {"name", t.name},         {"address", t.address},
                       {"ward", t.ward},         {"province_code", t.province_code},
                       {"province", t.province}, {"phone", t.phone},
                       {"fax", t.fax},           {"email", t.email}};
    auto const& f = in.figures;
    out["method"] = f.method == etax::Method::income ? "income" : "revenue";
    out["expects_above"] = f.expects_above;
    out["first_period_vat_scope"] = f.first_vat_scope == etax::FirstVatScope::ytd_catch_up ? "YTD_CATCH_UP" : "FROM_CROSSING_QUARTER";
    out["allocation"] = f.allocation;
    out["earlier"] = json::array();
    for (auto const& line : f.earlier) out["earlier"].push_back(line_json(line));
    out["locations"] = json::array();
    for (auto const& place : in.locations) out["locations"].push_back(location_json(place, f.lines));
    out["filed_before"] = json::array();
    for (auto const& b : in.filed_before)
        out["filed_before"].push_back({{"location", b.location}, {"subitem", b.subitem}, {"amount", b.amount.count()}});
    return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace cho40::tax_gateway
