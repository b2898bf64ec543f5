#pragma once
#include "base/result.h"
#include "base/time.h"
#include <string>
#include <string_view>
#include <vector>

namespace cho40::qr_pay {

// A receiver of VietQR transfers. short_name is not unique: a brand may own several acquirer numbers.
struct Bank {
    std::string bin;  // six digits
    std::string short_name;
    std::string name_vi;
    std::string swift;  // "" where unknown
};

// The list of acquirer numbers as it stood on a day: State Bank letter 1589/NHNN-TT of 05/03/2024, completed by the
// codes in use in VietQR. An unknown number in a scanned code is shown as it is, never refused.
class Banks {
public:
    // Columns bin, short_name, name_vi, swift. Errors: invalid_csv, invalid_utf8.
    [[nodiscard]] static Result<Banks> parse(std::string_view csv, Day as_of);
    // The list in this release.
    [[nodiscard]] static Banks const& current();

    [[nodiscard]] Bank const* find(std::string_view bin) const;            // nullptr when unknown
    [[nodiscard]] std::vector<Bank> const& all() const { return banks_; }  // by bin
    [[nodiscard]] Day as_of() const { return as_of_; }

private:
    std::vector<Bank> banks_;
    Day as_of_;
};

}  // namespace cho40::qr_pay
