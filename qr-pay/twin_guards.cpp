#include "qr-pay/twin_guards.h"
#include "base/text.h"
#include <algorithm>
#include <array>

namespace cho40::qr_pay {

std::int64_t alike_span_of(Instant booked_at)
{
    return std::chrono::floor<std::chrono::minutes>(booked_at).time_since_epoch() / alike_span;
}

bool TwinGuards::add(ledger::Command& command, CreditFacts const& facts, BankCredit const& credit)
{
    auto const mine = alike_span_of(credit.booked_at);
    auto const seed = std::to_string(command.book.value) + "/" + facts.account->id.uuid.to_string() + "/" +
                      std::to_string(credit.amount.count()) + "/" + squeeze(credit.memo) + "/";
    auto const spans = std::array{mine - 1, mine, mine + 1};
    std::array<Uuid, 3> entities;
    for (std::size_t i = 0; i < spans.size(); ++i) {
        entities[i] = make_derived_uuid({"alike", seed + std::to_string(spans[i])});
        auto const twins = added_.find(entities[i]);
        if (twins == added_.end()) continue;
        for (auto const& twin : twins->second.credits) {
            if (may_be_same_transfer(twin, credit)) return false;
        }
    }
    for (std::size_t i = 0; i < spans.size(); ++i) {
        auto known = std::ranges::count_if(facts.alike,
                                           [&](StoredCredit const& s) { return alike_span_of(s.credit.booked_at) == spans[i]; });
        if (auto const twins = added_.find(entities[i]); twins != added_.end()) known += twins->second.count;
        command.guards.push_back({entities[i], known, spans[i] == mine ? known + 1 : known});
    }
    auto& twins = added_[entities[1]];
    ++twins.count;
    twins.credits.push_back(credit);
    return true;
}

}  // namespace cho40::qr_pay
