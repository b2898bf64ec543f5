#pragma once
#include "reconcile/records.h"
#include <initializer_list>
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

class Flags {
public:
    constexpr Flags() = default;
    constexpr Flags(std::initializer_list<Flag> flags)
    {
        for (auto flag : flags) add(flag);
    }
    constexpr void add(Flag flag) { bits_ = static_cast<std::uint8_t>(bits_ | 1U << static_cast<unsigned>(flag)); }
    [[nodiscard]] constexpr bool has(Flag flag) const { return (bits_ >> static_cast<unsigned>(flag) & 1U) != 0; }
    [[nodiscard]] std::vector<Flag> list() const;

    friend bool operator==(Flags, Flags) = default;

private:
    std::uint8_t bits_ = 0;
};

// The rules that make matches (fees reference §8.4; b0: by account and bank reference). name_of gives "R1".
enum class MatchRule : std::uint8_t { r1, r2, r3, s1, s2, s3, b0, b1, b2 };
[[nodiscard]] std::string_view name_of(MatchRule rule);

using Ids = std::vector<ShortText>;

struct Break {
    BreakClass kind{};
    Ids internal;                       // payment ids
    Ids provider;                       // file_id:line_no
    Ids bank;                           // entry references
    std::optional<std::string> batch;
    // provider - internal, bank - expected, or the signed amount of a lonely record: negative when money is missing to us.
    Dong delta;
    std::optional<Day> business_date;   // FILE_LATE
    std::optional<std::string> file;    // FILE_CONFLICT, FILE_INTEGRITY
    std::string why;                    // for people

    friend bool operator==(Break const&, Break const&) = default;
};

// There are as many of these as payments, so the line is not spelled out in them.
struct LineId {
    ShortText file_id;
    std::int64_t line_no = 0;

    [[nodiscard]] std::string text() const { return (file_id + ":").append(std::to_string(line_no)); }
};

struct InternalProviderMatch {
    ShortText internal;
    LineId provider;
    MatchRule rule{};
    Flags flags;
};

struct ProviderBankMatch {
    std::string batch;
    Dong expected_net;
    Ids bank;
    MatchRule rule{};
    Flags flags;

    friend bool operator==(ProviderBankMatch const&, ProviderBankMatch const&) = default;
};

struct InternalBankMatch {
    ShortText internal;
    ShortText bank;
    MatchRule rule{};
    Flags flags;
};

struct PendingItem {
    Waiting kind{};
    Ids internal;
    Ids bank;
    std::optional<std::string> batch;

    friend bool operator==(PendingItem const&, PendingItem const&) = default;
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

// The same records give the same lists: matches of the ledger's records by their time and id, the rest by what it names.
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
