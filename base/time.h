#pragma once
#include "base/result.h"
#include <chrono>
#include <compare>
#include <string>
#include <string_view>

namespace cho40 {

// A moment in UTC, with the resolution PostgreSQL stores.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

// Where instants come from. Nothing else in the project reads a clock.
struct Clock {
    virtual ~Clock() = default;
    [[nodiscard]] virtual Instant now() const = 0;
};

struct SystemClock final : Clock {
    [[nodiscard]] Instant now() const override;
};

// A day in Asia/Ho_Chi_Minh: what people mean by "today", a due day, the day of a statement.
// Vietnam is UTC+7 without daylight saving since 1975, and no record of ours is older.
class Day {
public:
    constexpr Day() = default;
    constexpr explicit Day(std::chrono::year_month_day ymd) : ymd_(ymd) {}

    [[nodiscard]] static Day of(Instant instant);                          // the local day an instant lies in
    [[nodiscard]] static Result<Day> parse(std::string_view yyyy_mm_dd);   // invalid_date
    [[nodiscard]] static constexpr Day from(int year, unsigned month, unsigned day)
    {
        return Day(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day));
    }

    [[nodiscard]] int year() const { return static_cast<int>(ymd_.year()); }
    [[nodiscard]] unsigned month() const { return static_cast<unsigned>(ymd_.month()); }
    [[nodiscard]] unsigned day() const { return static_cast<unsigned>(ymd_.day()); }
    [[nodiscard]] unsigned quarter() const { return (month() - 1) / 3 + 1; }
    [[nodiscard]] bool is_weekend() const;
    [[nodiscard]] Day plus_days(int days) const;
    [[nodiscard]] int days_since(Day earlier) const;

    // [begin(), end()) in UTC: local midnight to the next.
    [[nodiscard]] Instant begin() const;
    [[nodiscard]] Instant end() const { return plus_days(1).begin(); }

    [[nodiscard]] std::string to_string() const;      // 2026-11-22
    [[nodiscard]] std::string to_vietnamese() const;  // 22/11/2026

    friend constexpr auto operator<=>(Day, Day) = default;

private:
    std::chrono::year_month_day ymd_{std::chrono::year(1970), std::chrono::month(1), std::chrono::day(1)};
};

// RFC 3339 in UTC with milliseconds: 2026-11-22T03:15:30.120Z.
[[nodiscard]] std::string to_rfc3339(Instant instant);
// RFC 3339 with microseconds and Z: loses nothing.
[[nodiscard]] std::string to_rfc3339_micro(Instant instant);
// RFC 3339 with any offset and up to six fraction digits. Error: invalid_date.
[[nodiscard]] Result<Instant> parse_rfc3339(std::string_view text);

// "YYYY-MM-DD HH:mm:ss" (a 'T' between is accepted) in Vietnam's time, as providers send it. Error: invalid_date.
[[nodiscard]] Result<Instant> parse_local_time(std::string_view text);
[[nodiscard]] std::string to_local_time(Instant instant);             // 2026-11-22 10:15:30
[[nodiscard]] std::string to_vietnamese_time(Instant instant);        // 22/11/2026 10:15
[[nodiscard]] std::string to_vietnamese_time_seconds(Instant instant);  // 10:15:30 22/11/2026

}  // namespace cho40
