#pragma once
#include "adapters/api/notice_refunds.h"
#include "adapters/api/rail_accounts.h"
#include "adapters/api/rail_directory.h"
#include "adapters/api/rail_heartbeats.h"
#include "adapters/api/rails.h"
#include "adapters/api/stall_signs.h"
#include "adapters/stores/inbox_store.h"
#include "adapters/stores/refunds_store.h"
#include "apps/service/gap_watch.h"
#include "apps/service/rail_lists.h"
#include "apps/service/services.h"
#include "apps/service/vietqr_refunds.h"
#include "merchants/stall_rules.h"

namespace cho40::service {

// Stalls asking for money and rails telling of it.
class PaymentsPart final : public Part {
public:
    PaymentsPart(Services& services, qr_pay::PayeeRules& agencies, stores::FeesStore& fees);

    void add_routes(http::Router& router) override;
    [[nodiscard]] boost::asio::awaitable<Result<Done>> prepare() override;
    void start_jobs(observability::JobGroup& jobs) override;

    // For whoever hears of money in a way of its own.
    [[nodiscard]] qr_pay::Intake& intake() { return intake_; }

private:
    boost::asio::awaitable<Result<bool>> expire_due();

    Services& services_;
    stores::FeesStore& fees_;
    merchants::StallRules stall_rules_;
    qr_pay::RequestPayment request_payment_;
    qr_pay::ChangePayment change_payment_;
    qr_pay::AssignCredit assign_credit_;
    qr_pay::ReceiveCredit receive_credit_;
    stores::InboxStore inbox_;
    qr_pay::Intake intake_;
    merchants::NoteCashSale note_cash_sale_;
    merchants::Register registration_;
    stores::RefundsStore refunds_;
    VietqrRefunds refund_provider_;
    qr_pay::MakeRefund make_refund_;
    qr_pay::RefundCalls refund_calls_;
    api::RailDirectory directory_;
    stores::HeartbeatStore heartbeat_store_;
    api::RailHeartbeats heartbeats_;
    stores::RailReadings readings_;
    RailLists lists_;
    stores::GapStore gaps_;
    GapWatch gap_watch_;
    api::Context context_;
    api::NoticeRefundDesk notice_refunds_;
    api::RailContext rail_context_;
    stores::MerchantContractStore merchant_contracts_;
    merchants::RegisterMerchantContract register_contract_;
    api::SignDesk sign_desk_;
};

}  // namespace cho40::service
