#pragma once
#include <string_view>

namespace cho40 {

// Every error code of the product. The name is the contract: it stands in problem+json, in stored records and in
// logs, so a name is never changed and never reused. Append new ones above the marker line; adapters/http/problem.cpp
// holds one row per code (status, title in both languages) and does not compile without it.
// clang-format off
#define CHO40_ERROR_CODES(X)                                                                       \
    /* requests */                                                                                 \
    X(invalid_json) X(invalid_input) X(validation_failed) X(unknown_field) X(missing_idempotency_key) \
    X(invalid_cursor) X(cursor_mismatch) X(unauthenticated) X(login_failed) X(login_expired) X(key_revoked) \
    X(forbidden) X(scope_missing) X(csrf_failed) X(step_up_required) X(maker_cannot_check) X(not_found) \
    X(method_not_allowed) X(not_acceptable) X(unsupported_media_type) X(invalid_state)             \
    X(duplicate_client_ref) X(request_in_progress) X(version_mismatch) X(if_match_required)        \
    X(body_too_large) X(header_too_large) X(malformed_request) X(idempotency_key_reused)           \
    X(idempotency_key_expired) X(rate_limited) X(internal_error) X(upstream_error) X(upstream_timeout) \
    X(unavailable) X(maintenance)                                                                  \
    X(request_timeout) X(uri_too_long)                                                             \
    /* one member of a request */                                                                  \
    X(required) X(wrong_type) X(too_small) X(too_large) X(text_too_short) X(too_few) X(too_many)   \
    X(unknown_value) X(invalid_format)                                                             \
    /* values */                                                                                   \
    X(amount_overflow) X(amount_not_positive) X(invalid_utf8) X(text_too_long) X(invalid_date)     \
    X(invalid_period) X(invalid_csv) X(invalid_config)                                             \
    /* ledger */                                                                                   \
    X(entry_unbalanced) X(account_unknown) X(account_closed) X(insufficient_funds) X(limit_exceeded) \
    X(transfer_differs) X(stale) X(writer_lost) X(queue_full) X(linked_failed) X(books_broken)     \
    X(pending_not_found) X(pending_finished) X(pending_expired)                                    \
    /* qr and rails */                                                                             \
    X(qr_invalid) X(unknown_rail) X(bad_signature) X(bad_token) X(unknown_receiving_account)       \
    X(currency_not_vnd) X(duplicate_bank_reference) X(code_exhausted) X(amount_exceeds_refundable) \
    /* fees */                                                                                     \
    X(fee_unknown) X(fee_amount_unknown) X(fee_rate_ambiguous) X(notice_not_payable) X(series_exhausted) \
    X(receipt_not_found) X(not_a_fee)                                                              \
    /* reconciliation and statements */                                                            \
    X(xml_malformed) X(xml_forbidden) X(statement_missing) X(file_duplicate) X(file_conflict)      \
    X(file_integrity) X(equation_failed)                                                           \
    /* etax */                                                                                     \
    X(tax_code_invalid) X(tax_group_unknown) X(rate_missing) X(period_not_open) X(period_closed)   \
    X(nothing_to_file) X(form_version_missing) X(signature_invalid) X(signing_failed)              \
    X(certificate_mismatch) X(already_filed) X(notice_unreadable)
// clang-format on
/* append above this line */

enum class Errc {
#define CHO40_ERRC_ENUM(name) name,
    CHO40_ERROR_CODES(CHO40_ERRC_ENUM)
#undef CHO40_ERRC_ENUM
};

// The stable text of a code, for example "amount_overflow".
[[nodiscard]] std::string_view errc_name(Errc code);

}  // namespace cho40
