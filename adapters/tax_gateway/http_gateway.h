#pragma once
#include "adapters/http/client.h"
#include "etax/ports.h"

namespace cho40::tax_gateway {

// A forwarding provider over HTTP. PUT {base}/tvan/filings/{transaction} carries the signed bytes as they are; GET
// {base}/tvan/filings/{transaction}/notices answers {"notices":[{"code","content_base64","at"}]}, 404 when the filing never
// arrived. PUT answers: 200, 202 taken; 409 other bytes under this transaction (their "digest" where they tell it); any
// other 4xx refused for good, except 408 and 429; everything else, and no answer, is unknown.
class HttpGateway final : public etax::TaxGateway {
public:
    // `base_url` without a slash at its end; empty: every call fails with invalid_config.
    HttpGateway(http::Client& client, std::string base_url, std::chrono::milliseconds deadline = std::chrono::seconds(15))
        : client_(client), base_url_(std::move(base_url)), deadline_(deadline)
    {
    }

    [[nodiscard]] boost::asio::awaitable<Result<etax::GatewayAnswer>> submit(std::string bytes, std::string transaction_id) override;
    [[nodiscard]] boost::asio::awaitable<Result<etax::GatewayAnswer>> poll(std::string transaction_id) override;

    static constexpr std::size_t notices_max = 50;

private:
    http::Client& client_;
    std::string base_url_;
    std::chrono::milliseconds deadline_;
};

}  // namespace cho40::tax_gateway
