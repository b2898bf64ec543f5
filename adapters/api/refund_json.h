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
// As it is read, with what left under its code where that is not simply it.
[[nodiscard]] nlohmann::json told_refund_json(stores::RefundsStore::Told const& refund, RefundReader const& reader);
// `destination`: where the money goes and how much of it, for whoever makes the transfer, the account by its last four characters;
// where it is not known `destination_unknown` says why. Both are null while nothing is to be sent.
void add_destination(nlohmann::json& view, stores::RefundsStore::Told const& refund, stores::RefundsStore::Payer const& payer,
                     http::Language language);
// The VietQR payload that fills in a bank app with what is still to be sent; nothing when that is nothing, or when the payer's bank or
// account cannot be put into one.
[[nodiscard]] std::optional<std::string> transfer_payload(stores::RefundsStore::Told const& refund,
                                                          stores::RefundsStore::Payer const& payer);
// What to do next about it, in the reader's language.
[[nodiscard]] std::string refund_next_text(qr_pay::StoredRefund const& stored, http::Language language);

// To what is refunded as it is read alone: `refunds`, `refundable`, what of it is done in `refunded`, the act `refund`.
void add_refunds(nlohmann::json& subject, Dong refundable, std::vector<stores::RefundsStore::Told> const& refunds,
                 RefundReader const& reader);
// Their steps to the timeline of a payment.
void add_refund_steps(nlohmann::json& timeline, std::vector<stores::RefundsStore::Told> const& refunds, http::Language language);

}  // namespace cho40::api
