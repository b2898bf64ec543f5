#include "etax/form_tables.h"
#include "base/check.h"
#include "base/csv.h"
#include "embedded/etax.h"
#include <algorithm>
#include <charconv>

namespace cho40::etax {
namespace {

Result<std::optional<int>> optional_row(CsvRow const& row)
{
    auto const& text = row["tt40_row"];
    if (text.empty()) return std::nullopt;
    int value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 28 || value > 31) {
        return fail(Errc::invalid_csv, "tt40_row lies between 28 and 31", "line " + std::to_string(row.line()));
    }
    return value;
}

}  // namespace

Result<FormTables> FormTables::parse(Files const& files)
{
    FormTables tables;
    CHO_TRY(auto const forms, CsvTable::parse(files.forms, {"form", "version", "code", "layout_version", "title", "issued_by"}));
    for (auto const& r : forms.rows()) {
        tables.forms_.push_back({r["form"], r["version"], r["code"], r["layout_version"], r["title"], r["issued_by"]});
    }
    CHO_TRY(auto const subitems, CsvTable::parse(files.subitems, {"code", "chapter", "name"}));
    for (auto const& r : subitems.rows()) tables.subitems_.push_back({r["code"], r["chapter"], r["name"]});

    CHO_TRY(auto const rows, CsvTable::parse(files.activity_rows, {"group", "code", "letter", "vat_subitem", "pit_subitem", "tt40_row"}));
    for (auto const& r : rows.rows()) {
        CHO_TRY(auto const tt40_row, optional_row(r));
        for (auto const* column : {"vat_subitem", "pit_subitem"}) CHO_TRY_DO(tables.subitem(r[column]));
        tables.rows_.push_back({r["group"], r["code"], r["letter"], r["vat_subitem"], r["pit_subitem"], tt40_row});
    }
    return tables;
}

FormTables const& FormTables::embedded()
{
    static FormTables const tables = [] {
        auto parsed = parse({embedded::forms_csv, embedded::activity_rows_csv, embedded::subitems_csv});
        CHO_CHECK(parsed.has_value());
        return *std::move(parsed);
    }();
    return tables;
}

Result<FormInfo> FormTables::form(std::string_view form, std::string_view version) const
{
    for (auto const& f : forms_)
        if (f.form == form && f.version == version) return f;
    return fail(Errc::form_version_missing,
                "the layout of " + std::string(form.substr(0, 20)) + " " + std::string(version.substr(0, 20)) + " is not known here");
}

Result<ActivityRow> FormTables::row(std::string_view group) const
{
    auto const found = std::ranges::find(rows_, group, &ActivityRow::group);
    if (found == rows_.end())
        return fail(Errc::tax_group_unknown, "activity group \"" + std::string(group.substr(0, 20)) + "\" has no row in the form");
    return *found;
}

Result<SubItem> FormTables::subitem(std::string_view code) const
{
    auto const found = std::ranges::find(subitems_, code, &SubItem::code);
    if (found == subitems_.end())
        return fail(Errc::invalid_config, "budget sub-item \"" + std::string(code.substr(0, 20)) + "\" is not in the table");
    return *found;
}

}  // namespace cho40::etax
