#include "qr-pay/twin_guards.h"
#include "base/text.h"
#include <algorithm>
#include <array>

namespace cho40::qr_pay {

std::int64_t alike_span_of(Instant booked_at)
{
    return std::chrono::floor<std::chrono::minutes>(booked_at).time_since_epoch() / alike_span;
}

bool TwinGuards::add(ledger::Command& command, CreditFacts const& facts, BankCredit const& credit, StoredCredit const* linked_to)
{
    auto const mine = alike_span_of(credit.booked_at);
    auto const spans = std::array{mine - 1, mine, mine + 1};
    auto const seed = std::to_string(command.book.value) + "/" + facts.account->id.uuid.to_string() + "/" +
                      std::to_string(credit.amount.count()) + "/" + squeeze(credit.memo) + "/";
    std::array<Uuid, 3> entities;
    for (std::size_t i = 0; i < spans.size(); ++i) {
        entities[i] = make_derived_uuid({"alike", seed + std::to_string(spans[i])});
        auto const before = added_.find(entities[i]);
        if (before == added_.end()) continue;
        auto const may_be = [&](BankCredit const& twin) { return may_be_same_transfer(twin, credit); };
        if (before->second.links || linked_to || std::ranges::any_of(before->second.credits, may_be)) return false;
    }
    auto const changed = alike_span_of(linked_to ? linked_to->credit.booked_at : credit.booked_at);
    for (std::size_t i = 0; i < spans.size(); ++i) {
        std::int64_t known = 0;
        for (auto const& other : facts.alike) known += alike_span_of(other.credit.booked_at) == spans[i] ? 1 + other.links : 0;
        if (auto const before = added_.find(entities[i]); before != added_.end()) known += before->second.count;
        command.guards.push_back({entities[i], known, spans[i] == changed ? known + 1 : known});
        if (spans[i] != changed) continue;
        auto& added = added_[entities[i]];
        ++added.count;
        added.links = linked_to != nullptr;
        if (!linked_to) added.credits.push_back(credit);
    }
    return true;
}

}  // namespace cho40::qr_pay
