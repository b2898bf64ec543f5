#include "etax/period.h"
#include <charconv>
#include <fmt/format.h>
#include <optional>

namespace cho40::etax {
namespace {

constexpr unsigned count_in_year(PeriodKind kind) { return kind == PeriodKind::month ? 12 : kind == PeriodKind::quarter ? 4 : 1; }

constexpr unsigned months_in(PeriodKind kind) { return 12 / count_in_year(kind); }

// Only digits, the whole text.
std::optional<unsigned> number(std::string_view text)
{
    unsigned value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
    return value;
}

tl::unexpected<Error> not_a_period(std::string_view text)
{
    return fail(Errc::invalid_period, "a tax period is 2026-07, 2026-Q3 or 2026; this is \"" + std::string(text.substr(0, 20)) + "\"");
}

}  // namespace

Result<Period> Period::make(PeriodKind kind, int year, unsigned index)
{
    if (year < 2000 || year > 2099 || index < 1 || index > count_in_year(kind)) {
        return fail(Errc::invalid_period, fmt::format("no such tax period: {} of {}", index, year));
    }
    return Period(kind, year, index);
}

Result<Period> Period::month(int year, unsigned month) { return make(PeriodKind::month, year, month); }
Result<Period> Period::quarter(int year, unsigned quarter) { return make(PeriodKind::quarter, year, quarter); }
Result<Period> Period::of_year(int year) { return make(PeriodKind::year, year, 1); }

Result<Period> Period::parse(std::string_view text)
{
    auto const year = number(text.substr(0, 4));
    if (!year || text.size() < 4) return not_a_period(text);
    if (text.size() == 4) return make(PeriodKind::year, static_cast<int>(*year), 1);
    if (text.size() != 7 || text[4] != '-') return not_a_period(text);
    bool const quarterly = text[5] == 'Q';
    auto const index = number(text.substr(quarterly ? 6 : 5));
    if (!index) return not_a_period(text);
    return make(quarterly ? PeriodKind::quarter : PeriodKind::month, static_cast<int>(*year), *index);
}

Result<Period> Period::parse_form(std::string_view kind, std::string_view text)
{
    auto const slash = text.find('/');
    auto const year = number(slash == text.npos ? text : text.substr(slash + 1));
    if (!year) return not_a_period(text);
    if (kind == "Y" && slash == text.npos) return make(PeriodKind::year, static_cast<int>(*year), 1);
    if (slash == text.npos || (kind != "M" && kind != "Q")) return not_a_period(text);
    auto const index = number(text.substr(0, slash));
    if (!index) return not_a_period(text);
    return make(kind == "M" ? PeriodKind::month : PeriodKind::quarter, static_cast<int>(*year), *index);
}

Day Period::first_day() const { return Day::from(year_, (index_ - 1) * months_in(kind_) + 1, 1); }

Day Period::last_day() const
{
    auto const last_month = index_ * months_in(kind_);
    auto const next = last_month == 12 ? Day::from(year_ + 1, 1, 1) : Day::from(year_, last_month + 1, 1);
    return next.plus_days(-1);
}

std::string Period::to_string() const
{
    switch (kind_) {
    case PeriodKind::month: return fmt::format("{}-{:02}", year_, index_);
    case PeriodKind::quarter: return fmt::format("{}-Q{}", year_, index_);
    case PeriodKind::year: break;
    }
    return std::to_string(year_);
}

std::string Period::form_kind() const { return kind_ == PeriodKind::month ? "M" : kind_ == PeriodKind::quarter ? "Q" : "Y"; }

std::string Period::form_text() const
{
    switch (kind_) {
    case PeriodKind::month: return fmt::format("{:02}/{}", index_, year_);
    case PeriodKind::quarter: return fmt::format("{}/{}", index_, year_);
    case PeriodKind::year: break;
    }
    return std::to_string(year_);
}

}  // namespace cho40::etax
