#pragma once
#include "qr-pay/receive_credit.h"
#include <boost/asio/steady_timer.hpp>
#include <deque>

namespace cho40::qr_pay {

// The way of a notification: durable first, matched and posted then. Whoever told it is answered once it is durable. While few
// wait for their match, so does the answer, for a moment: a reader who comes next sees what it means, and some providers want
// to hear of it. Under load it does not, and each batch is the larger. What nobody could match at once - the service ended, the ledger was not there - is matched by sweep().
//
// Both steps take whatever has gathered while the one before was under way: under load a batch of many costs little more than
// one alone. All calls on one loop.
class Intake {
public:
    struct Limits {
        std::size_t queue_max = 8192;  // notifications waiting to be made durable; more are refused with queue_full
        std::size_t batch_max = 256;
        std::chrono::milliseconds patience{1000};  // for the match of one that is durable,
        std::size_t patient_up_to = 24;  // unless more than these wait before it
        std::chrono::seconds settled{5};  // what is older and still unmatched is swept,
        std::chrono::seconds look_back_every{60};  // at once when a match failed here; now and then for instances that died
    };

    Intake(boost::asio::any_io_executor executor, Inbox& inbox, ReceiveCredit& receive, Clock const& clock);
    Intake(boost::asio::any_io_executor executor, Inbox& inbox, ReceiveCredit& receive, Clock const& clock, Limits limits);

    // One message, its transfers in order. When it answers without an error all of them are durable. An answer is nothing where
    // the match was not known in time; it will be made all the same. Errors: queue_full, unavailable.
    // `match_matters`: to the answer, so it is waited for whatever the load.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<std::optional<Received>>>> take(std::vector<Notification> notifications,
                                                                                            bool match_matters = false);

    // Run both until they are cancelled; each twice, so that one batch is being made while another is being written.
    [[nodiscard]] boost::asio::awaitable<void> keep();
    [[nodiscard]] boost::asio::awaitable<void> match();

    // Matches what was left behind, and what can be matched by now. True: there is more.
    [[nodiscard]] boost::asio::awaitable<Result<bool>> sweep();
    // The same before the first message is taken, so that whoever reads next sees what was acknowledged before the service ended.
    // What cannot be matched now is left to sweep().
    [[nodiscard]] boost::asio::awaitable<Result<Done>> catch_up();

    [[nodiscard]] std::size_t waiting_for_match() const { return to_match_.size(); }

private:
    struct Message;
    struct Item {
        std::shared_ptr<Message> message;
        std::size_t place = 0;  // in it
    };

    [[nodiscard]] boost::asio::awaitable<std::vector<Result<KeptNotification>>> keep_all(std::vector<Item> const& items);
    [[nodiscard]] boost::asio::awaitable<Result<bool>> match_left(Instant arrived_before, InboxPlace& place);
    [[nodiscard]] boost::asio::awaitable<Result<Done>> match_again(std::vector<Notification> notifications);
    [[nodiscard]] boost::asio::awaitable<std::vector<Item>> next(std::deque<Item>& queue, boost::asio::steady_timer& bell) const;

    boost::asio::any_io_executor executor_;
    Inbox& inbox_;
    ReceiveCredit& receive_;
    Clock const& clock_;
    Limits limits_;
    std::deque<Item> to_keep_, to_match_;
    bool left_some_ = false;  // unmatched, by this instance
    InboxPlace swept_to_;  // what cannot be matched stands in nobody's way: the search goes on behind it
    Instant looked_back_at_;
    boost::asio::steady_timer keep_bell_, match_bell_;  // rung by cancelling the wait; a job that is cancelled ends there
};

}  // namespace cho40::qr_pay
