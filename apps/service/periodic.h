#pragma once
#include "adapters/observability/log.h"
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <string>

namespace cho40::service {

// Runs `work` again and again, `pause` after it ended, until it is cancelled. An error is logged and the next round comes
// all the same; `work` returns true to be called again at once because there is more to do.
[[nodiscard]] boost::asio::awaitable<void> periodically(std::string name, std::chrono::milliseconds pause, observability::Log const& log,
                                                        std::function<boost::asio::awaitable<Result<bool>>()> work);

}  // namespace cho40::service
