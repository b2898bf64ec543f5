#pragma once
#include "base/digest.h"
#include "base/dong.h"
#include "base/time.h"
#include <optional>
#include <string>

namespace cho40::qr_pay {

enum class Direction { in, out };

// One booked transfer as a rail told it. Every text is valid UTF-8 in NFC; amount lies in 1 .. 9 999 999 999 999
// whatever the direction. The reader of the rail (adapters/rails) sees to both.
struct BankCredit {
    BankCredit(std::string rail_name, std::string provider, std::string account, Direction way, Dong transferred, Instant booked)
        : rail(std::move(rail_name)), provider_id(std::move(provider)), account_number(std::move(account)), direction(way),
          amount(transferred), booked_at(booked)
    {
    }

    std::string rail;            // "payos", "vietqr", …
    std::string provider_id;     // unique within the rail
    std::string account_number;  // receiving account
    Direction direction;
    Dong amount;        // of this transfer alone
    Instant booked_at;  // as the rail says; a rail's clock is not ours

    std::string virtual_account;  // "" where there is none. Identifies whatever the market gave it out for
    std::string bank_reference;   // the bank's own number (FT…); "" where the rail does not tell
    std::string memo;             // what the payer wrote, with whatever the banks wrapped around it
    std::string payer_name;       // "" where not told. Personal data: never in logs
    std::string payer_account;
    std::string payer_bank;       // BIN or name, as told
    std::string provider_order;   // the order id the rail echoes; "" where none (not our order code)
    std::string order_code;       // an order code the rail itself recognised or echoes; "" where none
    std::optional<Dong> balance;  // after this transfer, where told: previous + amount != balance shows a lost event
};

// The largest amount a request or a transfer may have: what the QR standard carries (13 digits).
inline constexpr Dong amount_max{9'999'999'999'999};

// (rail, provider's id): the same event told again by the same rail. Unique; a second one is answered with success and
// ignored.
[[nodiscard]] std::string provider_key(BankCredit const& credit);

// The same event with the same content: a provider that tells it once more has the same key, one that says another amount,
// account or time under an id it has used has not.
[[nodiscard]] Sha256 told_key(BankCredit const& credit);

// (account, direction, bank reference) with case, spaces and punctuation taken away: the same transfer told by any
// rail. A credit without a bank reference falls back to its provider_key, so that the key is never shared by accident.
// Direction is part of it because a bank may undo a transfer under the same reference; that is a new entry.
[[nodiscard]] std::string dedupe_key(BankCredit const& credit);

// Whether two events of different rails tell of the same transfer although their references do not say so: same
// account, amount, direction, squeezed memo, at most two minutes apart. The answer to "yes" is
// to link, never to add. References of the same shape (letters, length) that differ are two transfers: a buyer may pay
// twice. The caller links an event to at most one event of each other rail.
[[nodiscard]] bool may_be_same_transfer(BankCredit const& a, BankCredit const& b);

}  // namespace cho40::qr_pay
