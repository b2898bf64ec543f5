#pragma once
#include "base/time.h"
#include <deque>
#include <string>
#include <unordered_map>

namespace cho40::identity {

// Failed tries by name (a login, an address), with a pause that doubles. In memory and bounded: the names forgotten
// first are those whose last failure is the oldest.
struct TryLimits {
    int free_tries = 5;  // without any pause
    std::chrono::seconds pause_first{30};
    std::chrono::seconds pause_most = std::chrono::minutes(15);
    std::chrono::seconds forget_after = std::chrono::hours(1);
    std::size_t names_max = 50'000;
};

// The pause after that many failures; zero while tries are free.
[[nodiscard]] std::chrono::seconds pause_after(int failures, TryLimits const& limits);

class TryLimiter {
public:
    explicit TryLimiter(TryLimits limits = {}) : limits_(limits) {}

    [[nodiscard]] bool may_try(std::string const& name, Instant now) const;
    // Counted before the password is looked at, so that many tries at once count as many.
    void failed(std::string const& name, Instant now);
    void forget(std::string const& name);     // it was right: all is forgiven
    void take_back(std::string const& name);  // this one was right: others from there may not be
    [[nodiscard]] std::size_t size() const { return tries_.size(); }

private:
    struct Tries {
        int failures = 0;
        Instant last;
    };

    TryLimits limits_;
    std::unordered_map<std::string, Tries> tries_;
    std::deque<std::pair<std::string, Instant>> order_;  // of failures; stale pairs are skipped
};

}  // namespace cho40::identity
