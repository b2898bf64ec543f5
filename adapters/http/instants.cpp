#include "adapters/http/instants.h"

namespace cho40::http {

Result<Instant> parse_exact_instant(std::string_view text)
{
    constexpr std::size_t digits_kept = 6;
    auto const instant = parse_rfc3339(text);
    auto const point = text.find('.');
    if (!instant || point == text.npos) return instant;
    auto const fraction = text.substr(point + 1, text.find_first_not_of("0123456789", point + 1) - point - 1);
    if (fraction.size() > digits_kept && fraction.find_first_not_of('0', digits_kept) != fraction.npos) {
        return fail(Errc::invalid_date, "an instant is kept to the microsecond, 2026-11-22T03:15:30.120456Z; this one is finer");
    }
    return instant;
}

}  // namespace cho40::http
