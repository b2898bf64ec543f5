#include "qr-pay/intake.h"
#include "base/signal.h"
#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <utility>

namespace cho40::qr_pay {
namespace {

constexpr std::size_t at_once = 500;  // that a sweep takes

}  // namespace

using boost::asio::awaitable;

// One message on its way. Whoever took it may have stopped waiting before the end.
struct Intake::Message {
    Message(boost::asio::any_io_executor executor, std::vector<Notification> list)
        : notifications(std::move(list)), received(notifications.size()), durable(executor), matched(executor)
    {
    }

    // Nothing could be found out about it now: it is told to be on its way, and swept later.
    void match(Result<Received> const& result, std::size_t place)
    {
        if (result) received[place] = *result;
        if (++ended == notifications.size()) matched.cancel();
    }

    std::vector<Notification> notifications;
    std::vector<std::optional<Received>> received;
    std::optional<Error> error;
    std::size_t kept = 0;
    std::size_t ended = 0;  // matched, or given up for now
    OneShot<bool> durable;
    boost::asio::steady_timer matched;  // cancelled when all have ended
};

Intake::Intake(boost::asio::any_io_executor executor, Inbox& inbox, ReceiveCredit& receive, Clock const& clock)
    : Intake(std::move(executor), inbox, receive, clock, Limits())
{
}

Intake::Intake(boost::asio::any_io_executor executor, Inbox& inbox, ReceiveCredit& receive, Clock const& clock, Limits limits)
    : executor_(executor), inbox_(inbox), receive_(receive), clock_(clock), limits_(limits),
      keep_bell_(executor, boost::asio::steady_timer::time_point::max()),
      match_bell_(executor, boost::asio::steady_timer::time_point::max())
{
}

awaitable<Result<std::vector<std::optional<Received>>>> Intake::take(std::vector<Notification> notifications, bool match_matters)
{
    if (notifications.empty()) co_return std::vector<std::optional<Received>>();
    if (to_keep_.size() + notifications.size() > limits_.queue_max || to_match_.size() > limits_.queue_max) {
        co_return fail(Errc::queue_full, "more notifications wait than can be taken; tell it again");
    }
    auto const message = std::make_shared<Message>(executor_, std::move(notifications));
    for (std::size_t i = 0; i < message->notifications.size(); ++i) to_keep_.push_back({message, i});
    keep_bell_.cancel();
    (void)co_await message->durable.wait();
    if (message->error) co_return tl::unexpected<Error>(*message->error);
    bool const patient = match_matters || to_match_.size() <= limits_.patient_up_to;
    if (patient && message->ended < message->notifications.size()) {
        message->matched.expires_after(limits_.patience);
        boost::system::error_code cancelled;
        co_await message->matched.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
    }
    co_return message->received;
}

awaitable<std::vector<Intake::Item>> Intake::next(std::deque<Item>& queue, boost::asio::steady_timer& bell) const
{
    while (queue.empty()) {
        boost::system::error_code rung;
        co_await bell.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, rung));
    }
    auto const n = static_cast<std::ptrdiff_t>(std::min(queue.size(), limits_.batch_max));
    std::vector<Item> items(std::make_move_iterator(queue.begin()), std::make_move_iterator(queue.begin() + n));
    queue.erase(queue.begin(), queue.begin() + n);
    co_return items;
}

awaitable<std::vector<Result<KeptNotification>>> Intake::keep_all(std::vector<Item> const& items)
{
    std::vector<Notification const*> notifications;
    for (auto const& item : items) notifications.push_back(&item.message->notifications[item.place]);
    std::vector<Result<KeptNotification>> answers;
    auto const together = co_await inbox_.keep(notifications);
    if (together) {
        answers.assign(together->begin(), together->end());
        co_return answers;
    }
    // One that cannot be kept as it is must not take its neighbours with it.
    bool const is_refused = together.error().code == Errc::internal_error && items.size() > 1;
    for (auto const* notification : notifications) {
        if (!is_refused) {
            answers.push_back(fail(together.error()));
            continue;
        }
        auto const alone = co_await inbox_.keep({notification});
        if (alone) answers.emplace_back(alone->front());
        else answers.push_back(fail(alone.error()));
    }
    co_return answers;
}

awaitable<void> Intake::keep()
{
    for (;;) {
        auto const items = co_await next(to_keep_, keep_bell_);
        auto const stands = co_await keep_all(items);
        for (std::size_t i = 0; i < items.size(); ++i) {
            auto& message = *items[i].message;
            auto& notification = message.notifications[items[i].place];
            if (!stands[i]) message.error = stands[i].error();
            else if (stands[i]->is_matched) {
                message.received[items[i].place] = Received{
                    InboxOutcome::repeated, credit_id_of(notification.book, notification.credit), {}};
            }
            if (!stands[i] || stands[i]->is_matched) {
                ++message.ended;
            } else {
                // Told again before anybody found out what it means: it is the first that is matched.
                notification.id = stands[i]->id;
                to_match_.push_back(items[i]);
            }
            if (++message.kept == message.notifications.size()) message.durable.set(true);
        }
        match_bell_.cancel();
    }
}

awaitable<void> Intake::match()
{
    for (;;) {
        auto const items = co_await next(to_match_, match_bell_);
        std::vector<Notification> notifications;
        for (auto const& item : items) notifications.push_back(item.message->notifications[item.place]);
        auto const received = co_await receive_(std::move(notifications));
        for (std::size_t i = 0; i < items.size(); ++i) {
            items[i].message->match(received[i], items[i].place);
            if (!received[i]) left_some_ = true;
        }
    }
}

awaitable<Result<bool>> Intake::sweep()
{
    CHO_CO_TRY(auto matchable, co_await inbox_.matchable_now(at_once));
    CHO_CO_TRY_DO(co_await match_again(std::move(matchable)));
    auto const now = clock_.now();
    if (!left_some_ && now - looked_back_at_ < limits_.look_back_every) co_return false;
    left_some_ = false;
    auto const more = co_await match_left(now - limits_.settled, swept_to_);
    if (more && !*more) looked_back_at_ = now;
    co_return more;
}

awaitable<Result<Done>> Intake::catch_up()
{
    auto const arrived_before = clock_.now();
    InboxPlace place;
    std::optional<Error> error;
    for (;;) {
        auto const more = co_await match_left(arrived_before, place);
        if (!more) error = more.error();
        if (place.received_at == Instant()) break;
    }
    if (error) co_return tl::unexpected<Error>(*error);
    co_return Done{};
}

// `place` goes on with each look, and back to the beginning with the last or when nothing can be read.
awaitable<Result<bool>> Intake::match_left(Instant arrived_before, InboxPlace& place)
{
    auto const from = std::exchange(place, InboxPlace{});
    CHO_CO_TRY(auto left, co_await inbox_.unmatched(arrived_before, from, at_once));
    bool const more = left.size() == at_once;
    if (more) place = {left.back().received_at, left.back().id};
    CHO_CO_TRY_DO(co_await match_again(std::move(left)));
    co_return more;
}

awaitable<Result<Done>> Intake::match_again(std::vector<Notification> notifications)
{
    if (notifications.empty()) co_return Done{};
    std::optional<Error> error;
    for (auto const& received : co_await receive_(std::move(notifications))) {
        if (!received) error = received.error();
    }
    if (!error) co_return Done{};
    left_some_ = true;
    co_return tl::unexpected<Error>(*error);
}

}  // namespace cho40::qr_pay
