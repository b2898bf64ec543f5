#include "apps/sandbox/case_portal.h"
#include "base/digest.h"

namespace cho40::sandbox {

Result<PortalScenario> portal_scenario_named(std::string_view name)
{
    if (name == "normal") return PortalScenario::normal;
    if (name == "fail_twice") return PortalScenario::fail_twice;
    if (name == "silent") return PortalScenario::silent;
    return fail(Errc::unknown_value, "the portal knows normal, fail_twice and silent", "/scenario");
}

std::string portal_checksum(PaymentResult const& result, std::string const& secret)
{
    return to_hex(sha256(result.dossier_code + "|" + result.notice_code + "|" + std::to_string(result.amount.count()) + "|" +
                         result.paid_at + "|" + secret));
}

void CasePortal::set(std::string secret, PortalScenario scenario)
{
    secret_ = std::move(secret);
    scenario_ = scenario;
    tries_.clear();
}

Result<Done> CasePortal::take(PaymentResult result, std::string_view checksum)
{
    if (!equal_in_constant_time(checksum, portal_checksum(result, secret_)))
        return fail(Errc::bad_signature, "the checksum does not fit", "#header/X-Checksum");
    if (scenario_ == PortalScenario::fail_twice && ++tries_[result.dossier_code + "|" + result.notice_code] <= 2) {
        return fail(Errc::unavailable, "the portal is busy");
    }
    for (auto& known : results_) {
        if (known.dossier_code != result.dossier_code || known.notice_code != result.notice_code) continue;
        if (known.amount != result.amount || known.paid_at != result.paid_at)
            return fail(Errc::transfer_differs, "this notice was told as paid with other figures");
        ++known.times;
        return Done{};
    }
    result.times = 1;
    results_.push_front(std::move(result));
    return Done{};
}

}  // namespace cho40::sandbox
