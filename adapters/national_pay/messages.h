#pragma once
#include "adapters/national_pay/account.h"
#include "fees/national_ports.h"

namespace cho40::national_pay {

// "THANH TOAN HO SO <dossier>", ThongTinGiaoDich.
[[nodiscard]] std::string transaction_words(std::string_view dossier_code);

// The bodies of what we send.
[[nodiscard]] std::string init_body(fees::NationalPayment const& payment, fees::FeeNotice const& notice,
                                    fees::RegisteredAgency const& agency, Account const& account);
[[nodiscard]] std::string query_body(fees::NationalPayment const& payment, Account const& account);
[[nodiscard]] std::string bill_body(fees::NationalPayment const& payment, Account const& account);

// What is answered. Never an error: an answer that cannot be read means that nobody knows.
[[nodiscard]] fees::NationalOpening read_opening(int status, std::string_view body);
[[nodiscard]] fees::NationalResult read_query(int status, std::string_view body, fees::NationalPayment const& payment,
                                              Account const& account);
[[nodiscard]] fees::NationalBillAnswer read_bill(int status, std::string_view body);

// An address a payer may be sent to, or messages may go to: https, or plain http on this very machine.
[[nodiscard]] bool is_safe_address(std::string_view url);

// "yyyyMMddHHmmss" of Vietnam. Nothing when it is not one.
[[nodiscard]] std::optional<Instant> read_time(std::string_view text);
[[nodiscard]] std::string write_time(Instant at);

}  // namespace cho40::national_pay
