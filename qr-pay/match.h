#pragma once
#include "qr-pay/memo.h"
#include <cstdint>
#include <optional>
#include <string_view>

namespace cho40::qr_pay {

// Why a transfer was taken to belong to a request, or to none. Stored with every credit, so that a person, an auditor or a later
// version of the rules can see what was decided by what. The numbers are stored: never change one.
//
// The rules are asked in this order; the first that speaks decides. Suggestions are for a person to confirm.
enum class MatchRule : std::int16_t {
    virtual_account = 1,  // the account it was sent to was given out for this request alone
    provider_order = 2,   // the provider echoes the code we gave it when the payment was made
    code = 3,             // the code stands in the memo
    several_codes = 4,    // two or more known codes stand in the memo: nothing is decided
    code_nearly = 5,      // suggestion: a known code stands there broken more than once, or without its last character
    amount_and_time = 6,  // suggestion: the only open request of this account that lacks exactly this amount
    nothing = 7,          // no rule spoke
    by_hand = 8,          // a person confirmed it
    paid_by = 9,          // of a refund: the bank's reference of the transfer that paid it stands in the memo
};
[[nodiscard]] std::string_view name_of(MatchRule rule);  // "virtual_account"
[[nodiscard]] std::optional<MatchRule> match_rule_named(std::string_view name);

// Of all rules together; raised whenever one of them would decide a transfer differently. 1: until 23/11/2026, when the rule was
// not stored. 2: suggestions by codes that are nearly there. 3: transfers of refunds that a bank sends back.
inline constexpr std::int16_t match_rules_version = 3;

struct Match {
    MatchRule rule = MatchRule::nothing;
    MemoSpan characters;  // of the memo, that it fired on; length 0 where it is not the memo that decided
    std::int16_t version = match_rules_version;
};

}  // namespace cho40::qr_pay
