#pragma once
#include "reconcile/records.h"
#include <optional>
#include <string>
#include <vector>

namespace cho40::reconcile {

// The closed list of what can be wrong. Stored and reported by name, so names never change.
// clang-format off
#define CHO40_BREAK_CLASSES(X)                                                                              \
    X(MISSING_AT_PROVIDER) X(MISSING_INTERNAL) X(AMOUNT_MISMATCH) X(STATUS_MISMATCH) X(DUPLICATE_PROVIDER_LINE) \
    X(CONFLICTING_DUPLICATE) X(DUPLICATE_PAYMENT) X(FEE_MISMATCH) X(FEE_ON_PUBLIC_MONEY) X(CURRENCY_MISMATCH)   \
    X(MISSING_AT_BANK) X(SETTLEMENT_AMOUNT_MISMATCH) X(BANK_UNIDENTIFIED) X(BANK_REVERSED) X(AMBIGUOUS)         \
    X(REMITTANCE_MISMATCH) X(RECEIPT_MISSING) X(RECEIPT_ORPHAN) X(DOSSIER_NOT_TOLD) X(FILE_LATE)                \
    X(FILE_INTEGRITY) X(FILE_CONFLICT)
// clang-format on

enum class BreakClass : std::uint8_t {
#define CHO40_BREAK_ENUM(name) name,
    CHO40_BREAK_CLASSES(CHO40_BREAK_ENUM)
#undef CHO40_BREAK_ENUM
};

[[nodiscard]] std::string_view name_of(BreakClass kind);
// The desk that acts first (fees reference §8.5): "operations", "finance", "treasury", "provider", "engine", "accountant".
[[nodiscard]] std::string_view first_owner(BreakClass kind);
// A day with one of these open cannot be closed.
[[nodiscard]] bool blocks_closing(BreakClass kind);

enum class Waiting : std::uint8_t { PENDING_PROVIDER_FILE, PENDING_BANK };
[[nodiscard]] std::string_view name_of(Waiting kind);

enum class Flag : std::uint8_t { DATE_SHIFT, SPLIT, NO_REFERENCE };
[[nodiscard]] std::string_view name_of(Flag flag);

struct Break {
    BreakClass kind{};
    std::vector<std::string> internal;  // payment ids
    std::vector<std::string> provider;  // file_id:line_no
    std::vector<std::string> bank;      // entry references
    std::optional<std::string> batch;
    // provider - internal, bank - expected, or the signed amount of a lonely record: negative when money is missing to us.
    Dong delta;
    std::optional<Day> business_date;   // FILE_LATE
    std::optional<std::string> file;    // FILE_CONFLICT, FILE_INTEGRITY
    std::string why;                    // for people
};

struct InternalProviderMatch {
    std::string internal;
    std::string provider;
    std::string_view rule;
    std::vector<Flag> flags;
};

struct ProviderBankMatch {
    std::string batch;
    Dong expected_net;
    std::vector<std::string> bank;
    std::string_view rule;
    std::vector<Flag> flags;
};

struct InternalBankMatch {
    std::string internal;
    std::string bank;
    std::string_view rule;
    std::vector<Flag> flags;
};

struct PendingItem {
    Waiting kind{};
    std::vector<std::string> internal;
    std::vector<std::string> bank;
    std::optional<std::string> batch;
};

struct Totals {
    Dong internal_net;    // succeeded payments - refunds, both channels
    Dong provider_gross;  // active lines, refunds negative
    Dong provider_fee;
    Dong provider_net;
    Dong bank_credit;     // booked entries, each once, reversals and reversed included
    Dong bank_debit;

    friend bool operator==(Totals const&, Totals const&) = default;
};

// Both sides of an equation that holds, over everything the run looked at.
struct EquationFigures {
    int number = 0;       // of the fees reference §8.8
    std::string_view name;
    Dong left;
    Dong right;
};

// Every list is sorted, so the same records give the same bytes.
struct RunResult {
    std::vector<InternalProviderMatch> internal_provider;
    std::vector<ProviderBankMatch> provider_bank;
    std::vector<InternalBankMatch> internal_bank;
    std::vector<Break> breaks;
    std::vector<PendingItem> pending;
    Totals totals;
    std::vector<EquationFigures> equations;  // no part of canonical_text()
};

// A text with every member of the result in a fixed form: equal results have equal text.
[[nodiscard]] std::string canonical_text(RunResult const& result);

}  // namespace cho40::reconcile
