#pragma once
#include "adapters/rails/rail.h"
#include <cstdlib>
#include <nlohmann/json.hpp>

inline void check_bookable(cho40::qr_pay::BankCredit const& credit)
{
    bool const bookable = credit.amount.is_positive() && credit.amount <= cho40::qr_pay::amount_max && !credit.account_number.empty() &&
                          !credit.provider_id.empty();
    if (!bookable) std::abort();
}

// What must hold of every notification, whatever its bytes: a refusal can be printed, and what is read can be booked.
inline void check_rail(cho40::rails::Rail const& rail, cho40::rails::RawNotification const& raw, cho40::rails::RailSecret const& secret)
{
    auto const message = rail.read(raw, secret);
    if (!message) {
        auto const body = rail.refused(message.error()).body;
        if (!nlohmann::json::accept(body)) std::abort();
        return;
    }
    for (auto const& credit : message->transfers) check_bookable(credit);
}
