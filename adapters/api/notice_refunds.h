#pragma once
#include "adapters/api/context.h"
#include "adapters/stores/fees_store.h"

namespace cho40::api {

// Refunds of what an agency collected: made here, approved and finished as every refund is (refunds.h).
struct NoticeRefundDesk {
    Context& context;
    stores::FeesStore& fees;
};

void add_notice_refund_routes(http::Router& router, NoticeRefundDesk& desk);  // fee_notices.refund, fee_notices.refunds

}  // namespace cho40::api
