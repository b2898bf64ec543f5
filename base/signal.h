#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <optional>
#include <utility>

namespace cho40 {
namespace detail {

// A suspended coroutine of any kind. (Boost 1.81's any_completion_handler recurses for ever when it is moved.)
template <class... Values>
struct Waiter {
    virtual ~Waiter() = default;
    virtual void resume(Values... values) = 0;
};

template <class Handler, class... Values>
struct WaiterOf final : Waiter<Values...> {
    explicit WaiterOf(Handler h) : handler(std::move(h)) {}
    void resume(Values... values) override { std::move(handler)(std::move(values)...); }
    Handler handler;
};

}  // namespace detail

// A value that is set once by one coroutine and awaited by another on the same loop. Whoever owns the producing side
// sets every OneShot before it ends; otherwise the waiter would stay suspended.
template <class T>
class OneShot {
public:
    explicit OneShot(boost::asio::any_io_executor executor) : state_(std::make_shared<State>(std::move(executor))) {}

    void set(T value) const
    {
        if (!state_->waiter) {
            state_->value.emplace(std::move(value));
            return;
        }
        auto waiter = std::move(state_->waiter);
        boost::asio::post(state_->executor,
                          [waiter = std::move(waiter), value = std::move(value)]() mutable { waiter->resume(std::move(value)); });
    }

    // At most one waiter.
    [[nodiscard]] boost::asio::awaitable<T> wait() const
    {
        auto state = state_;
        if (state->value) co_return std::move(*state->value);
        auto start = [state](auto handler) {
            state->waiter = std::make_unique<detail::WaiterOf<decltype(handler), T>>(std::move(handler));
        };
        auto operation = boost::asio::async_initiate<boost::asio::use_awaitable_t<> const, void(T)>(std::move(start),
                                                                                                    boost::asio::use_awaitable);
        co_return co_await std::move(operation);
    }

private:
    struct State {
        explicit State(boost::asio::any_io_executor e) : executor(std::move(e)) {}
        boost::asio::any_io_executor executor;
        std::unique_ptr<detail::Waiter<T>> waiter;
        std::optional<T> value;
    };
    std::shared_ptr<State> state_;
};

// A doorbell for coroutines of one loop: wait() returns at once when it was rung since the last wait.
class Signal {
public:
    explicit Signal(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
    Signal(Signal const&) = delete;
    Signal& operator=(Signal const&) = delete;

    void ring()
    {
        if (!waiter_) {
            rung_ = true;
            return;
        }
        boost::asio::post(executor_, [waiter = std::move(waiter_)]() mutable { waiter->resume(); });
    }

    // At most one waiter.
    [[nodiscard]] boost::asio::awaitable<void> wait()
    {
        if (std::exchange(rung_, false)) co_return;
        auto start = [this](auto handler) { waiter_ = std::make_unique<detail::WaiterOf<decltype(handler)>>(std::move(handler)); };
        auto operation = boost::asio::async_initiate<boost::asio::use_awaitable_t<> const, void()>(std::move(start),
                                                                                                   boost::asio::use_awaitable);
        co_await std::move(operation);
    }

private:
    boost::asio::any_io_executor executor_;
    std::unique_ptr<detail::Waiter<>> waiter_;
    bool rung_ = false;
};

}  // namespace cho40
