#include "adapters/tax_gateway/rates_json.h"
#include "adapters/tax_gateway/json_object.h"
#include "base/check.h"
#include <array>

namespace cho40::tax_gateway {
namespace {

using etax::ThresholdKind;
using nlohmann::json;

constexpr std::size_t rows_max = 10000;

// The rate file carries sources and remarks for people beside the members that are read here, so unknown members are
// no fault. What is read is read strictly.
Result<etax::Validity> read_validity(JsonObject& row)
{
    CHO_TRY(auto const from, row.day("effective_from"));
    CHO_TRY(auto const to, row.optional_day("effective_to"));
    return etax::Validity{from, to};
}

template <class Read>
Result<Done> each_row(JsonObject& file, char const* name, Read read)
{
    CHO_TRY(auto const* rows, file.optional_array(name, rows_max));
    if (!rows) return fail(Errc::invalid_config, std::string(name) + " is missing", "/" + std::string(name));
    for (std::size_t i = 0; i < rows->size(); ++i) {
        CHO_TRY(auto row, JsonObject::of((*rows)[i], file.pointer(name) + "/" + std::to_string(i)));
        CHO_TRY_DO(read(row));
    }
    return Done{};
}

Result<ThresholdKind> threshold_kind(std::string const& name, std::string const& at)
{
    struct Row {
        std::string_view name;
        ThresholdKind kind;
    };
    static constexpr std::array rows = {
        Row{"vat_and_pit_exempt", ThresholdKind::vat_and_pit_exempt},
        Row{"vat_exempt", ThresholdKind::vat_exempt},
        Row{"income_method_compulsory_above", ThresholdKind::income_method_compulsory_above},
        Row{"monthly_filing_above", ThresholdKind::monthly_filing_above},
        Row{"einvoice_compulsory", ThresholdKind::einvoice_compulsory},
        Row{"small_amount_exempt_per_dossier", ThresholdKind::small_amount_exempt_per_dossier},
    };
    for (auto const& row : rows)
        if (row.name == name) return row.kind;
    return fail(Errc::invalid_config, "no such kind of threshold", at);
}

Result<etax::Threshold> read_threshold(JsonObject& row)
{
    etax::Threshold t;
    CHO_TRY(t.id, row.text("id"));
    CHO_TRY(auto const kind, row.text("kind"));
    CHO_TRY(t.kind, threshold_kind(kind, row.pointer("kind")));
    CHO_TRY(t.amount, row.dong("amount_vnd"));
    CHO_TRY(t.validity, read_validity(row));
    CHO_TRY(t.issued_on, row.optional_day("issued_on"));
    CHO_TRY(t.operative, row.flag_or("operative", true));
    return t;
}

Result<etax::Rate> read_rate(JsonObject& row)
{
    etax::Rate r;
    CHO_TRY(r.id, row.text("id"));
    CHO_TRY(r.validity, read_validity(row));
    CHO_TRY(r.regime, row.text("regime"));
    CHO_TRY(r.group, row.text("group", 10));
    CHO_TRY(r.name_vi, row.text("group_name_vi"));
    CHO_TRY(r.name_en, row.text("group_name_en"));
    CHO_TRY(auto const vat, row.whole("vat_rate_bp", 0, 10000));
    CHO_TRY(auto const pit, row.whole("pit_rate_bp", 0, 10000));
    r.vat_bp = static_cast<int>(vat);
    r.pit_bp = static_cast<int>(pit);
    CHO_TRY(r.threshold, row.dong("threshold_vnd_per_year"));
    CHO_TRY(auto const base, row.text("pit_base"));
    r.pit_base = base == "whole revenue of the activity" ? etax::PitBase::whole_revenue : etax::PitBase::above_threshold;
    r.own_threshold = r.regime.starts_with("REAL_ESTATE_LEASE");
    return r;
}

Result<Done> read_income(JsonObject& file, etax::RateTables& tables)
{
    auto const* value = file.any("income_method_2026");
    if (!value) return fail(Errc::invalid_config, "income_method_2026 is missing", "/income_method_2026");
    CHO_TRY(auto income, JsonObject::of(*value, "/income_method_2026"));
    tables.income_rule_id = "income_method_2026";
    CHO_TRY(tables.income_from, income.day("effective_from"));
    return each_row(income, "brackets", [&tables](JsonObject& row) -> Result<Done> {
        etax::IncomeBracket b;
        CHO_TRY(b.above, row.dong("annual_revenue_gt"));
        CHO_TRY(b.up_to, row.optional_dong("annual_revenue_le"));
        CHO_TRY(auto const bp, row.whole("rate_bp", 0, 10000));
        b.rate_bp = static_cast<int>(bp);
        tables.income_brackets.push_back(b);
        return Done{};
    });
}

Result<Done> read_late(JsonObject& file, etax::RateTables& tables)
{
    auto const* value = file.any("late_payment");
    if (!value) return fail(Errc::invalid_config, "late_payment is missing", "/late_payment");
    CHO_TRY(auto late, JsonObject::of(*value, "/late_payment"));
    CHO_TRY(tables.late_ppm_per_day, late.whole("rate_ppm_per_day", 0, 1'000'000));
    return Done{};
}

Result<Done> read_tables(JsonObject& file, etax::RateTables& tables)
{
    CHO_TRY_DO(each_row(file, "thresholds", [&](JsonObject& row) -> Result<Done> {
        CHO_TRY(auto t, read_threshold(row));
        tables.thresholds.push_back(std::move(t));
        return Done{};
    }));
    CHO_TRY_DO(each_row(file, "rates", [&](JsonObject& row) -> Result<Done> {
        CHO_TRY(auto r, read_rate(row));
        tables.rates.push_back(std::move(r));
        return Done{};
    }));
    CHO_TRY_DO(each_row(file, "vat_ratio_reduction", [&](JsonObject& row) -> Result<Done> {
        etax::VatCut cut;
        CHO_TRY(cut.id, row.text("id"));
        CHO_TRY(cut.validity, read_validity(row));
        CHO_TRY(auto const pct, row.whole("multiplier_pct", 1, 100));
        cut.multiplier_pct = static_cast<int>(pct);
        tables.vat_cuts.push_back(std::move(cut));
        return Done{};
    }));
    CHO_TRY_DO(each_row(file, "form_versions", [&](JsonObject& row) -> Result<Done> {
        etax::FormVersion f;
        CHO_TRY(f.form, row.text("form"));
        CHO_TRY(f.version, row.text("version"));
        CHO_TRY(f.validity, read_validity(row));
        tables.form_versions.push_back(std::move(f));
        return Done{};
    }));
    CHO_TRY_DO(each_row(file, "budget_codes", [&](JsonObject& row) -> Result<Done> {
        CHO_TRY(auto code, row.optional_text("subitem"));
        CHO_TRY(auto name, row.text("name_vi"));
        if (code) tables.budget_codes.push_back({*std::move(code), std::move(name)});
        return Done{};
    }));
    CHO_TRY_DO(read_income(file, tables));
    return read_late(file, tables);
}

}  // namespace

Result<etax::RateBook> read_rates(std::string_view json_text)
{
    CHO_TRY(auto const value, parse_strict_json(json_text));
    CHO_TRY(auto file, JsonObject::of(value, ""));
    CHO_TRY(auto const schema, file.text_or("schema", ""));
    if (schema != "cho40.tax-rates/1") {
        return fail(Errc::invalid_config, "this is no rate file: its schema must be cho40.tax-rates/1", "/schema");
    }
    etax::RateTables tables;
    if (auto read = read_tables(file, tables); !read) {
        return fail(Errc::invalid_config, "tax rates: " + read.error().detail, read.error().pointer);
    }
    return etax::RateBook::make(std::move(tables));
}

etax::RateBook const& embedded_rates()
{
    static etax::RateBook const book = [] {
        auto read = read_rates(etax::embedded_rate_file());
        CHO_CHECK(read.has_value());
        return *std::move(read);
    }();
    return book;
}

}  // namespace cho40::tax_gateway
