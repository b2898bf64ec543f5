#include "qr-pay/match.h"
#include <algorithm>
#include <array>

namespace cho40::qr_pay {
namespace {

constexpr std::array<std::string_view, 9> rule_names = {"virtual_account", "provider_order", "code",    "several_codes", "code_nearly",
                                                        "amount_and_time", "nothing",        "by_hand", "paid_by"};

}  // namespace

std::string_view name_of(MatchRule rule) { return rule_names[static_cast<std::size_t>(rule) - 1]; }

std::optional<MatchRule> match_rule_named(std::string_view name)
{
    auto const it = std::ranges::find(rule_names, name);
    if (it == rule_names.end()) return std::nullopt;
    return static_cast<MatchRule>(it - rule_names.begin() + 1);
}

}  // namespace cho40::qr_pay
