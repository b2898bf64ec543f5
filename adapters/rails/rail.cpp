#include "adapters/rails/rail.h"
#include "base/text.h"
#include <algorithm>

namespace cho40::rails {

std::string_view RawNotification::header(std::string_view name) const
{
    auto const wanted = to_ascii_upper(name);
    auto const it = std::ranges::find_if(headers, [&](auto const& h) { return to_ascii_upper(h.first) == wanted; });
    return it == headers.end() ? std::string_view() : std::string_view(it->second);
}

std::optional<std::string> Rail::secret_typed(std::string_view text) const
{
    if (text.empty()) return std::nullopt;
    return std::string(text);
}

Result<Reply> Rail::give_token(RawNotification const&, RailSecret const&) const
{
    return fail(Errc::not_found, "this rail gives out no tokens");
}

Rail const* find_rail(std::string_view name)
{
    for (auto const* rail : all_rails()) {
        if (rail->name() == name) return rail;
    }
    return nullptr;
}

bool is_about_authenticity(Errc code) { return code == Errc::bad_signature || code == Errc::bad_token || code == Errc::unauthenticated; }

bool may_succeed_later(Errc code)
{
    switch (code) {
    case Errc::unavailable:
    case Errc::queue_full:
    case Errc::writer_lost:
    case Errc::stale:
    case Errc::rate_limited:
    case Errc::maintenance:
    case Errc::series_exhausted:  // until the agency opens another series
    case Errc::internal_error: return true;
    default: return false;
    }
}

std::string words_for_sender(Error const& error)
{
    bool const inside = may_succeed_later(error.code) && error.code != Errc::series_exhausted;
    return inside ? "not booked yet; tell it again later" : error.detail;
}

}  // namespace cho40::rails
