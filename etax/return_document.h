#pragma once
#include "base/working_days.h"
#include "etax/compute.h"
#include "etax/filing_number.h"
#include "etax/form_tables.h"
#include <optional>
#include <string>
#include <vector>

namespace cho40::etax {

// The software that made the file (TTinDVu).
struct Software {
    std::string code = "CHO40";
    std::string name = "CHỢ 4.0";
    std::string version = "1.0.0";
    std::string supplier = "00000000000000000000000000000000";  // given by the authority; zeros until then
};

struct Office {
    std::string code;  // five digits
    std::string name;
};

struct Taxpayer {
    std::string tax_code;      // any spelling; canonical on the form
    std::string old_tax_code;  // the 10-digit code before 01/07/2025, or empty
    std::string name;
    std::string address;
    std::string ward;
    std::string province_code;
    std::string province;
    std::string phone;
    std::string fax;
    std::string email;
};

struct BusinessLocation {
    std::string code;      // five digits, 00999 for the head location
    std::string tax_code;  // of its own, or empty
    bool is_head = false;
    std::string name;
    std::string address;
    std::string ward_code;
    std::string ward;
    std::string province_code;
    std::string province;
};

// What an earlier return of the same period said is due, so that a correction shows the difference.
struct FiledBefore {
    std::string location;
    std::string subitem;
    Dong amount;
};

// Everything a return 01/CNKD is made from. Texts in NFC.
struct ReturnInput {
    FilingNumber number;
    Software software;
    Office office;
    Taxpayer taxpayer;
    std::vector<BusinessLocation> locations;  // lines of revenue refer to their code
    std::string trade;                        // nganhNgheKD
    Day made_on;
    std::string signer;
    Day signed_on;
    bool sells_online = false;     // hoatDongTMDT
    bool sells_otherwise = true;   // hoatDongKhac
    bool per_occurrence = false;   // hoatDongLPS
    ComputeInput figures;
    std::vector<FiledBefore> filed_before;
};

struct ReturnRow {
    ActivityRow form;
    SubItem vat_subitem;
    SubItem pit_subitem;
    TaxLine tax;
};

struct ReturnLocation {
    BusinessLocation place;
    std::vector<ReturnRow> rows;
};

// One sum to pay: a tax of a location.
struct ReturnPayment {
    BusinessLocation place;
    SubItem subitem;
    Dong amount;
    Dong difference;  // to what was filed before
    Day due;
};

struct ReturnTotals {
    Dong revenue, outside_vat, zero_rated, vat, pit_revenue, deducted, pit;  // sums of the rows
    Dong exempt_vat, exempt_pit;    // small amounts
    Dong payable_vat, payable_pit;
};

// A return ready to be written in the layout of its form version. Every figure adds up.
struct ReturnDocument {
    FormInfo form;
    FilingKey key;
    ReturnInput input;
    Day due;
    std::vector<ReturnLocation> locations;
    ReturnTotals totals;
    std::vector<ReturnPayment> payments;
    Dong to_pay;
};

// Computes the return of a month or quarter, chooses the form version by the period, distributes rows and payments over
// the locations. `made_on` counts as today.
// Errors: period_not_open, period_closed, nothing_to_file (under the threshold), form_version_missing,
// tax_code_invalid, tax_group_unknown, rate_missing, invalid_input (with the member), amount_overflow.
[[nodiscard]] Result<ReturnDocument> prepare_return(ReturnInput input, RateBook const& rates, FormTables const& forms,
                                                    WorkingDays const& calendar);

}  // namespace cho40::etax
