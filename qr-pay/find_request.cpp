#include "qr-pay/find_request.h"
#include <algorithm>

namespace cho40::qr_pay {

FoundRequest find_request(BankCredit const& credit, CreditFacts const& facts)
{
    FoundRequest found;
    auto const take = [&](StoredRequest const& request, MatchRule rule, MemoSpan characters = {}) {
        found.request = request;
        found.match = {rule, characters};
        return found;
    };
    auto const suggest = [&](Id<PaymentRequest> request, MatchRule rule, MemoSpan characters = {}) {
        found.suggested = request;
        found.why_none = CreditReason::suggested;
        found.match = {rule, characters};
        return found;
    };
    auto const by_code = [&](std::string_view code) {
        return std::ranges::find_if(facts.requests, [&](StoredRequest const& r) { return r.request.code.text() == code; });
    };

    if (!credit.virtual_account.empty()) {
        auto const it = std::ranges::find(facts.requests, credit.virtual_account, &StoredRequest::virtual_account);
        if (it != facts.requests.end()) return take(*it, MatchRule::virtual_account);
    }
    if (!credit.order_code.empty()) {
        if (auto const it = by_code(credit.order_code); it != facts.requests.end()) return take(*it, MatchRule::provider_order);
    }
    auto const reading = extract_codes(credit.memo, [&](std::string_view code) { return by_code(code) != facts.requests.end(); });
    switch (reading.result) {
    case MemoResult::match: return take(*by_code(reading.codes.front()), MatchRule::code, reading.spans.front());
    case MemoResult::ambiguous:
        found.why_none = CreditReason::ambiguous;
        found.match = {MatchRule::several_codes, reading.spans.front()};
        return found;
    case MemoResult::suggest: {
        // Of a finished request nobody is told that money may be for it: a second payment of it would have its code whole.
        auto const& request = by_code(reading.codes.front())->request;
        if (is_open(request.state)) return suggest(request.id, MatchRule::code_nearly, reading.spans.front());
        break;
    }
    case MemoResult::none: break;
    }
    if (auto const code = suggest_request(facts.open, credit)) {
        auto const it = std::ranges::find(facts.open, *code, &PaymentRequest::code);
        return suggest(it->id, MatchRule::amount_and_time);
    }
    return found;
}

}  // namespace cho40::qr_pay
