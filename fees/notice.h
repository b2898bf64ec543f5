#pragma once
#include "base/uuid.h"
#include "fees/assess.h"
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cho40::fees {

// What a payer is asked for. It never changes: a mistake is a new notice and a cancelled one.
struct FeeNotice {
    Id<FeeNotice> id;
    std::string code;  // opens /pay/{code}; unguessable, because the page shows a name
    std::string agency_code, agency_name_vi, agency_name_en;
    std::string dossier_code;  // H49.14-261122-0007, as the portal gave it
    std::string procedure_code, procedure_name_vi, procedure_name_en;
    std::string payer_name;
    std::vector<Assessment> lines;
    Dong total;
    Instant issued_at;
    Instant valid_until;  // the amount holds until then; later it is assessed again
    Day due_day;

    // Fills `total` and proves the notice: 1 to 20 lines, each payable, something to pay, names present, times in order.
    // Errors: fee_amount_unknown (a line an officer must look at first), notice_not_payable (nothing to pay),
    // text_too_long, validation_failed, amount_overflow.
    [[nodiscard]] static Result<FeeNotice> make(FeeNotice draft);

    [[nodiscard]] Dong total_of(FeeKind kind) const;
};

enum class NoticeState { unpaid, waiting, paid, refunded, cancelled };
[[nodiscard]] std::string_view notice_state_name(NoticeState state);

// The second tick: whether the portal of the case knows that it is paid.
enum class DossierTick { not_yet, pending, told, failed };
[[nodiscard]] std::string_view dossier_tick_name(DossierTick tick);

// What is stored of a notice's life between events; nothing else is remembered.
struct NoticeRecord {
    NoticeState state = NoticeState::unpaid;
    DossierTick dossier = DossierTick::not_yet;
    Dong received, given_back, owed_back;
    std::vector<Uuid> seen;            // payments and refunds already counted
    std::optional<Instant> paid_at;    // the first tick: when what was received reached what is due
    std::optional<Instant> told_at;    // the second tick
    std::string reason;                // of the cancellation or the portal's last refusal
};

// The life of a notice as a state machine without clock or database (fees.md §4.2):
//   UNPAID → WAITING → PAID → REFUNDED, UNPAID or WAITING → CANCELLED.
// Nothing goes back, but from REFUNDED to PAID when the payer's bank sends the refund back. Money is real whatever the state: what is too much or too late is owed back. The same payment told
// twice changes nothing.
class NoticeLife {
public:
    struct PayingStarted {
        Instant at;
    };
    struct MoneyReceived {
        Uuid payment;
        Dong amount;
        Instant at;
    };
    struct Refunded {
        Uuid refund;
        Dong amount;
        Dong from_owed;  // of the amount, what was owed back already; the rest had been receipted
        Instant at;
    };
    struct RefundSentBack {  // what Refunded counted is with the agency again
        Uuid refund;
        Dong amount;
        Dong from_owed;
    };
    struct Cancelled {
        Instant at;
        std::string reason;
    };
    struct DossierTold {
        Instant at;
    };
    struct DossierFailed {
        Instant at;
        std::string reason;
    };
    struct DossierRetried {
        Instant at;
    };
    using Event =
        std::variant<PayingStarted, MoneyReceived, Refunded, RefundSentBack, Cancelled, DossierTold, DossierFailed, DossierRetried>;

    struct IssueReceipts {};  // one for each kind, in the transaction of the payment
    struct TellDossier {};  // until told; the driver owns the timetable
    struct OweBack {
        Uuid payment;
        Dong amount;
    };  // a debt to the payer
    struct NoteOnReceipts {};  // the receipts stand as issued; an entry says what became of their money
    struct TellDossierRefunded {};  // nothing of the dues is left
    using Action = std::variant<IssueReceipts, TellDossier, OweBack, NoteOnReceipts, TellDossierRefunded>;

    NoticeLife(Dong due, Instant valid_until, NoticeRecord record = {}) : due_(due), valid_until_(valid_until), record_(std::move(record))
    {
    }

    // What to do now. Errors, with nothing changed: notice_not_payable (paying started on a notice that is paid,
    // cancelled or out of date), invalid_state, amount_not_positive, amount_overflow, limit_exceeded (more given back
    // than came in).
    [[nodiscard]] Result<std::vector<Action>> on(Event const& event);

    [[nodiscard]] NoticeRecord const& record() const { return record_; }
    [[nodiscard]] NoticeState state() const { return record_.state; }
    [[nodiscard]] bool payable() const { return record_.state == NoticeState::unpaid || record_.state == NoticeState::waiting; }
    [[nodiscard]] bool expired(Instant now) const { return payable() && now >= valid_until_; }

private:
    using Outcome = Result<std::vector<Action>>;
    Outcome handle(PayingStarted const& event);
    Outcome handle(MoneyReceived const& event);
    Outcome handle(Refunded const& event);
    Outcome handle(RefundSentBack const& event);
    Outcome handle(Cancelled const& event);
    Outcome handle(DossierTold const& event);
    Outcome handle(DossierFailed const& event);
    Outcome handle(DossierRetried const& event);

    Dong due_;
    Instant valid_until_;
    NoticeRecord record_;
};

}  // namespace cho40::fees
