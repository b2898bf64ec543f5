#pragma once
#include "base/time.h"
#include <compare>
#include <string>
#include <string_view>

namespace cho40::etax {

enum class PeriodKind { month, quarter, year };

// A tax period: whole months of one calendar year, 2000-2099.
class Period {
public:
    // Errors: invalid_period.
    [[nodiscard]] static Result<Period> month(int year, unsigned month);
    [[nodiscard]] static Result<Period> quarter(int year, unsigned quarter);
    [[nodiscard]] static Result<Period> of_year(int year);
    // "2026-07", "2026-Q3" or "2026", the form used in our own interfaces. Error: invalid_period.
    [[nodiscard]] static Result<Period> parse(std::string_view text);
    // What stands in a filing: kieuKy `M`, `Q` or `Y` and kyKKhai `07/2026`, `3/2026`, `2026`. Error: invalid_period.
    [[nodiscard]] static Result<Period> parse_form(std::string_view kind, std::string_view text);

    [[nodiscard]] PeriodKind kind() const { return kind_; }
    [[nodiscard]] int year() const { return year_; }
    [[nodiscard]] unsigned index() const { return index_; }  // 1-12, 1-4, or 1
    [[nodiscard]] Day first_day() const;
    [[nodiscard]] Day last_day() const;

    [[nodiscard]] std::string to_string() const;   // 2026-07, 2026-Q3, 2026
    [[nodiscard]] std::string form_kind() const;   // M, Q, Y
    [[nodiscard]] std::string form_text() const;   // 07/2026, 3/2026 (the quarter without a zero), 2026

    friend auto operator<=>(Period const&, Period const&) = default;

private:
    Period(PeriodKind kind, int year, unsigned index) : kind_(kind), year_(year), index_(index) {}
    [[nodiscard]] static Result<Period> make(PeriodKind kind, int year, unsigned index);

    PeriodKind kind_;
    int year_;
    unsigned index_;
};

}  // namespace cho40::etax
