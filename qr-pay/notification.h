#pragma once
#include "qr-pay/records.h"
#include <boost/asio/awaitable.hpp>

namespace cho40::qr_pay {

// One transfer a rail told of, proved authentic, with the bytes it was told in.
struct Notification {
    Notification(ledger::BookId b, Id<InboxTag> i, Id<RailAccountTag> r, BankCredit c)
        : book(b), id(i), rail_account(r), credit(std::move(c))
    {
    }

    ledger::BookId book;               // of the rail account it was sent to
    Id<InboxTag> id;                   // made when it arrived
    Id<RailAccountTag> rail_account;
    BankCredit credit;
    std::string headers;               // JSON object, credentials removed
    std::string body;                  // as received; "" for the second transfer of a message and those after it
    Instant received_at;
};

struct KeptNotification {
    Id<InboxTag> id;         // of the first that said this
    bool is_matched = false; // what it means is known already
};

// In the order of arrival.
struct InboxPlace {
    Instant received_at{};
    Id<InboxTag> id{};
};

// Where notifications are durable before anybody asks what they mean.
struct Inbox {
    virtual ~Inbox() = default;

    // Durable when it answers, one answer for each in order. What the same rail told before is counted, not kept twice.
    // Errors: unavailable.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<KeptNotification>>> keep(
        std::vector<Notification const*> notifications) = 0;

    // Whether this rail account has said the same before, one answer for each in order. Errors: unavailable.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<bool>>> are_told(std::vector<Notification const*> notifications) = 0;

    // Kept before `arrived_before`, and nobody found out yet what it is: the oldest first, from the one after `place`.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<Notification>>> unmatched(Instant arrived_before, InboxPlace place,
                                                                                              std::size_t limit) = 0;

    // Kept, and found to be for an account nobody had then, or for a paper that had no number left, but may be matched now.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<Notification>>> matchable_now(std::size_t limit) = 0;
};

}  // namespace cho40::qr_pay
