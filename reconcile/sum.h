#pragma once
#include "base/dong.h"
#include <limits>

namespace cho40::reconcile {

// Adds any number of amounts without overflow on the way; only the total must fit.
class Sum {
public:
    void add(Dong amount) { total_ += amount.count(); }
    void subtract(Dong amount) { total_ -= amount.count(); }

    // Error: amount_overflow.
    [[nodiscard]] Result<Dong> total() const
    {
        if (total_ > std::numeric_limits<std::int64_t>::max() || total_ < std::numeric_limits<std::int64_t>::min()) {
            return fail(Errc::amount_overflow, "the sum of the day does not fit 64 bits");
        }
        return Dong(static_cast<std::int64_t>(total_));
    }

private:
    __extension__ typedef __int128 Wide;
    Wide total_ = 0;
};

}  // namespace cho40::reconcile
