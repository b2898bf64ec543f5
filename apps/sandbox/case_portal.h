#pragma once
#include "base/dong.h"
#include "base/result.h"
#include "base/time.h"
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace cho40::sandbox {

enum class PortalScenario {
    normal,
    fail_twice,  // 503 to the first two tries of each payment
    silent,      // takes it and never answers
};
// Error: unknown_value.
[[nodiscard]] Result<PortalScenario> portal_scenario_named(std::string_view name);

// A fee that the service says was paid, as it was written.
struct PaymentResult {
    std::string dossier_code;
    std::string notice_code;
    Dong amount;
    std::string paid_at;
    std::string receipts;  // compact JSON
    std::string partner;
    Instant received_at;
    int times = 0;         // how often it was told
};

// Lower hex SHA-256 of dossier_code|notice_code|amount|paid_at|secret.
[[nodiscard]] std::string portal_checksum(PaymentResult const& result, std::string const& secret);

// The national portal's side of a paid fee.
class CasePortal {
public:
    void set(std::string secret, PortalScenario scenario);
    void reset() { *this = CasePortal(); }
    [[nodiscard]] PortalScenario scenario() const { return scenario_; }

    // Written down once however often it is told. Errors: bad_signature (checksum); unavailable (fail_twice);
    // transfer_differs: this notice was told with other figures before.
    [[nodiscard]] Result<Done> take(PaymentResult result, std::string_view checksum);
    [[nodiscard]] std::deque<PaymentResult> const& results() const { return results_; }

private:
    std::string secret_ = "sandbox-portal-secret";
    PortalScenario scenario_ = PortalScenario::normal;
    std::deque<PaymentResult> results_;
    std::map<std::string, int> tries_;  // by dossier and notice
};

}  // namespace cho40::sandbox
