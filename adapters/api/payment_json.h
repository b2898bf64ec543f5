#pragma once
#include "adapters/http/message.h"
#include "adapters/stores/payments_store.h"
#include "merchants/stall.h"
#include <nlohmann/json_fwd.hpp>

namespace cho40::api {

// What the wire calls `reason.text`, in the reader's language.
[[nodiscard]] std::string reason_text(std::string_view code, http::Language language);

// "•••• 5678": an account as it is shown to people.
[[nodiscard]] std::string masked_account(std::string const& number);
[[nodiscard]] nlohmann::json receiving_account_json(qr_pay::ReceivingAccount const& account);
[[nodiscard]] nlohmann::json stall_json(merchants::StallWithAccount const& stall);
[[nodiscard]] nlohmann::json payment_json(qr_pay::StoredRequest const& stored, merchants::StallWithAccount const& stall,
                                          http::Language language);
[[nodiscard]] nlohmann::json timeline_json(qr_pay::StoredRequest const& stored,
                                           std::vector<stores::PaymentsStore::CreditView> const& credits, http::Language language);
[[nodiscard]] nlohmann::json credit_json(stores::PaymentsStore::CreditView const& credit, merchants::StallWithAccount const& stall,
                                         http::Language language);

}  // namespace cho40::api
