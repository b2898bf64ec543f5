#pragma once
#include "fees/schedule.h"
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::fees {

// Under which keys a line is booked in the State budget (fees.md §6.1). The sub-item comes from the fee.
struct BudgetKeys {
    std::string chapter;            // 3 digits, who manages
    std::string area_code;          // 5 digits, the commune
    std::string collecting_office;  // 7 digits
    std::string treasury_code;      // 4 digits
    std::string treasury_account;   // from the collector's contract, never derived
};

// Whether a dossier is paid for before or after it is accepted.
enum class PayOrder { before, after };

// A body that collects fees and charges: agencies.csv.
struct Agency {
    std::string code;  // H49.61 (QĐ 20/2020/QĐ-TTg)
    std::string name_vi, name_en, address, phone, tax_code;
    BudgetKeys keys;
    std::string bank_bin, account_number, account_name;  // where payers send money
    std::string letters_phi, letters_le_phi;             // the last two of a receipt's symbol, one series for each kind
    PayOrder pay_order;
};

// That an agency collects a fee, and what it may keep of it: collections.csv.
struct Collection {
    std::string agency_code, fee_code;
    std::optional<int> retained_percent;  // empty = depends on the yearly decision
    std::optional<Day> from, to;
};

class Agencies {
public:
    // Errors: invalid_csv naming file, line and column.
    [[nodiscard]] static Result<Agencies> embedded();
    [[nodiscard]] static Result<Agencies> read(std::string_view agencies_csv, std::string_view collections_csv);

    [[nodiscard]] std::vector<Agency> const& all() const { return agencies_; }
    [[nodiscard]] Agency const* find(std::string_view code) const;
    [[nodiscard]] Collection const* collection(std::string_view agency_code, std::string_view fee_code, Day day) const;
    [[nodiscard]] std::vector<Collection> const& collections() const { return collections_; }

private:
    std::vector<Agency> agencies_;
    std::vector<Collection> collections_;
};

}  // namespace cho40::fees
