#pragma once
#include "adapters/http/client.h"
#include "adapters/observability/job_group.h"
#include "apps/sandbox/bank.h"
#include "apps/sandbox/call_log.h"
#include "apps/sandbox/rail_messages.h"
#include "apps/sandbox/telling_faults.h"
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace cho40::sandbox {

// How one notification was answered.
struct Delivery {
    std::string rail_account;
    int status = 0;       // 0: no answer
    std::string body;     // of the answer, or why there is none
    bool content = false; // whether the provider leaves it at that
};

// Tells the service of transfers the way each provider does: through its door, with its proof, as stubborn as its rules
// (provider_rules.h) say. A provider that is given out tokens asks for one first and keeps it as long as it was told.
class Notifier {
public:
    // `service_url` without a slash at its end. `second` is what a second of a provider's patience lasts; `clock` is what
    // providers sign by, whatever day the bank has.
    Notifier(http::Client& client, observability::JobGroup& jobs, CallLog& calls, Bank const& bank, Clock const& clock,
             std::string service_url, std::chrono::milliseconds second)
        : client_(client), jobs_(jobs), calls_(calls), bank_(bank), clock_(clock), service_url_(std::move(service_url)), second_(second)
    {
    }

    // Returns how the first try was answered; the provider's further tries go on beside. A notification that is dropped,
    // delayed or overtaken by a fault returns at once, with status 0.
    [[nodiscard]] boost::asio::awaitable<Delivery> tell(RailAccount account, Transfer transfer, TellingFaults faults);
    // What the provider does when the address is registered: its sample, or a token asked for. Once.
    // Error: invalid_state for a provider that tries nothing.
    [[nodiscard]] boost::asio::awaitable<Result<Delivery>> probe(RailAccount account);
    void reset();

private:
    struct Token {
        std::string text;
        std::chrono::steady_clock::time_point good_until;
    };
    // One notification on its way.
    struct Telling {
        RailAccount account;
        Transfer transfer;
        TellingFaults faults;
        rails::RawNotification content;  // of the last try
        int tries = 0;
        std::chrono::steady_clock::time_point began;
    };

    [[nodiscard]] boost::asio::awaitable<Delivery> first_try(Telling telling);
    [[nodiscard]] boost::asio::awaitable<void> tell_later(Telling telling);
    [[nodiscard]] boost::asio::awaitable<void> try_again(Telling telling, std::chrono::seconds pause);
    [[nodiscard]] boost::asio::awaitable<Delivery> next_try(Telling& telling);
    [[nodiscard]] std::optional<std::chrono::seconds> pause_before_next(Telling const& telling, Delivery const& delivery) const;
    [[nodiscard]] rails::RawNotification content_of(Telling const& telling) const;
    [[nodiscard]] boost::asio::awaitable<Delivery> send(RailAccount account, rails::RawNotification content, CallEntry entry,
                                                        TellingFaults faults);
    [[nodiscard]] boost::asio::awaitable<Result<std::string>> token(RailAccount account, int attempt_number);
    [[nodiscard]] std::string url(RailAccount const& account, std::string_view path) const;
    void release(std::string const& rail_account);

    http::Client& client_;
    observability::JobGroup& jobs_;
    CallLog& calls_;
    Bank const& bank_;
    Clock const& clock_;
    std::string service_url_;
    std::chrono::milliseconds second_;
    std::map<std::string, Token> tokens_;  // by rail account
    // Notifications that wait to be overtaken, by rail account.
    std::map<std::string, std::vector<std::shared_ptr<boost::asio::steady_timer>>> held_;
};

}  // namespace cho40::sandbox
