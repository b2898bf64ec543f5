#pragma once
#include "adapters/http/client.h"
#include "base/secret.h"
#include "fees/ports.h"

namespace cho40::portal {

struct CaseClientOptions {
    std::string url;      // of the case system, without a slash at its end
    Secret secret{""};    // shared; it never travels
    std::string partner;  // who we are
    std::chrono::milliseconds deadline = std::chrono::seconds(15);
};

// The body of one message: {"dossier_code", "notice_code", "amount", "paid_at", "receipts": [{"code", "form", "symbol",
// "number", "amount"}], "partner"}; amounts are whole đồng, times RFC 3339 in UTC.
[[nodiscard]] std::string payment_result_json(fees::PaymentResult const& result, std::string_view partner);
// Lower-case hex SHA-256 of dossier_code|notice_code|amount|paid_at|secret: the header X-Checksum.
[[nodiscard]] std::string payment_result_checksum(fees::PaymentResult const& result, Secret const& secret);

// 2xx: told. Other answers below 500 but for 408 and 429: refused. The rest, and silence: no answer.
class CaseClient final : public fees::CasePortal {
public:
    CaseClient(http::Client& client, CaseClientOptions options) : client_(client), options_(std::move(options)) {}

    [[nodiscard]] boost::asio::awaitable<fees::CaseAnswer> tell(fees::PaymentResult result) override;

private:
    http::Client& client_;
    CaseClientOptions options_;
};

}  // namespace cho40::portal
