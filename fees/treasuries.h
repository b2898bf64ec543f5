#pragma once
#include "base/result.h"
#include "base/time.h"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::fees {

// A desk of the State Treasury and the bank authorised to take money for it: treasuries.csv.
struct Treasury {
    std::string code;  // four digits
    std::string name_vi, name_en;
    std::string bank_bin;
    std::optional<Day> from, to;
};

class Treasuries {
public:
    // Errors: invalid_csv naming line and column.
    [[nodiscard]] static Result<Treasuries> embedded();
    [[nodiscard]] static Result<Treasuries> read(std::string_view csv);

    // Null when it is not known on that day: which bank takes its money is never guessed.
    [[nodiscard]] Treasury const* find(std::string_view code, Day day) const;
    [[nodiscard]] std::vector<Treasury> const& all() const { return rows_; }

private:
    std::vector<Treasury> rows_;
};

}  // namespace cho40::fees
