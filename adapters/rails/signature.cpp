#include "adapters/rails/signature.h"
#include "base/digest.h"
#include "base/text.h"
#include <algorithm>
#include <charconv>

namespace cho40::rails {

bool fits(std::string_view expected, std::string_view given)
{
    return equal_in_constant_time(to_ascii_upper(expected), to_ascii_upper(given));
}

std::string_view credentials(std::string_view header, std::string_view scheme)
{
    auto const space = header.find(' ');
    if (space == header.npos || to_ascii_upper(header.substr(0, space)) != to_ascii_upper(scheme)) return {};
    return trim(header.substr(space + 1));
}

std::optional<std::int64_t> digits(std::string_view text)
{
    if (text.empty() || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
    std::int64_t value = 0;
    auto const [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
    return value;
}

Result<Instant> from_milliseconds(std::int64_t count, std::string pointer)
{
    if (count < 1'000'000'000'000 || count > 9'999'999'999'999)
        return fail(Errc::invalid_date, "must be milliseconds since 1970", std::move(pointer));
    return Instant(std::chrono::milliseconds(count));
}

std::int64_t to_milliseconds(Instant instant)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(instant.time_since_epoch()).count();
}

bool is_key(std::string_view text)
{
    return text.size() >= 8 && std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

}  // namespace cho40::rails
