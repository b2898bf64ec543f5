#pragma once
#include "adapters/postgres/rows.h"
#include "qr-pay/records.h"

namespace cho40::stores {

// Columns of a payment request, in the order read_request() expects them, with one of the two that follow.
#define CHO40_REQUEST_COLUMNS                                                                                                              \
    "p.book_id, p.payment_id, p.payee_kind, p.payee_id, p.owner_ordinal, p.receiving_account_id, p.code, p.asked, "                        \
    "p.received, p.waived, p.state, p.reason, p.note, p.client_ref, p.qr_payload, p.created_by, p.created_at, "                            \
    "p.expires_at, p.since, p.version, p.virtual_account"
// Second payments of a settled request: summed where people look, not on the way of a notification.
#define CHO40_REQUEST_DUPLICATES                                                                                                           \
    ", (SELECT coalesce(sum(c.amount), 0)::int8 FROM bank_credit c WHERE c.book_id = p.book_id "                                           \
    "AND c.payment_id = p.payment_id AND c.reason = 'duplicate') "
#define CHO40_NO_DUPLICATES ", 0::int8 "

[[nodiscard]] qr_pay::StoredRequest read_request(postgres::Row const& row);

}  // namespace cho40::stores
