#include "adapters/api/shared_frames.h"
#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cho40::api {

struct SharedFrames::Reading {
    Reading(boost::asio::any_io_executor executor, std::int64_t from, http::Language words)
        : after(from), language(words), over(std::move(executor), std::chrono::steady_clock::time_point::max())
    {
    }

    std::int64_t after;
    http::Language language;
    std::shared_ptr<Frames const> frames;  // null until they are read
    bool failed = false;
    boost::asio::steady_timer over;  // cancelled when the reading ended, either way
};

boost::asio::awaitable<Result<std::shared_ptr<Frames const>>> SharedFrames::get(Uuid stream, std::int64_t after, http::Language language,
                                                                                Reader read)
{
    std::shared_ptr<Reading> reading;
    while (!reading) {
        auto& of_stream = readings_[stream];
        auto const known = std::ranges::find_if(of_stream,
                                                [&](auto const& one) { return one->after == after && one->language == language; });
        if (known == of_stream.end()) {
            reading = of_stream.emplace_back(std::make_shared<Reading>(executor_, after, language));
            break;
        }
        auto const other = *known;
        if (!other->frames) {
            boost::system::error_code ignored;
            co_await other->over.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
            auto const state = co_await boost::asio::this_coro::cancellation_state;
            if (state.cancelled() != boost::asio::cancellation_type::none) {
                throw boost::system::system_error(boost::asio::error::operation_aborted);
            }
        }
        if (other->frames) co_return other->frames;
        if (other->failed) co_return fail(Errc::unavailable, "the events could not be read");
    }

    struct End {
        SharedFrames& all;
        Uuid const& stream;
        std::shared_ptr<Reading> const& reading;
        ~End()
        {
            if (!reading->frames) all.drop(stream, reading);
            reading->over.cancel();
        }
    } const end{*this, stream, reading};
    auto frames = co_await read();
    if (!frames) {
        reading->failed = true;
        co_return tl::unexpected<Error>(frames.error());
    }
    reading->frames = std::make_shared<Frames const>(*std::move(frames));
    co_return reading->frames;
}

void SharedFrames::drop(Uuid stream, std::shared_ptr<Reading> const& reading)
{
    auto const found = readings_.find(stream);
    if (found == readings_.end()) return;
    std::erase(found->second, reading);
    if (found->second.empty()) readings_.erase(found);
}

}  // namespace cho40::api
