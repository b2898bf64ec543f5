#pragma once
#include "adapters/http/client.h"
#include "adapters/national_pay/account.h"
#include "fees/national_ports.h"

namespace cho40::national_pay {

// The platform over HTTP. One call each, with one deadline; what is not answered clearly is not known.
class PlatformClient final : public fees::NationalPlatform {
public:
    PlatformClient(http::Client& client, Accounts& accounts) : client_(client), accounts_(accounts) {}

    [[nodiscard]] boost::asio::awaitable<fees::NationalOpening> open(fees::NationalPayment payment, fees::StoredNotice notice,
                                                                     fees::RegisteredAgency agency) override;
    [[nodiscard]] boost::asio::awaitable<fees::NationalResult> ask(fees::NationalPayment payment) override;
    [[nodiscard]] boost::asio::awaitable<fees::NationalBillAnswer> bill(fees::NationalPayment payment) override;

private:
    [[nodiscard]] boost::asio::awaitable<http::CallResult> post(Account const& account, std::string body);

    http::Client& client_;
    Accounts& accounts_;
};

}  // namespace cho40::national_pay
