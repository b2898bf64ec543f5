#pragma once
#include "adapters/national_pay/account.h"
#include "fees/national_payment.h"

namespace cho40::national_pay {

inline Account const account("QN0001", "https://thanhtoan.example/api", "203.0.113.10", Secret("demo-secret"), Secret("token"));

// The attempt of the reference's vectors.
inline fees::NationalPayment payment()
{
    fees::NationalPayment payment;
    payment.reference = "dvcH49142611220007261122093015";
    payment.sent_time = "20261122093015";
    payment.amount = Dong(135000);
    return payment;
}

}  // namespace cho40::national_pay
