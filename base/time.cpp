#include "base/time.h"
#include <cstdio>
#include <optional>

namespace cho40 {
namespace {

using namespace std::chrono;

constexpr auto vietnam_offset = hours(7);

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count)
{
    if (at + count > text.size()) return std::nullopt;
    int value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

std::optional<year_month_day> date_at(std::string_view text)
{
    if (text.size() < 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    auto const y = digits(text, 0, 4);
    auto const m = digits(text, 5, 2);
    auto const d = digits(text, 8, 2);
    if (!y || !m || !d) return std::nullopt;
    year_month_day const ymd = year(*y) / month(static_cast<unsigned>(*m)) / std::chrono::day(static_cast<unsigned>(*d));
    if (!ymd.ok() || *y < 1900) return std::nullopt;
    return ymd;
}

std::optional<seconds> time_at(std::string_view text)
{
    if (text.size() < 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
    auto const h = digits(text, 0, 2);
    auto const m = digits(text, 3, 2);
    auto const s = digits(text, 6, 2);
    if (!h || !m || !s || *h > 23 || *m > 59 || *s > 59) return std::nullopt;
    return hours(*h) + minutes(*m) + seconds(*s);
}

struct Parts {
    int year;
    unsigned month, day;
    int hour, minute, second, micro;
};

Parts split(microseconds since_epoch)
{
    auto const whole_days = floor<days>(since_epoch);
    year_month_day const ymd{sys_days(whole_days)};
    hh_mm_ss const time(since_epoch - whole_days);
    return {static_cast<int>(ymd.year()),
            static_cast<unsigned>(ymd.month()),
            static_cast<unsigned>(ymd.day()),
            static_cast<int>(time.hours().count()),
            static_cast<int>(time.minutes().count()),
            static_cast<int>(time.seconds().count()),
            static_cast<int>(time.subseconds().count())};
}

template <class... A>
std::string print(char const* format, A... args)
{
    char buffer[80];
    auto const size = std::snprintf(buffer, sizeof buffer, format, args...);
    return std::string(buffer, static_cast<std::size_t>(size));
}

Parts local(Instant instant) { return split(instant.time_since_epoch() + vietnam_offset); }

}  // namespace

Instant SystemClock::now() const { return floor<microseconds>(system_clock::now()); }

Day Day::of(Instant instant) { return Day(year_month_day(floor<days>(instant + vietnam_offset))); }

Result<Day> Day::parse(std::string_view text)
{
    auto const ymd = text.size() == 10 ? date_at(text) : std::nullopt;
    if (!ymd) return fail(Errc::invalid_date, "a day is written YYYY-MM-DD");
    return Day(*ymd);
}

bool Day::is_weekend() const
{
    weekday const day_of_week{sys_days(ymd_)};
    return day_of_week == Saturday || day_of_week == Sunday;
}

Day Day::plus_days(int count) const { return Day(year_month_day(sys_days(ymd_) + days(count))); }

int Day::days_since(Day earlier) const { return static_cast<int>((sys_days(ymd_) - sys_days(earlier.ymd_)).count()); }

Instant Day::begin() const { return Instant(sys_days(ymd_)) - vietnam_offset; }

std::string Day::to_string() const { return print("%04d-%02u-%02u", year(), month(), day()); }
std::string Day::to_vietnamese() const { return print("%02u/%02u/%04d", day(), month(), year()); }

std::string to_rfc3339(Instant instant)
{
    auto const p = split(instant.time_since_epoch());
    return print("%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", p.year, p.month, p.day, p.hour, p.minute, p.second, p.micro / 1000);
}

std::string to_rfc3339_micro(Instant instant)
{
    auto const p = split(instant.time_since_epoch());
    return print("%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", p.year, p.month, p.day, p.hour, p.minute, p.second, p.micro);
}

Result<Instant> parse_rfc3339(std::string_view text)
{
    auto const bad = [] { return fail(Errc::invalid_date, "an instant is written 2026-11-22T03:15:30.120Z"); };
    auto const date = date_at(text);
    if (!date || text.size() < 20 || (text[10] != 'T' && text[10] != 't')) return bad();
    auto const time = time_at(text.substr(11));
    if (!time) return bad();
    auto rest = text.substr(19);
    microseconds fraction{0};
    if (rest.front() == '.') {
        int scale = 100000;
        std::size_t i = 1;
        for (; i < rest.size() && rest[i] >= '0' && rest[i] <= '9'; ++i, scale /= 10) fraction += microseconds((rest[i] - '0') * scale);
        if (i == 1) return bad();
        rest.remove_prefix(i);
    }
    minutes offset{0};
    if (rest == "Z" || rest == "z") {
    } else if (rest.size() == 6 && (rest[0] == '+' || rest[0] == '-') && rest[3] == ':') {
        auto const h = digits(rest, 1, 2);
        auto const m = digits(rest, 4, 2);
        if (!h || !m || *h > 23 || *m > 59) return bad();
        offset = hours(*h) + minutes(*m);
        if (rest[0] == '-') offset = -offset;
    } else {
        return bad();
    }
    return Instant(sys_days(*date)) + *time + fraction - offset;
}

Result<Instant> parse_local_time(std::string_view text)
{
    auto const date = date_at(text);
    auto const time = text.size() == 19 && (text[10] == ' ' || text[10] == 'T') ? time_at(text.substr(11)) : std::nullopt;
    if (!date || !time) return fail(Errc::invalid_date, "a local time is written YYYY-MM-DD HH:mm:ss");
    return Instant(sys_days(*date)) + *time - vietnam_offset;
}

std::string to_local_time(Instant instant)
{
    auto const p = local(instant);
    return print("%04d-%02u-%02u %02d:%02d:%02d", p.year, p.month, p.day, p.hour, p.minute, p.second);
}

std::string to_vietnamese_time(Instant instant)
{
    auto const p = local(instant);
    return print("%02u/%02u/%04d %02d:%02d", p.day, p.month, p.year, p.hour, p.minute);
}

std::string to_vietnamese_time_seconds(Instant instant)
{
    auto const p = local(instant);
    return print("%02d:%02d:%02d %02u/%02u/%04d", p.hour, p.minute, p.second, p.day, p.month, p.year);
}

}  // namespace cho40
