#pragma once
#include "base/digest.h"
#include "base/time.h"
#include "base/working_days.h"
#include "etax/filing_number.h"
#include "etax/notice.h"
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cho40::etax {

// The life of one return, from the figures to the money. Names are stored and shown: append, never rename.
enum class FilingState {
    draft,
    signed_,             // "signed": bytes are frozen
    queued,
    sent,
    transport_unknown,   // no answer: it may have arrived
    received,            // 843 or 01/TB-TĐT: arrived, not yet accepted
    accepted,            // 844 Y
    accepted_by_law,     // no acceptance came, and the operator holds the receipt to be the filing (Thông tư 89/2026)
    refused_technical,   // 213, not received
    refused_business,    // 844 N
    conflict,            // the other side holds another document under our key: a person decides
    settled,             // accepted and paid
    superseded,          // a later supplementary return was accepted
};

[[nodiscard]] std::string_view name_of(FilingState state);
[[nodiscard]] std::optional<FilingState> filing_state_from(std::string_view name);
// Nothing more happens to it by itself; the period may be filed again after a refusal.
[[nodiscard]] bool is_finished(FilingState state);
// The other side may have it: a second return for the period must wait.
[[nodiscard]] bool is_in_flight(FilingState state);

namespace event {
struct Signed {
    Sha256 digest;
};              // of the signed bytes
struct Queued {};
struct Sent {
    Instant at;
};                   // handed to the gateway, which took it
struct TransportLost {
    Instant at;
};          // time-out, 5xx, connection reset
struct NotArrived {
    Instant at;
};             // asked by our transaction id: the other side does not know it
struct GatewayRefused {
    std::string reason;
};  // the provider refused the message itself
struct NoticeArrived {
    Notice notice;
    Instant at;
};
struct Duplicate {
    std::optional<Sha256> their_digest;
    Instant at;
};  // "already received"; the digest if they tell it
struct Paid {};
struct Superseded {
    FilingNumber by;
};
struct Tick {
    Instant now;
};
}  // namespace event

using FilingEvent = std::variant<event::Signed, event::Queued, event::Sent, event::TransportLost, event::NotArrived, event::GatewayRefused,
                                 event::NoticeArrived, event::Duplicate, event::Paid, event::Superseded, event::Tick>;

// What has to be done after an event. The state machine decides, the use case does it.
enum class FilingAction {
    send,                // the frozen bytes, under our transaction id
    poll,                // ask by our transaction id
    resend_same_bytes,   // after a negative answer only, under the same id
    alert_silence,       // one working day without a notice
    escalate,            // the due day is tomorrow
    reopen_draft,        // correct and file again with the same type and number
    call_a_person,       // conflict
};

struct FilingPolicy {
    // Under Thông tư 89/2026 the receipt is the legal act and an acceptance may never come.
    bool receipt_counts_after_one_working_day = false;
};

struct Filing {
    FilingKey key;
    Day due;
    FilingState state = FilingState::draft;
    std::optional<Sha256> digest = {};
    std::optional<Instant> sent_at = {};
    std::optional<Instant> received_at = {};         // when the receipt came to us
    std::optional<Instant> filed_at = {};            // legal time, from the notice
    std::string transaction_code = {};               // the authority's
    std::vector<NoticeReason> reasons = {};          // why refused
    bool silence_alerted = false;
    bool escalated = false;
};

struct FilingStep {
    Filing filing;                       // after the event
    std::vector<FilingAction> actions;
    bool changed = false;                // false: seen before, nothing to store
};

// The filing after an event. Repeated and late messages change nothing; a message that contradicts a finished filing
// leads to `conflict`. Error: invalid_state for what our own side may not do (sending what is not signed).
[[nodiscard]] Result<FilingStep> on(Filing const& filing, FilingEvent const& event, WorkingDays const& calendar,
                                    FilingPolicy const& policy = {});

// The number of the next return of a period, given the returns there were, oldest first:
// none accepted: C 0 again; accepted and the due day not over: another C 0, which replaces the first; accepted and
// over: B, one more than the last accepted. Error: already_filed while one is in flight or in conflict.
struct EarlierFiling {
    FilingNumber number;
    FilingState state;
};
[[nodiscard]] Result<FilingNumber> next_number(std::span<EarlierFiling const> earlier, Day today, Day due);

}  // namespace cho40::etax
