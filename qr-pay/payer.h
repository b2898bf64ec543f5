#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::qr_pay {

// Who sent a transfer, as one rail told it; "" for what it does not tell. Personal data: never in logs.
struct ToldPayer {
    std::string rail;
    std::string name;
    std::string account;  // whole, or masked by the bank: "*5678", "xxxxxx5678"
    std::string bank;     // BIN or name
};

enum class PayerFact { name, account, bank };
[[nodiscard]] std::string_view name_of(PayerFact fact);  // "account"

// What a rail says differently from one that told before it.
struct PayerContradiction {
    PayerFact fact = PayerFact::name;
    std::string rail;
    std::string told;
    bool operator==(PayerContradiction const&) const = default;
};

// What is known of a payer when several rails told of one transfer.
struct KnownPayer {
    std::string name, account, bank;
    std::vector<PayerContradiction> contradictions;  // each once, in the order they were told

    [[nodiscard]] bool contradicts(PayerFact fact) const;
};

// Rails tell of a transfer one after the other and not all tell who sent it: what one leaves out another fills in. What was told first
// stands; what is told differently afterwards never takes its place, it is kept beside it. No difference are: letter case, accents and
// spaces; a name that a bank cut; a masked account whose visible end fits (the whole one is taken); a bank by its number and by its short
// name (the number is taken); and a bank's name nobody knows, which says nothing against a known one.
[[nodiscard]] KnownPayer merge_payers(std::span<ToldPayer const> in_order_told);

// The bank shows only a part of it: nothing can be sent there.
[[nodiscard]] bool is_masked_account(std::string_view account);

// The acquirer number of a bank as a rail tells it: by number, or by the short name of exactly one bank. "" when unknown.
[[nodiscard]] std::string bank_bin_told(std::string const& bank);

}  // namespace cho40::qr_pay
