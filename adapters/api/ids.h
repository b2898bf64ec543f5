#pragma once
#include "adapters/http/ids.h"
#include "adapters/stores/gap_store.h"
#include "adapters/stores/rail_readings.h"
#include "adapters/stores/recon_records.h"
#include "etax/returns.h"
#include "fees/national_payment.h"
#include "fees/records.h"
#include "fees/tables_in_force.h"
#include "merchants/records.h"
#include "qr-pay/records.h"
#include "qr-pay/refund.h"

// Prefixes of the ids this API speaks of (api-conventions §3).
namespace cho40::http {

template <>
struct IdPrefix<qr_pay::PaymentRequest> {
    static constexpr std::string_view value = "pay";
};
template <>
struct IdPrefix<fees::FeeSchedule> {
    static constexpr std::string_view value = "fsc";
};
template <>
struct IdPrefix<qr_pay::Refund> {
    static constexpr std::string_view value = "rfd";
};
template <>
struct IdPrefix<qr_pay::CreditTag> {
    static constexpr std::string_view value = "crd";
};
template <>
struct IdPrefix<qr_pay::RailAccountTag> {
    static constexpr std::string_view value = "rla";
};
template <>
struct IdPrefix<stores::RailReadingTag> {
    static constexpr std::string_view value = "rbf";
};
template <>
struct IdPrefix<stores::RailGapTag> {
    static constexpr std::string_view value = "gap";
};
template <>
struct IdPrefix<merchants::Market> {
    static constexpr std::string_view value = "mkt";
};
template <>
struct IdPrefix<merchants::Stall> {
    static constexpr std::string_view value = "stl";
};
template <>
struct IdPrefix<merchants::Household> {
    static constexpr std::string_view value = "hh";
};
template <>
struct IdPrefix<fees::Agency> {
    static constexpr std::string_view value = "agc";
};
template <>
struct IdPrefix<fees::FeeNotice> {
    static constexpr std::string_view value = "ntc";
};
template <>
struct IdPrefix<fees::NationalPayment> {
    static constexpr std::string_view value = "nat";
};
template <>
struct IdPrefix<fees::Receipt> {
    static constexpr std::string_view value = "rct";
};
template <>
struct IdPrefix<merchants::CashSale> {
    static constexpr std::string_view value = "csh";
};
template <>
struct IdPrefix<stores::ReconFile> {
    static constexpr std::string_view value = "stm";
};
template <>
struct IdPrefix<stores::ReconRun> {
    static constexpr std::string_view value = "job";
};
template <>
struct IdPrefix<stores::ReconBreak> {
    static constexpr std::string_view value = "exc";
};
template <>
struct IdPrefix<stores::ReconClosing> {
    static constexpr std::string_view value = "dcl";
};
template <>
struct IdPrefix<etax::TaxReturn> {
    static constexpr std::string_view value = "ret";
};

}  // namespace cho40::http
