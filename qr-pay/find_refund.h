#pragma once
#include "qr-pay/refund_records.h"
#include <span>

namespace cho40::qr_pay {

struct CreditQuery;  // receive_credit.h

// What rails would know the outgoing transfer with this reference by.
[[nodiscard]] Sha256 transfer_key_of(std::string const& account_number, std::string const& bank_reference);

// What of a memo may be the bank's reference of another transfer, in order: banks that send one back say which.
[[nodiscard]] std::vector<std::string> references_in(std::string_view memo);

// What a refund that the credit sends back may be known by: the credit itself, and the outgoing transfers whose bank references its
// memo may hold.
[[nodiscard]] std::vector<Sha256> refund_keys_of(CreditQuery const& query);

// The refund a transfer names, of those that its memo may name.
struct FoundRefund {
    RefundFacts const* refund = nullptr;
    bool surely = false;  // by the rules that decide a credit; else a person has to look
    Match match;
};
// By its code in the memo, or echoed by the provider.
[[nodiscard]] FoundRefund find_by_code(BankCredit const& credit, std::span<RefundFacts const> refunds);
// By the reference of the transfer that paid it.
[[nodiscard]] FoundRefund find_by_reference(BankCredit const& credit, std::span<RefundFacts const> refunds);

// Whether `credit` is the transfer that is known, told again: repeated under its reference, linked under another rail's.
[[nodiscard]] std::optional<InboxOutcome> told_before(RefundTransfer const& known, Dong amount, BankCredit const& credit);

}  // namespace cho40::qr_pay
