#pragma once
#include "adapters/http/message.h"
#include "adapters/identity/gate.h"
#include "adapters/stores/payments_store.h"
#include "adapters/stores/refunds_store.h"
#include <nlohmann/json_fwd.hpp>

namespace cho40::api {

// What the principal may do with the money of a place: a stall's or an agency's. An API key acts for the owner.
struct SellerRights {
    bool sells = false;     // asks for refunds; a helper of a stall too
    bool owns = false;
    bool approves = false;  // the stall's owner, the market's board, the agency's people; a person, never a key
};
[[nodiscard]] SellerRights rights_at(identity::Principal const& principal, identity::Place const& place);
[[nodiscard]] qr_pay::RefundActor actor_of(identity::Principal const& principal, identity::Place const& place);

// Who reads of refunds, and of whose.
struct RefundReader {
    identity::Place place;
    identity::Principal principal;
    http::Language language = http::Language::vi;
};

[[nodiscard]] nlohmann::json refund_json(qr_pay::StoredRefund const& stored, RefundReader const& reader);
// Where to the money goes, for whoever makes the transfer: the account is shown by its last four characters.
[[nodiscard]] nlohmann::json destination_json(qr_pay::StoredRefund const& stored, std::optional<stores::RefundsStore::Payer> const& payer);
// The VietQR payload that fills in a bank app; nothing when the payer's bank or account cannot be put into one.
[[nodiscard]] std::optional<std::string> transfer_payload(qr_pay::StoredRefund const& stored, stores::RefundsStore::Payer const& payer);
[[nodiscard]] nlohmann::json telling_json(stores::RefundsStore::Telling const& telling);

// To what is refunded as it is read alone: `refunds`, `refundable`, what of it is done in `refunded`, the act `refund`.
void add_refunds(nlohmann::json& subject, Dong refundable, std::vector<qr_pay::StoredRefund> const& refunds, RefundReader const& reader);
// Their steps to the timeline of a payment.
void add_refund_steps(nlohmann::json& timeline, std::vector<qr_pay::StoredRefund> const& refunds, http::Language language);

}  // namespace cho40::api
