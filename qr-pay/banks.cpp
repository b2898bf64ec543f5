#include "qr-pay/banks.h"
#include "base/check.h"
#include "base/csv.h"
#include "embedded/qr-pay.h"
#include "qr-pay/bank_account.h"
#include <algorithm>

namespace cho40::qr_pay {

Result<Banks> Banks::parse(std::string_view csv, Day as_of)
{
    CHO_TRY(auto const table, CsvTable::parse(csv, {"bin", "short_name", "name_vi", "swift"}));
    Banks banks;
    banks.as_of_ = as_of;
    for (auto const& row : table.rows()) {
        auto const where = "line " + std::to_string(row.line());
        auto const& bin = row["bin"];
        if (!is_bank_bin(bin)) return fail(Errc::invalid_csv, "a bin has six digits", where);
        if (row["short_name"].empty() || row["name_vi"].empty()) return fail(Errc::invalid_csv, "a bank needs both names", where);
        banks.banks_.push_back({bin, row["short_name"], row["name_vi"], row["swift"]});
    }
    std::ranges::sort(banks.banks_, {}, &Bank::bin);
    if (auto const twice = std::ranges::adjacent_find(banks.banks_, {}, &Bank::bin); twice != banks.banks_.end()) {
        return fail(Errc::invalid_csv, "the bin " + twice->bin + " stands twice");
    }
    return banks;
}

Banks const& Banks::current()
{
    static Banks const banks = [] {
        auto parsed = parse(embedded::banks_2026_09_21_csv, Day::from(2026, 9, 21));
        CHO_CHECK(parsed.has_value());
        return *std::move(parsed);
    }();
    return banks;
}

Bank const* Banks::find(std::string_view bin) const
{
    auto const it = std::ranges::lower_bound(banks_, bin, {}, &Bank::bin);
    return it != banks_.end() && it->bin == bin ? &*it : nullptr;
}

}  // namespace cho40::qr_pay
