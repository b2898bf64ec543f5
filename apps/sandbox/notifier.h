#pragma once
#include "adapters/http/client.h"
#include "adapters/observability/job_group.h"
#include "apps/sandbox/bank.h"
#include "apps/sandbox/call_log.h"
#include <chrono>
#include <map>
#include <string>

namespace cho40::sandbox {

// How one notification was answered.
struct Delivery {
    std::string rail_account;
    int status = 0;       // 0: no answer
    std::string body;     // of the answer, or why there is none
};

// Tells the service of transfers the way each provider does: vietqr.vn asks for a token first and keeps it as long as it
// was told, payOS signs the body.
class Notifier {
public:
    // `service_url` without a slash at its end. `second` is what a second of a provider's patience lasts.
    Notifier(http::Client& client, observability::JobGroup& jobs, CallLog& calls, Bank const& bank, std::string service_url,
             std::chrono::milliseconds second)
        : client_(client), jobs_(jobs), calls_(calls), bank_(bank), service_url_(std::move(service_url)), second_(second)
    {
    }

    // Returns how the first try was answered; the provider's further tries go on beside.
    [[nodiscard]] boost::asio::awaitable<Delivery> tell(RailAccount account, Transfer transfer);
    void forget_tokens() { tokens_.clear(); }

private:
    struct Token {
        std::string text;
        std::chrono::steady_clock::time_point good_until;
    };

    [[nodiscard]] boost::asio::awaitable<Delivery> attempt(RailAccount account, Transfer transfer, std::string body, int number);
    [[nodiscard]] boost::asio::awaitable<void> try_again(RailAccount account, Transfer transfer, std::string body, int last_status);
    [[nodiscard]] boost::asio::awaitable<Result<std::string>> token(RailAccount account, int attempt_number);
    [[nodiscard]] std::string url(RailAccount const& account, std::string_view path) const;

    http::Client& client_;
    observability::JobGroup& jobs_;
    CallLog& calls_;
    Bank const& bank_;
    std::string service_url_;
    std::chrono::milliseconds second_;
    std::map<std::string, Token> tokens_;  // by rail account
};

}  // namespace cho40::sandbox
