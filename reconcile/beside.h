#pragma once
#include "reconcile/engine.h"
#include <future>

namespace cho40::reconcile {

// Work of a run that can go on beside the rest of it: on a thread of its own where there are many records, else when the
// result is asked for, since a thread takes longer to make than a small run.
template <class Work>
[[nodiscard]] auto beside(RunInput const& input, Work work)
{
    constexpr std::size_t many = 20'000;
    auto const records = input.internal.size() + input.provider.size() + input.bank.size();
    return std::async(records > many ? std::launch::async : std::launch::deferred, std::move(work));
}

}  // namespace cho40::reconcile
