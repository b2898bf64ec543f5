#pragma once
#include "adapters/http/message.h"
#include "adapters/identity/gate.h"
#include "adapters/stores/payments_store.h"
#include "adapters/stores/refunds_store.h"
#include "merchants/stall.h"
#include <nlohmann/json_fwd.hpp>

namespace cho40::api {

// Whether the principal sells at the stall, and whether as its owner (an API key acts for the owner).
struct SellerRights {
    bool sells = false;
    bool owns = false;
    bool approves = false;  // the owner or the market's board; a person, never a key
};
[[nodiscard]] SellerRights rights_at(identity::Principal const& principal, merchants::Stall const& stall);
[[nodiscard]] qr_pay::RefundActor actor_of(identity::Principal const& principal, merchants::Stall const& stall);

[[nodiscard]] nlohmann::json refund_json(qr_pay::StoredRefund const& stored, merchants::StallWithAccount const& stall,
                                         identity::Principal const& reader, http::Language language);
// Where to the money goes, for whoever makes the transfer: the account is shown by its last four characters.
[[nodiscard]] nlohmann::json destination_json(qr_pay::StoredRefund const& stored, std::optional<stores::RefundsStore::Payer> const& payer);
// The VietQR payload that fills in a bank app; nothing when the payer's bank or account cannot be put into one.
[[nodiscard]] std::optional<std::string> transfer_payload(qr_pay::StoredRefund const& stored, stores::RefundsStore::Payer const& payer);
[[nodiscard]] nlohmann::json telling_json(stores::RefundsStore::Telling const& telling);

// To a payment as it is read alone: `refunds`, `refundable`, what of it is done in `refunded`, the act `refund`, and the steps of
// its timeline.
void add_refunds(nlohmann::json& payment, std::vector<stores::PaymentsStore::CreditView> const& credits,
                 std::vector<qr_pay::StoredRefund> const& refunds, merchants::StallWithAccount const& stall,
                 identity::Principal const& reader, http::Language language);

}  // namespace cho40::api
