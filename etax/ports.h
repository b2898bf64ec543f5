#pragma once
#include "base/digest.h"
#include "base/result.h"
#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

namespace cho40::etax {

// What kind of trouble the other side reports, and with it whether another try can help.
enum class GatewayFault {
    none,
    transport,   // ask, then send the same bytes
    format,      // no use in repeating
    duplicate,   // ask
    signature,   // after the certificate is mended
    business,    // no use in repeating
    incident,    // wait: the authority's system is down
};

enum class GatewayOutcome {
    sent,     // the gateway took it, or (poll) knows it
    unknown,  // no usable answer: it may have arrived
    refused,  // the gateway said no, or (poll) never got it
};

struct GatewayAnswer {
    GatewayOutcome outcome = GatewayOutcome::unknown;
    GatewayFault fault = GatewayFault::none;
    std::string code;                  // the gateway's own, e.g. IHTKK-9999
    std::string detail;                // for people
    std::optional<Sha256> their_digest = {};  // with a duplicate: of the bytes they hold, where they tell it
    std::vector<std::string> notices;  // raw bytes of notices that came with the answer, oldest first; store before reading
};

// A forwarding provider (T-VAN) or the provincial gateway. We make the transaction id before sending and ask with it.
// Implementations keep a deadline on every call and never repeat a submission by themselves: not being answered is
// `unknown`, and the state machine decides what follows.
struct TaxGateway {
    virtual ~TaxGateway() = default;
    // `bytes` are forwarded as they are. Errors: only for what never left us (invalid_config).
    [[nodiscard]] virtual boost::asio::awaitable<Result<GatewayAnswer>> submit(std::string bytes, std::string transaction_id) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Result<GatewayAnswer>> poll(std::string transaction_id) = 0;
};

}  // namespace cho40::etax
