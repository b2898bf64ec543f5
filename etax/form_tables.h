#pragma once
#include "base/result.h"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::etax {

// What a filing says about its form. The codes are published nowhere; they are data so that a gateway's own can be put in.
struct FormInfo {
    std::string form;            // 01/CNKD
    std::string version;         // TT50/2026
    std::string code;            // maTKhai
    std::string layout_version;  // pbanTKhaiXML
    std::string title;
    std::string issued_by;       // moTaBMau
};

// Where an activity group stands in the form.
struct ActivityRow {
    std::string group;
    std::string code;         // ct09_ma
    std::string letter;       // ct10
    std::string vat_subitem;  // budget sub-item (tiểu mục)
    std::string pit_subitem;
    std::optional<int> tt40_row;  // 28-31 in the form of Thông tư 40/2021
};

struct SubItem {
    std::string code;
    std::string chapter;
    std::string name;  // as the form writes it
};

// The tables behind the forms: data/forms.csv, activity-rows.csv, subitems.csv.
class FormTables {
public:
    struct Files {
        std::string_view forms;
        std::string_view activity_rows;
        std::string_view subitems;
    };
    // Errors: invalid_csv; invalid_config when a row names a sub-item that is not there.
    [[nodiscard]] static Result<FormTables> parse(Files const& files);
    [[nodiscard]] static FormTables const& embedded();

    [[nodiscard]] Result<FormInfo> form(std::string_view form, std::string_view version) const;  // form_version_missing
    [[nodiscard]] Result<ActivityRow> row(std::string_view group) const;                        // tax_group_unknown
    [[nodiscard]] Result<SubItem> subitem(std::string_view code) const;                         // invalid_config

private:
    std::vector<FormInfo> forms_;
    std::vector<ActivityRow> rows_;
    std::vector<SubItem> subitems_;
};

}  // namespace cho40::etax
