#include "adapters/identity/try_limiter.h"
#include <algorithm>

namespace cho40::identity {

std::chrono::seconds pause_after(int failures, TryLimits const& limits)
{
    if (failures < limits.free_tries) return std::chrono::seconds(0);
    auto const doublings = std::min(failures - limits.free_tries, 20);
    return std::min(limits.pause_first * (std::int64_t{1} << doublings), limits.pause_most);
}

bool TryLimiter::may_try(std::string const& name, Instant now) const
{
    auto const it = tries_.find(name);
    if (it == tries_.end()) return true;
    return now >= it->second.last + pause_after(it->second.failures, limits_);
}

void TryLimiter::failed(std::string const& name, Instant now)
{
    auto& tries = tries_[name];
    if (now - tries.last > limits_.forget_after) tries.failures = 0;
    tries.failures = std::min(tries.failures + 1, 1000);
    tries.last = now;
    order_.emplace_back(name, now);
    // A name that failed again later is kept by its later place in the order.
    auto const oldest_is_stale = [&] {
        auto const it = tries_.find(order_.front().first);
        return it == tries_.end() || it->second.last != order_.front().second;
    };
    // Names that fail over and over leave stale places behind a fresh front: the order has a bound of its own.
    while (!order_.empty() && (oldest_is_stale() || now - order_.front().second > limits_.forget_after ||
                               tries_.size() > limits_.names_max || order_.size() > 2 * limits_.names_max)) {
        if (!oldest_is_stale()) tries_.erase(order_.front().first);
        order_.pop_front();
    }
}

void TryLimiter::forget(std::string const& name) { tries_.erase(name); }

void TryLimiter::take_back(std::string const& name)
{
    auto const it = tries_.find(name);
    if (it != tries_.end() && --it->second.failures <= 0) tries_.erase(it);
}

}  // namespace cho40::identity
