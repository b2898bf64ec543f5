#pragma once
#include "adapters/http/message.h"
#include "base/result.h"
#include "base/uuid.h"
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace cho40::api {

// One event as a screen gets it.
struct Frame {
    std::int64_t seq = 0;
    http::WireEvent event;
};
using Frames = std::vector<Frame>;

// Readings of event streams that several readers want at the same time: the first reads, the others wait for it and take the
// same. What was read is kept until something new is in the stream. On one loop.
class SharedFrames {
public:
    using Reader = std::function<boost::asio::awaitable<Result<Frames>>()>;

    explicit SharedFrames(boost::asio::any_io_executor executor) : executor_(executor) {}

    // The frames of `stream` after `after` in `language`, through `read` unless they are at hand or being read. A reader that
    // goes away in the middle leaves the work to the next.
    [[nodiscard]] boost::asio::awaitable<Result<std::shared_ptr<Frames const>>> get(Uuid stream, std::int64_t after,
                                                                                    http::Language language, Reader read);

    // Something new is in the stream, or nobody listens to it any more. What is being read now is still given to who waits.
    void forget(Uuid stream) { readings_.erase(stream); }

private:
    struct Reading;

    void drop(Uuid stream, std::shared_ptr<Reading> const& reading);

    boost::asio::any_io_executor executor_;
    std::unordered_map<Uuid, std::vector<std::shared_ptr<Reading>>> readings_;
};

}  // namespace cho40::api
