#pragma once
#include "fees/agency.h"
#include "fees/notice.h"
#include "fees/receipt_series.h"
#include "fees/verification.h"
#include "ledger/transfer.h"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::fees {

enum class ReceiptState { issued, replaced, cancelled, adjusted };
[[nodiscard]] std::string_view receipt_state_name(ReceiptState state);

struct ReceiptLine {
    std::string fee_code, name_vi, name_en, budget_subitem;
    Dong amount;
};

// What one receipt will say, before it has a number: the lines of one kind. Fees and charges go to different lines of
// the budget, so a notice paid gives one receipt for each kind it holds (fees.md §5).
struct ReceiptPlan {
    FeeKind kind;
    std::vector<ReceiptLine> lines;
    Dong total;
    std::string letters;  // of the agency's series for this kind
};

// Phí first. Lines without money are left out.
[[nodiscard]] std::vector<ReceiptPlan> plan_receipts(FeeNotice const& notice, Agency const& agency);

// Somebody collecting for the agency under a written mandate; the receipt shows both (NĐ 254/2026).
struct Delegate {
    std::string name, address;
};

// The row of the ledger that a receipt stands for: its money becoming the agency's fee or charge.
struct BookedAs {
    ledger::BookId book;
    Id<ledger::Transfer> transfer;
};

// What became of a receipt's money after it was issued. Entries are only added: what is printed stays true of its day.
enum class ReceiptEntryKind : std::int16_t {
    given_back = 1,
    sent_back = 2,  // the payer's bank did not take it: the receipt's money is with the collector again
};
struct ReceiptEntry {
    struct Line {
        std::int32_t line = 0;  // of the receipt, from 1
        Dong amount;
    };
    ReceiptEntryKind kind = ReceiptEntryKind::given_back;
    Uuid refund;
    Dong amount;  // of the lines
    std::vector<Line> lines;
    Instant at;
};

struct Receipt {
    Id<Receipt> id;
    std::string agency_code;
    ReceiptNumber number;
    Instant issued_at;
    std::string collector_name, collector_tax_code, collector_address;
    std::optional<Delegate> delegate;
    FeeKind kind;
    std::string payer_name, dossier_code, notice_code;
    std::vector<ReceiptLine> lines;
    Dong total;
    std::string words;  // the amount in Vietnamese, as the decree asks
    std::vector<Uuid> payments;
    std::optional<BookedAs> booked_as;  // nothing on receipts from before it was kept
    std::string lookup_code;  // opens /receipt/{code}
    std::string digest;       // SHA-256 of what is printed, 64 hex characters; states do not change it

    ReceiptState state = ReceiptState::issued;
    std::optional<ReceiptNumber> replaces, replaced_by;
    std::string state_reason;
    std::vector<ReceiptEntry> entries;  // oldest first

    [[nodiscard]] Dong given_back() const;
    [[nodiscard]] Dong given_back_of(std::int32_t line) const;
    // When what is given back now was; nothing where nothing is.
    [[nodiscard]] std::optional<Instant> given_back_at() const;
};

struct ReceiptDraw {
    Id<Receipt> id;
    ReceiptNumber number;
    LookupCode code;
    Instant issued_at;
    std::vector<Uuid> payments;
    std::optional<ReceiptNumber> replaces;
};

[[nodiscard]] Receipt issue_receipt(ReceiptPlan plan, FeeNotice const& notice, Agency const& agency, ReceiptDraw draw);

// What the digest is taken over: every printed field, each with its length before it, so that no two receipts read alike.
[[nodiscard]] std::string receipt_digest(Receipt const& receipt);

// ISSUED or ADJUSTED → REPLACED | CANCELLED | ADJUSTED. Nothing leaves REPLACED and CANCELLED; nothing is deleted.
// Error: invalid_state.
[[nodiscard]] Result<Done> replace_receipt(Receipt& receipt, ReceiptNumber by, std::string reason);
[[nodiscard]] Result<Done> cancel_receipt(Receipt& receipt, std::string reason);
[[nodiscard]] Result<Done> adjust_receipt(Receipt& receipt, std::string reason);

// How a mistake on a receipt is mended: one that touches the tax code or the amount needs a new receipt that names the
// old one, any other only notice 04/SS-CTĐT.
enum class Correction { notice_of_mistake, replacement };
[[nodiscard]] Correction correction_for(bool touches_amount, bool touches_tax_code);

}  // namespace cho40::fees
