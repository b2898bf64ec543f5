#pragma once
#include "fees/ports.h"
#include "ledger/extra.h"
#include "ledger/ports.h"
#include "qr-pay/refund_records.h"
#include <span>

namespace cho40::fees {

// A receipt that should not stand as it does. It is never deleted and its number is never used again:
//   cancelled  its money has been given back, so no money is left without a receipt (fees.md §5, refund -> cancel)
//   replaced   its money is right and its words are wrong: a new receipt names the old one, and the old one names it
// One person of the agency asks, another decides.
enum class CancellationKind : std::int16_t { cancelled = 1, replaced = 2 };
[[nodiscard]] std::string_view cancellation_kind_name(CancellationKind kind);
enum class CancellationState : std::int16_t { proposed = 1, approved = 2, refused = 3 };
[[nodiscard]] std::string_view cancellation_state_name(CancellationState state);

// Who acts: the user or key, and the person behind it.
struct ReceiptActor {
    Uuid id, owner;
};

struct CancellationWish {
    CancellationKind kind = CancellationKind::cancelled;
    std::string reason_code, reason;
    std::string payer_name, dossier_code;  // as the replacement says it; "" as it was
};

struct ReceiptCancellation {
    Id<ReceiptCancellation> id;
    ledger::BookId book;
    Id<Receipt> receipt;
    CancellationWish wish;
    CancellationState state = CancellationState::proposed;
    Uuid proposed_by, proposed_by_owner;
    Instant proposed_at;
    Uuid decided_by;                     // nil: nobody yet
    std::optional<Instant> decided_at;
    std::string refusal;                 // why not
    std::optional<Id<Receipt>> replacement;
    std::int64_t version = 1;
};

// Whether it may be done as things stand. `refunds` are those of the receipt's notice. A cancelled receipt whose money came back
// (the payer's bank did not take it) may be replaced, so that the money has a receipt again.
// Error: invalid_state, saying what to do instead.
[[nodiscard]] Result<Done> check_cancellation(CancellationKind kind, Receipt const& receipt, std::span<qr_pay::StoredRefund const> refunds);

// The receipt that says it right: the same money, lines and payments, the collector as it is registered today, names as wished.
// Its number is taken when it is written. Error: validation_failed when nothing would be different.
[[nodiscard]] Result<Receipt> replacement_of(StoredReceipt const& old, CancellationWish const& wish, Agency const& agency, Id<Receipt> id,
                                             LookupCode code, Instant now);

struct ReceiptActs {
    virtual ~ReceiptActs() = default;
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<StoredReceipt>>> find_receipt(Id<Receipt> id) = 0;
    // Of a receipt, oldest first.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<ReceiptCancellation>>> cancellations_of(ledger::BookId book,
                                                                                                            Id<Receipt> receipt) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<qr_pay::StoredRefund>>> refunds_of(ledger::BookId book,
                                                                                                       Id<FeeNotice> notice) = 0;
};

struct NewReceiptCancellation final : ledger::AttachedRow {
    explicit NewReceiptCancellation(ReceiptCancellation c) : cancellation(std::move(c)) {}
    ReceiptCancellation cancellation;
};
struct DecidedReceiptCancellation final : ledger::AttachedRow {
    explicit DecidedReceiptCancellation(ReceiptCancellation c) : cancellation(std::move(c)) {}
    ReceiptCancellation cancellation;
};
// What is said of a receipt besides what is printed on it.
struct ChangedReceipt final : ledger::AttachedRow {
    explicit ChangedReceipt(StoredReceipt s) : stored(std::move(s)) {}
    StoredReceipt stored;
};

class CancelReceipts {
public:
    using Extra = ledger::Extra<ReceiptCancellation>;

    CancelReceipts(ReceiptActs& acts, Notices& notices, ReceiptNumbers& numbers, ledger::Ledger& ledger, Clock const& clock, Random& random)
        : acts_(acts), notices_(notices), numbers_(numbers), ledger_(ledger), clock_(clock), random_(random)
    {
    }

    // Errors: not_found, invalid_state (see check_cancellation; another one is open), validation_failed.
    [[nodiscard]] boost::asio::awaitable<Result<ReceiptCancellation>> propose(Id<Receipt> receipt, CancellationWish wish, ReceiptActor by,
                                                                              Extra extra);
    // The open one of the receipt. Errors: not_found, maker_cannot_check, invalid_state (nothing is open, or what was right when it was
    // asked for is so no longer), series_exhausted, stale.
    [[nodiscard]] boost::asio::awaitable<Result<ReceiptCancellation>> approve(Id<Receipt> receipt, ReceiptActor by, Extra extra);
    // Errors: not_found, maker_cannot_check, invalid_state, stale.
    [[nodiscard]] boost::asio::awaitable<Result<ReceiptCancellation>> refuse(Id<Receipt> receipt, ReceiptActor by, std::string why,
                                                                             Extra extra);

private:
    struct Facts {
        StoredReceipt stored{};
        NoticeWithAgency notice{};
        std::vector<ReceiptCancellation> cancellations;
        std::vector<qr_pay::StoredRefund> refunds;
    };
    boost::asio::awaitable<Result<Facts>> read(Id<Receipt> receipt);
    [[nodiscard]] Result<ReceiptCancellation> open_for(Facts const& facts, ReceiptActor by) const;
    boost::asio::awaitable<Result<ReceiptCancellation>> submit(ReceiptCancellation made, ledger::Command command, Extra extra);

    ReceiptActs& acts_;
    Notices& notices_;
    ReceiptNumbers& numbers_;
    ledger::Ledger& ledger_;
    Clock const& clock_;
    Random& random_;
};

}  // namespace cho40::fees
