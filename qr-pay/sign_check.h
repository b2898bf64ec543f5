#pragma once
#include "base/uuid.h"
#include "qr-pay/emvco.h"
#include <span>

namespace cho40::qr_pay {

// Is the code that hangs at a stall still the stall's own? Somebody who pastes another code over it is paid in its place, so
// whatever is scanned is compared with what is registered. The acquirer and the number decide; the name in a code (59) can
// say anything and is not looked at.

struct Owner;

// Where money named by a code goes: an account at a bank, or what an acquirer keeps for a merchant. The same letters mean
// different places in the two.
struct PaymentAddress {
    enum class Kind { account, merchant };
    Kind kind = Kind::account;
    std::string bin;
    std::string number;  // compared letter by letter

    friend bool operator==(PaymentAddress const&, PaymentAddress const&) = default;
};

struct RegisteredAddress {
    PaymentAddress address;
    Id<Owner> owner;
};

enum class SignVerdict {
    right_stall,
    another_stall,
    unknown_account,     // also a code that names the stall's own account and, beside it, one that is nobody's here
    not_a_payment_code,
};
[[nodiscard]] std::string_view name_of(SignVerdict verdict);

// A code for the right account that is yet not the one to hang up.
struct SignDifference {
    enum class Kind {
        amount_fixed,    // every customer would be asked the same amount
        single_use,      // marked for one payment (01 = 12): some apps refuse it the second time
        other_memo,      // money would be booked under another stall or an old order
        one_bill,        // a bill or a reference (62-01, 62-05): each payment would be taken for the same one
        extra_charge,    // the payer's app adds a tip or a fee (55)
        other_currency,
        other_country,
        crc_damaged,     // apps that check refuse it
    };
    Kind kind;
    std::string value;  // as it stands in the code; untrusted text

    friend bool operator==(SignDifference const&, SignDifference const&) = default;
};
[[nodiscard]] std::string_view name_of(SignDifference::Kind kind);

struct SignCheck {
    SignVerdict verdict = SignVerdict::not_a_payment_code;
    std::optional<QrRefusal> refusal;          // of not_a_payment_code
    // Of not_a_payment_code: it begins as every EMVCo code does (00 02), so it is one that was damaged or cut off, and not a
    // text about something else.
    bool begins_as_payment_code = false;
    std::optional<MerchantAccount> account;    // of the others: the one that decided
    std::optional<Id<Owner>> owner;            // of another_stall
    std::vector<SignDifference> differences;   // of right_stall
};

// What a code names that could be registered here: to be looked up before check_sign(). Empty when it is no payment code.
[[nodiscard]] std::vector<PaymentAddress> addresses_in(std::string_view payload);

// `registered` holds the stall's own addresses and those of others that addresses_in() names. `memo` is what its own sign
// carries. White space around the payload, as pasting leaves it, is not part of it.
[[nodiscard]] SignCheck check_sign(std::string_view payload, Id<Owner> stall, std::span<RegisteredAddress const> registered,
                                   std::string_view memo);

}  // namespace cho40::qr_pay
