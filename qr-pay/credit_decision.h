#pragma once
#include "qr-pay/bank_credit.h"
#include "qr-pay/payment_request.h"
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace cho40::qr_pay {

// What a part of a credit is for. The posting rules of the ledger have one row for each.
enum class Purpose {
    sale,                  // pays an open request
    late_sale,             // pays a request that had expired, was cancelled or had failed
    overpaid_refund_due,   // more than was missing: owed to the payer
    duplicate_refund_due,  // the request was settled before: owed to the payer
    nameless_sale,         // income of the stall or the market that no request explains
};

struct Allocation {
    Purpose purpose;
    Dong amount;  // > 0
};

// Why a credit was decided as it was. Stable: stored with the credit and shown in the day book.
enum class CreditReason {
    exact,
    topped_up,
    short_paid,
    over,
    late,
    late_short,
    late_over,
    duplicate,
    nameless,   // no code in the memo
    ambiguous,  // two or more known codes in the memo: a person decides
    suggested,  // no code, but exactly one request fits by amount and time: one tap to confirm
};

[[nodiscard]] std::string_view name_of(Purpose purpose);
[[nodiscard]] std::string_view name_of(CreditReason reason);
[[nodiscard]] std::optional<Purpose> purpose_named(std::string_view name);
[[nodiscard]] std::optional<CreditReason> credit_reason_named(std::string_view name);

// What one credit does. The allocations add up to the credit's amount, always.
struct CreditDecision {
    std::vector<Allocation> allocations;
    CreditReason reason;
    std::optional<PaymentRequest> request;     // as it is afterwards (state, received, version); nothing for nameless money
    Dong remaining;  // what the request still lacks; 0 for nameless money
};

// Decides a credit whose request was found by virtual account or by the code in its memo, or was not found.
// `why_nameless` is the reason when there is no request: nameless, ambiguous or suggested.
//
// On time is what was booked before expires_at, however late the rail tells; once part of the money has come, the
// rest is on time whenever it comes. A credit booked late for a request that nobody has closed yet is late too.
//
// Pre: credit.direction is in; amounts lie within 1 .. amount_max. Money out is not a credit: the caller sets it apart.
[[nodiscard]] CreditDecision decide_credit(std::optional<PaymentRequest> const& request, BankCredit const& credit, Instant now,
                                           CreditReason why_nameless = CreditReason::nameless);

// How long before a credit was booked its request may have been made to be suggested, and how long after: rails give whole
// seconds, and their clocks run a little before ours.
inline constexpr auto suggestion_window = std::chrono::minutes(10);
inline constexpr auto suggestion_skew_max = std::chrono::minutes(2);

// For a credit without a code: the only open request of the same receiving account that still lacks exactly this amount
// and was created in the ten minutes before the credit was booked. Nothing when none or several fit. The answer is a
// suggestion to the vendor, never an assignment. `open_requests` are those of the credit's account or stall.
[[nodiscard]] std::optional<OrderCode> suggest_request(std::span<PaymentRequest const> open_requests, BankCredit const& credit);

}  // namespace cho40::qr_pay
