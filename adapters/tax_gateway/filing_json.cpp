#include "adapters/tax_gateway/filing_json.h"
#include "adapters/tax_gateway/json_object.h"

namespace cho40::tax_gateway {
namespace {

using nlohmann::json;

constexpr std::size_t locations_max = 100;
constexpr std::size_t lines_max = 100;
constexpr std::size_t earlier_max = 2000;

Result<JsonObject> object_at(JsonObject& in, char const* name)
{
    auto const* value = in.any(name);
    if (!value) return fail(Errc::invalid_input, std::string(name) + " is missing", in.pointer(name));
    return JsonObject::of(*value, in.pointer(name));
}

Result<etax::Software> read_software(JsonObject& in)
{
    etax::Software software;
    auto const* value = in.any("software");
    if (!value) return software;
    CHO_TRY(auto s, JsonObject::of(*value, in.pointer("software")));
    CHO_TRY(software.code, s.text_or("code", software.code, 50));
    CHO_TRY(software.name, s.text_or("name", software.name, 200));
    CHO_TRY(software.version, s.text_or("version", software.version, 20));
    CHO_TRY(software.supplier, s.text_or("supplier", software.supplier, 64));
    CHO_TRY_DO(s.finish());
    return software;
}

Result<etax::Taxpayer> read_taxpayer(JsonObject& in)
{
    CHO_TRY(auto t, object_at(in, "taxpayer"));
    etax::Taxpayer taxpayer;
    CHO_TRY(taxpayer.tax_code, t.text("tax_code", 40));
    CHO_TRY(taxpayer.old_tax_code, t.text_or("old_tax_code", "", 40));
    CHO_TRY(taxpayer.name, t.text("name"));
    CHO_TRY(taxpayer.address, t.text_or("address", ""));
    CHO_TRY(taxpayer.ward, t.text_or("ward", ""));
    CHO_TRY(taxpayer.province_code, t.text_or("province_code", "", 10));
    CHO_TRY(taxpayer.province, t.text_or("province", ""));
    CHO_TRY(taxpayer.phone, t.text_or("phone", "", 40));
    CHO_TRY(taxpayer.fax, t.text_or("fax", "", 40));
    CHO_TRY(taxpayer.email, t.text_or("email", "", 200));
    CHO_TRY_DO(t.finish());
    return taxpayer;
}

Result<etax::Office> read_office(JsonObject& in)
{
    CHO_TRY(auto o, object_at(in, "office"));
    etax::Office office;
    CHO_TRY(office.code, o.text("code", 10));
    CHO_TRY(office.name, o.text("name"));
    CHO_TRY_DO(o.finish());
    return office;
}

Result<etax::ActivityRevenue> read_line(json const& value, std::string const& at, std::string const& location, bool cut)
{
    CHO_TRY(auto in, JsonObject::of(value, at));
    etax::ActivityRevenue line;
    CHO_TRY(line.location, in.text_or("location", location, 20));
    CHO_TRY(line.group, in.text("group", 20));
    CHO_TRY(line.revenue, in.dong("revenue"));
    CHO_TRY(line.outside_vat, in.dong_or_zero("outside_vat"));
    CHO_TRY(line.zero_rated, in.dong_or_zero("zero_rated"));
    CHO_TRY(line.vat_cut, in.flag_or("vat_reduction", cut));
    CHO_TRY_DO(in.finish());
    return line;
}

Result<Done> read_location(json const& value, std::string const& at, bool cut, etax::ReturnInput& out)
{
    CHO_TRY(auto in, JsonObject::of(value, at));
    etax::BusinessLocation place;
    CHO_TRY(place.code, in.text("code", 20));
    CHO_TRY(place.tax_code, in.text_or("tax_code", "", 40));
    CHO_TRY(place.is_head, in.flag_or("head", out.locations.empty()));
    CHO_TRY(place.name, in.text_or("name", ""));
    CHO_TRY(place.address, in.text_or("address", ""));
    CHO_TRY(place.ward_code, in.text_or("ward_code", "", 10));
    CHO_TRY(place.ward, in.text_or("ward", ""));
    CHO_TRY(place.province_code, in.text_or("province_code", "", 10));
    CHO_TRY(place.province, in.text_or("province", ""));
    CHO_TRY(auto const* lines, in.optional_array("lines", lines_max));
    for (std::size_t i = 0; lines && i < lines->size(); ++i) {
        CHO_TRY(auto line, read_line((*lines)[i], at + "/lines/" + std::to_string(i), place.code, cut));
        if (line.location != place.code)
            return fail(Errc::invalid_input, "lines stand under their own location", at + "/lines/" + std::to_string(i) + "/location");
        out.figures.lines.push_back(std::move(line));
    }
    out.locations.push_back(std::move(place));
    return in.finish();
}

Result<Done> read_figures(JsonObject& in, etax::ReturnInput& out)
{
    auto& figures = out.figures;
    CHO_TRY(auto const method, in.text_or("method", "revenue", 20));
    if (method != "revenue" && method != "income")
        return fail(Errc::invalid_input, "must be \"revenue\" or \"income\"", in.pointer("method"));
    figures.method = method == "income" ? etax::Method::income : etax::Method::revenue;
    CHO_TRY(figures.expects_above, in.flag_or("expects_above", false));
    CHO_TRY(auto const scope, in.text_or("first_period_vat_scope", "FROM_CROSSING_QUARTER", 40));
    if (scope != "FROM_CROSSING_QUARTER" && scope != "YTD_CATCH_UP") {
        return fail(Errc::invalid_input, "must be FROM_CROSSING_QUARTER or YTD_CATCH_UP", in.pointer("first_period_vat_scope"));
    }
    if (scope == "YTD_CATCH_UP") figures.first_vat_scope = etax::FirstVatScope::ytd_catch_up;

    CHO_TRY(auto const cut, in.flag_or("vat_reduction", false));
    CHO_TRY(auto const* allocation, in.optional_array("allocation", 20));
    for (std::size_t i = 0; allocation && i < allocation->size(); ++i) {
        auto const& group = (*allocation)[i];
        if (!group.is_string()) return fail(Errc::invalid_input, "groups are texts", in.pointer("allocation"));
        figures.allocation.push_back(group.get<std::string>());
    }
    CHO_TRY(auto const* earlier, in.optional_array("earlier", earlier_max));
    for (std::size_t i = 0; earlier && i < earlier->size(); ++i) {
        CHO_TRY(auto line, read_line((*earlier)[i], in.pointer("earlier") + "/" + std::to_string(i), "", cut));
        figures.earlier.push_back(std::move(line));
    }
    CHO_TRY(auto const* locations, in.optional_array("locations", locations_max));
    if (!locations || locations->empty()) return fail(Errc::invalid_input, "at least one location is needed", in.pointer("locations"));
    for (std::size_t i = 0; i < locations->size(); ++i) {
        CHO_TRY_DO(read_location((*locations)[i], in.pointer("locations") + "/" + std::to_string(i), cut, out));
    }
    // Revenue of one place only: the earlier lines belong to it.
    if (out.locations.size() == 1) {
        for (auto& line : figures.earlier)
            if (line.location.empty()) line.location = out.locations[0].code;
    }
    return Done{};
}

Result<Done> read_filed_before(JsonObject& in, etax::ReturnInput& out)
{
    CHO_TRY(auto const* rows, in.optional_array("filed_before", locations_max * 4));
    for (std::size_t i = 0; rows && i < rows->size(); ++i) {
        CHO_TRY(auto row, JsonObject::of((*rows)[i], in.pointer("filed_before") + "/" + std::to_string(i)));
        etax::FiledBefore f;
        CHO_TRY(f.location, row.text("location", 20));
        CHO_TRY(f.subitem, row.text("subitem", 10));
        CHO_TRY(f.amount, row.dong("amount"));
        CHO_TRY_DO(row.finish());
        out.filed_before.push_back(std::move(f));
    }
    return Done{};
}

Result<etax::FilingNumber> read_number(JsonObject& in)
{
    CHO_TRY(auto const type, in.text_or("type", "C", 1));
    if (type != "C" && type != "B")
        return fail(Errc::invalid_input, "must be \"C\" (official) or \"B\" (supplementary)", in.pointer("type"));
    CHO_TRY(auto const number, in.optional_whole("number", 0, 999));
    auto const kind = type == "C" ? etax::FilingType::official : etax::FilingType::supplementary;
    return etax::FilingNumber{kind, static_cast<int>(number.value_or(type == "C" ? 0 : 1))};
}

}  // namespace

Result<etax::ReturnInput> read_filing(std::string_view json_text)
{
    CHO_TRY(auto const value, parse_strict_json(json_text));
    CHO_TRY(auto in, JsonObject::of(value, ""));
    CHO_TRY(auto const form, in.text_or("form", "01/CNKD", 40));
    if (form != "01/CNKD") return fail(Errc::invalid_input, "only 01/CNKD is built", in.pointer("form"));
    CHO_TRY(auto const period_text, in.text("period", 10));
    auto const period = etax::Period::parse(period_text);
    if (!period) return fail(Errc::invalid_period, period.error().detail, in.pointer("period"));

    etax::ReturnInput out{.number = {},
                          .software = {},
                          .office = {},
                          .taxpayer = {},
                          .locations = {},
                          .trade = {},
                          .made_on = {},
                          .signer = {},
                          .signed_on = {},
                          .figures = {.period = *period, .lines = {}, .earlier = {}, .expenses = Dong(), .allocation = {}, .known_on = {}},
                          .filed_before = {}};
    CHO_TRY(out.number, read_number(in));
    CHO_TRY(out.software, read_software(in));
    CHO_TRY(out.office, read_office(in));
    CHO_TRY(out.taxpayer, read_taxpayer(in));
    CHO_TRY(out.trade, in.text_or("trade", ""));
    CHO_TRY(out.made_on, in.day("made_on"));
    CHO_TRY(out.signer, in.text_or("signer", out.taxpayer.name));
    CHO_TRY(auto const signed_on, in.optional_day("signed_on"));
    out.signed_on = signed_on.value_or(out.made_on);
    CHO_TRY(out.sells_online, in.flag_or("sells_online", false));
    CHO_TRY(out.sells_otherwise, in.flag_or("sells_otherwise", true));
    CHO_TRY(out.per_occurrence, in.flag_or("per_occurrence", false));
    CHO_TRY_DO(read_figures(in, out));
    CHO_TRY_DO(read_filed_before(in, out));
    CHO_TRY_DO(in.finish());
    return out;
}

}  // namespace cho40::tax_gateway
