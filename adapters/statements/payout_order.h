#pragma once
#include "base/dong.h"
#include "base/time.h"
#include <string>
#include <vector>

// An order to a bank to pay out of one account to many: pay-outs to vendors, remittances of collected fees, refunds.
namespace cho40::statements {

inline constexpr std::size_t payout_transfers_max = 100'000;

// Told by the BIN of NAPAS (six digits), by the BIC, or by both.
struct PayoutBank {
    std::string bin;
    std::string bic;
};

struct PayoutParty {
    std::string name;     // at most 70 characters: what banks show of it
    std::string account;  // letters and digits, at most 34
    PayoutBank bank;
};

struct PayoutTransfer {
    std::string end_to_end_id;  // comes back in the statement; unique in the order, at most 35
    Dong amount;                // > 0
    PayoutParty creditor;
    std::string remittance;     // at most 140; may be empty
};

enum class ChargeBearer { debtor, creditor, shared };

struct PayoutOrder {
    std::string id;             // of the message and of its one batch; at most 35, never used again
    Instant created_at;
    Day execution;
    ChargeBearer charges = ChargeBearer::debtor;  // what is paid out arrives whole
    PayoutParty debtor;
    std::vector<PayoutTransfer> transfers;
};

// What the banks' character set leaves of a text: Vietnamese accents go ("Phở" becomes "Pho", as in bank narratives), the
// letters, digits, spaces and / - ? : ( ) . , ' + of ISO 20022's Latin set stay. Error: invalid_format when anything else
// is left. Nothing is replaced by a guess: the order keeps the original, the file has what the bank can take.
[[nodiscard]] Result<std::string> to_bank_text(std::string_view text);

// Error: validation_failed with every field that is wrong, by JSON Pointer as in payout_json.h: a text that is empty, too
// long or not of the banks' characters, an id with a slash at an end or two in a row, no bank, an amount that is not above
// 0, an id that is there twice, no transfers or too many, a day before the order was made, a sum beyond 18 digits.
[[nodiscard]] Result<Done> check(PayoutOrder const& order);

}  // namespace cho40::statements
