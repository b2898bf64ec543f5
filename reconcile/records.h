#pragma once
#include "base/dong.h"
#include "base/short_text.h"
#include "base/time.h"
#include <cstdint>
#include <string>
#include <string_view>

// What the three sides say, as plain records. Readers of files and stores make them; the engine only compares.
namespace cho40::reconcile {

enum class Kind : std::uint8_t { payment, refund };
enum class Channel : std::uint8_t { provider, bank };  // through the intermediary, or straight to the account
enum class InternalStatus : std::uint8_t { succeeded, pending, failed };
enum class LineStatus : std::uint8_t { success, failed };
enum class Direction : std::uint8_t { credit, debit };

// Small members stand together at the end of a record: a million of each are in memory at once.

// What the platform believes about one payment or refund.
struct InternalRecord {
    ShortText payment_id;         // unique
    ShortText parent_id;          // the payment refunded, or empty
    ShortText order_ref;          // code printed in the QR and sent to the provider
    ShortText provider_txn_id;    // empty when the provider's notice was lost
    ShortText account;            // the account the money came to, and the bank's reference for it, where a rail told
    ShortText bank_reference;     // both: channel bank pairs by them (B0)
    Dong amount;                  // > 0
    Instant event_at;
    Kind kind = Kind::payment;
    InternalStatus status = InternalStatus::succeeded;
    Channel channel = Channel::provider;

    friend bool operator==(InternalRecord const&, InternalRecord const&) = default;
};

// One line of a provider's daily file.
struct ProviderLine {
    ShortText file_id;
    ShortText provider_txn_id;
    ShortText order_ref;          // may be empty
    ShortText batch;              // may be empty: not settled in a batch
    std::int64_t line_no = 0;
    Dong amount;                  // > 0
    Dong fee;                     // >= 0
    Dong net;                     // payment: amount - fee; refund: -amount - fee; not successful: 0
    Instant at;
    Day business_date;            // the day the file covers
    Day settlement_date;          // the day the batch's money is promised
    Kind kind = Kind::payment;
    LineStatus status = LineStatus::success;

    [[nodiscard]] std::string id() const { return (file_id + ":").append(std::to_string(line_no)); }

    friend bool operator==(ProviderLine const&, ProviderLine const&) = default;
};

// One booked movement on a bank account.
struct BankEntry {
    ShortText account;
    ShortText entry_ref;          // the bank's reference, unique in the account
    ShortText counterparty;
    ShortText narrative;          // remittance parts joined without a space; '\n' between separate fields
    ShortText currency = "VND";   // of another currency the amount is not compared and must be 0
    Dong amount;                  // > 0, whatever the direction
    Instant booked_at;
    Day booking_date;
    Day value_date;
    Direction direction = Direction::credit;
    bool reversal = false;        // the bank undoes an earlier entry; direction is this entry's own

    friend bool operator==(BankEntry const&, BankEntry const&) = default;
};

// The balances a statement gives for the days it covers.
struct StatementBalance {
    std::string account;
    Day from;
    Day to;
    Dong opening;
    Dong closing;
    Dong credits;                 // sum of the booked entries in the file
    Dong debits;
};

// Payments count up, refunds count down.
[[nodiscard]] inline Dong signed_amount(Kind kind, Dong amount) { return kind == Kind::payment ? amount : Dong(-amount.count()); }
[[nodiscard]] inline Dong signed_amount(Direction direction, Dong amount)
{
    return direction == Direction::credit ? amount : Dong(-amount.count());
}

}  // namespace cho40::reconcile
