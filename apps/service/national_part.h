#pragma once
#include "adapters/api/national_pay.h"
#include "adapters/national_pay/platform_client.h"
#include "apps/service/fees_part.h"
#include "apps/service/services.h"

namespace cho40::service {

// Attempts over the national platform in metrics and log.
class NationalReports final : public fees::NationalReports {
public:
    NationalReports(observability::Log const& log, observability::Metrics& metrics) : log_(log), metrics_(metrics) {}

    void asked(fees::NationalPayment const& payment, std::string_view act, std::string_view outcome) override;
    void ended(fees::NationalPayment const& payment) override;
    void second_money(fees::NationalPayment const& payment) override;
    void waiting(stores::NationalStore::Waiting const& waiting, Instant now);

private:
    observability::Log const& log_;
    observability::Metrics& metrics_;
};

// Paying fee notices over the national payment platform.
class NationalPart final : public Part {
public:
    NationalPart(Services& services, FeesPart& fees, qr_pay::Intake& intake);

    void add_routes(http::Router& router) override;
    [[nodiscard]] boost::asio::awaitable<Result<Done>> prepare() override { co_return Done{}; }
    void start_jobs(observability::JobGroup& jobs) override;

private:
    boost::asio::awaitable<Result<bool>> count();

    Services& services_;
    NationalReports reports_;
    stores::NationalStore store_;
    api::NationalDirectory directory_;
    national_pay::PlatformClient platform_;
    fees::PayNationally pay_;
    api::NationalDesk desk_;
    api::NationalContext context_;
};

}  // namespace cho40::service
