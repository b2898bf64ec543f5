#include "qr-pay/find_refund.h"
#include "base/text.h"
#include "qr-pay/receive_credit.h"
#include <algorithm>

namespace cho40::qr_pay {
namespace {

constexpr std::size_t reference_min = 8, reference_max = 40, digits_min = 4, references_max = 4;

bool is_word(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

bool may_be_reference(std::string_view word)
{
    auto const digits = static_cast<std::size_t>(std::ranges::count_if(word, [](char c) { return c >= '0' && c <= '9'; }));
    return word.size() >= reference_min && word.size() <= reference_max && digits >= digits_min;
}

struct Word {
    std::size_t from = 0;
    std::string_view text;
};

std::vector<Word> words_like_references(std::string_view memo)
{
    std::vector<Word> words;
    for (std::size_t at = 0; at < memo.size() && words.size() < references_max;) {
        if (!is_word(memo[at])) {
            ++at;
            continue;
        }
        auto end = at;
        while (end < memo.size() && is_word(memo[end])) ++end;
        auto const word = memo.substr(at, end - at);
        if (may_be_reference(word)) words.push_back({at, word});
        at = end;
    }
    return words;
}

}  // namespace

Sha256 transfer_key_of(std::string const& account_number, std::string const& bank_reference)
{
    BankCredit told("", "", account_number, Direction::out, Dong(1), Instant{});
    told.bank_reference = bank_reference;
    return sha256(dedupe_key(told));
}

std::vector<std::string> references_in(std::string_view memo)
{
    std::vector<std::string> references;
    for (auto const& word : words_like_references(memo)) references.emplace_back(word.text);
    return references;
}

std::vector<Sha256> refund_keys_of(CreditQuery const& query)
{
    std::vector<Sha256> keys;
    for (auto const& reference : references_in(query.memo)) keys.push_back(transfer_key_of(query.account_number, reference));
    keys.push_back(query.dedupe);
    return keys;
}

FoundRefund find_by_code(BankCredit const& credit, std::span<RefundFacts const> refunds)
{
    auto const by_code = [&](std::string_view code) -> RefundFacts const* {
        auto const it = std::ranges::find_if(refunds, [&](RefundFacts const& f) { return f.stored.refund.code.text() == code; });
        return it == refunds.end() ? nullptr : &*it;
    };
    if (!credit.order_code.empty()) {
        if (auto const* refund = by_code(credit.order_code)) return {refund, true, {MatchRule::provider_order, {}}};
    }
    auto const reading = extract_codes(credit.memo, [&](std::string_view code) { return by_code(code) != nullptr; });
    switch (reading.result) {
    case MemoResult::match: return {by_code(reading.codes.front()), true, {MatchRule::code, reading.spans.front()}};
    case MemoResult::ambiguous: return {by_code(reading.codes.front()), false, {MatchRule::several_codes, reading.spans.front()}};
    case MemoResult::suggest: return {by_code(reading.codes.front()), false, {MatchRule::code_nearly, reading.spans.front()}};
    case MemoResult::none: break;
    }
    return {};
}

FoundRefund find_by_reference(BankCredit const& credit, std::span<RefundFacts const> refunds)
{
    FoundRefund found;
    for (auto const& word : words_like_references(credit.memo)) {
        auto const key = transfer_key_of(credit.account_number, std::string(word.text));
        auto const it = std::ranges::find_if(refunds,
                                             [&](RefundFacts const& f) { return f.stored.transfer && f.stored.transfer->key == key; });
        if (it == refunds.end()) continue;
        if (found.refund && found.refund != &*it) {
            found.surely = false;
            continue;
        }
        // The word is ASCII; what stands before it need not be.
        auto const from = static_cast<std::uint32_t>(count_code_points(std::string_view(credit.memo).substr(0, word.from)));
        found = {&*it, true, {MatchRule::paid_by, {from, static_cast<std::uint32_t>(word.text.size())}}};
    }
    return found;
}

std::optional<InboxOutcome> told_before(RefundTransfer const& known, Dong amount, BankCredit const& credit)
{
    if (known.key == sha256(dedupe_key(credit))) return InboxOutcome::repeated;
    // A person copied the reference from a bank app, this rail does not tell one: of two transfers the code and the amount would
    // have to be the same.
    bool const entered_by_person = known.rail.empty();
    if (entered_by_person && credit.bank_reference.empty()) return InboxOutcome::linked;
    if (entered_by_person) return std::nullopt;
    BankCredit told(known.rail, known.provider_id, credit.account_number, credit.direction, amount, known.booked_at);
    told.bank_reference = known.bank_reference;
    told.memo = known.memo;
    return may_be_same_transfer(told, credit) ? std::optional(InboxOutcome::linked) : std::nullopt;
}

}  // namespace cho40::qr_pay
