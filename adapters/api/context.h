#pragma once
#include "adapters/api/event_hub.h"
#include "adapters/api/handler.h"
#include "adapters/api/rail_heartbeats.h"
#include "adapters/http/cursor.h"
#include "adapters/identity/gate.h"
#include "adapters/identity/idempotency.h"
#include "adapters/observability/log.h"
#include "adapters/observability/metrics.h"
#include "adapters/stores/event_store.h"
#include "adapters/stores/gap_store.h"
#include "adapters/stores/merchants_store.h"
#include "adapters/stores/payments_store.h"
#include "adapters/stores/refunds_store.h"
#include "merchants/note_cash_sale.h"
#include "merchants/register.h"
#include "qr-pay/assign_credit.h"
#include "qr-pay/change_payment.h"
#include "qr-pay/make_refund.h"
#include "qr-pay/refund_calls.h"
#include "qr-pay/request_payment.h"

namespace cho40::api {

// What the payment side's routes work with. Made once by the service; outlives the server.
struct Context {
    identity::Gate& gate;
    identity::Idempotency& idempotency;
    http::Cursors const& cursors;
    Clock const& clock;
    Random& random;
    observability::Log const& log;
    observability::Metrics& metrics;
    EventHub& hub;
    stores::EventStore& events;
    stores::MerchantsStore& merchants;
    stores::PaymentsStore& payments;
    qr_pay::RequestPayment& request_payment;
    qr_pay::ChangePayment& change_payment;
    qr_pay::AssignCredit& assign_credit;
    merchants::NoteCashSale& note_cash_sale;
    merchants::Register& registration;
    stores::RefundsStore& refunds;
    qr_pay::MakeRefund& make_refund;
    qr_pay::RefundCalls& refund_calls;
    RailHeartbeats& heartbeats;
    stores::GapStore& gaps;
};

}  // namespace cho40::api
