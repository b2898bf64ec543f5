#pragma once
#include "base/dong.h"
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

// What the platform believes about one payment or refund.
struct InternalRecord {
    std::string payment_id;       // unique
    Kind kind = Kind::payment;
    std::string parent_id;        // the payment refunded, or empty
    std::string order_ref;        // code printed in the QR and sent to the provider
    std::string provider_txn_id;  // empty when the provider's notice was lost
    Dong amount;                  // > 0
    InternalStatus status = InternalStatus::succeeded;
    Instant event_at;
    Channel channel = Channel::provider;
    std::string account;          // the account the money came to, and the bank's reference for it, where a rail told
    std::string bank_reference;   // both: channel bank pairs by them (B0)
};

// One line of a provider's daily file.
struct ProviderLine {
    std::string file_id;
    std::int64_t line_no = 0;
    Day business_date;            // the day the file covers
    std::string provider_txn_id;
    std::string order_ref;        // may be empty
    Kind kind = Kind::payment;
    Dong amount;                  // > 0
    Dong fee;                     // >= 0
    Dong net;                     // payment: amount - fee; refund: -amount - fee; not successful: 0
    LineStatus status = LineStatus::success;
    Instant at;
    std::string batch;            // may be empty: not settled in a batch
    Day settlement_date;          // the day the batch's money is promised

    [[nodiscard]] std::string id() const { return file_id + ":" + std::to_string(line_no); }
};

// One booked movement on a bank account.
struct BankEntry {
    std::string account;
    std::string entry_ref;        // the bank's reference, unique in the account
    Day booking_date;
    Day value_date;
    Instant booked_at;
    Direction direction = Direction::credit;
    Dong amount;                  // > 0, whatever the direction
    std::string currency = "VND"; // of another currency the amount is not compared and must be 0
    bool reversal = false;        // the bank undoes an earlier entry; direction is this entry's own
    std::string counterparty;
    std::string narrative;        // remittance parts joined without a space; '\n' between separate fields
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
