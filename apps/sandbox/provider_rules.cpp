#include "apps/sandbox/provider_rules.h"
#include "base/check.h"
#include <algorithm>
#include <nlohmann/json.hpp>

namespace cho40::sandbox {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using enum Verdict;

constexpr hours no_limit{24 * 365};

// What "trying again is no use" means to a provider that says nothing of it: every answer below 500 but "timeout" and "too
// many". An assumption.
constexpr AnswerRule plain_answers[] = {{200, 299, content}, {408, 408, again}, {429, 429, again}, {400, 499, gives_up}};
// Not published either: a few tries in about twenty minutes.
constexpr seconds unpublished_pauses[] = {minutes(1), minutes(2), minutes(5), minutes(10)};

constexpr AnswerRule casso_answers[] = {{200, 200, content}, {408, 408, again}, {429, 429, again}, {400, 499, gives_up}};

constexpr AnswerRule momo_answers[] = {{204, 204, content}};

constexpr seconds payos_pauses[] = {seconds(2), seconds(4), seconds(8), seconds(16)};

constexpr AnswerRule sepay_answers[] = {{200, 201, content, "success", "true"}};
constexpr seconds sepay_pauses[] = {minutes(1), minutes(1), minutes(2), minutes(3), minutes(5), minutes(8), minutes(13)};

// Of the reason codes that make vietqr.vn try again after a 200, none is registered here.
constexpr AnswerRule vietqr_answers[] = {
    {200, 200, content, "error", "false"}, {200, 200, gives_up, "error", "true"}, {400, 400, gives_up}};
// Ten tries, five of them in the first minute.
constexpr seconds vietqr_pauses[] = {seconds(1),  seconds(2),  seconds(3),  seconds(4), seconds(60),
                                     seconds(60), seconds(60), seconds(60), seconds(60)};

constexpr AnswerRule vnpay_answers[] = {{200, 200, content, "RspCode", R"("00")"}, {200, 200, content, "RspCode", R"("02")"}};
constexpr seconds vnpay_pauses[] = {minutes(5), minutes(5), minutes(5), minutes(5), minutes(5),
                                    minutes(5), minutes(5), minutes(5), minutes(5), minutes(5)};

// -1 is a wrong mac: the same bytes would be wrong again.
constexpr AnswerRule zalopay_answers[] = {
    {200, 200, content, "return_code", "1"}, {200, 200, content, "return_code", "2"}, {200, 200, gives_up, "return_code", "-1"}};
// Three more calls; how far apart is not published.
constexpr seconds zalopay_pauses[] = {minutes(1), minutes(2), minutes(5)};

// Patience is published by SePay and MoMo; 15 seconds are taken for the others.
constexpr ProviderRules all_rules[] = {
    {"casso", casso_answers, unpublished_pauses, seconds(15), no_limit, true},
    {"momo", momo_answers, unpublished_pauses, seconds(15), no_limit, false},
    {"payos", plain_answers, payos_pauses, seconds(15), no_limit, false},
    {"sepay", sepay_answers, sepay_pauses, seconds(30), hours(5), true},
    {"vietqr", vietqr_answers, vietqr_pauses, seconds(15), no_limit, false},
    {"vnpay", vnpay_answers, vnpay_pauses, seconds(15), no_limit, false},
    {"zalopay", zalopay_answers, zalopay_pauses, seconds(15), no_limit, false},
};

bool fits(AnswerRule const& rule, int status, nlohmann::json const& body)
{
    if (status < rule.status_min || status > rule.status_max) return false;
    if (rule.member.empty()) return true;
    return body.is_object() && body.contains(rule.member) && body.at(rule.member).dump() == rule.value;
}

}  // namespace

ProviderRules const& rules_of(std::string_view rail)
{
    auto const* const found = std::ranges::find(all_rules, rail, &ProviderRules::rail);
    CHO_CHECK(found != std::end(all_rules));
    return *found;
}

Verdict verdict_on(ProviderRules const& rules, int status, std::string_view body)
{
    auto const parsed = nlohmann::json::parse(body, nullptr, false);
    for (auto const& rule : rules.answers) {
        if (fits(rule, status, parsed)) return rule.verdict;
    }
    return Verdict::again;
}

std::optional<seconds> pause_after(ProviderRules const& rules, int tries, seconds passed)
{
    auto const next = static_cast<std::size_t>(tries) - 1;
    if (next >= rules.pauses.size() || passed + rules.pauses[next] > rules.gives_up_after) return std::nullopt;
    return rules.pauses[next];
}

}  // namespace cho40::sandbox
