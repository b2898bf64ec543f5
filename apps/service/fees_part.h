#pragma once
#include "adapters/api/collector_statements.h"
#include "adapters/api/fee_schedules.h"
#include "adapters/api/fees.h"
#include "adapters/portal/case_client.h"
#include "apps/service/services.h"
#include "fees/notice_rules.h"
#include "fees/tell_dossier.h"

namespace cho40::service {

// Agencies, fee notices, the public pages, and telling cases that they are paid.
class FeesPart final : public Part {
public:
    explicit FeesPart(Services& services);

    void add_routes(http::Router& router) override;
    [[nodiscard]] boost::asio::awaitable<Result<Done>> prepare() override;
    void start_jobs(observability::JobGroup& jobs) override;

    // For whoever receives money.
    [[nodiscard]] qr_pay::PayeeRules& rules() { return rules_; }
    [[nodiscard]] stores::FeesStore& store() { return store_; }
    // For whoever lets notices be paid in one way more.
    [[nodiscard]] fees::StartPaying& start_paying() { return start_paying_; }
    [[nodiscard]] api::FeeContext& context() { return context_; }

private:
    Services& services_;
    bool somebody_is_told_;
    fees::TablesInForce tables_;
    fees::Agencies known_agencies_;
    stores::FeesStore store_;
    stores::RefundsStore refunds_;
    stores::FeeScheduleStore schedules_;
    fees::ImportSchedules import_schedules_;
    qr_pay::RequestPayment request_payment_;
    qr_pay::ChangePayment change_payment_;
    fees::NoticeRules rules_;
    fees::RegisterAgency register_agency_;
    fees::CreateNotice create_notice_;
    fees::StartPaying start_paying_;
    fees::ExtendPaying extend_paying_;
    portal::CaseClient portal_;
    fees::TellDossiers tell_dossiers_;
    api::FeeContext context_;
    api::FeeScheduleContext schedule_context_;
    api::CollectorContext collector_context_;
};

}  // namespace cho40::service
