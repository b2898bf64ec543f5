#include "reconcile/result.h"

namespace cho40::reconcile {
namespace {

void put(std::string& out, std::string_view text) { out.append(text).push_back('\x1f'); }
void put(std::string& out, Dong amount) { put(out, std::to_string(amount.count())); }
void put_optional(std::string& out, std::optional<std::string> const& text) { put(out, text ? "=" + *text : std::string()); }

void put(std::string& out, Ids const& ids)
{
    for (auto const& id : ids) put(out, id);
    out.push_back('\x1e');
}

void put(std::string& out, MatchRule rule) { put(out, name_of(rule)); }

void put(std::string& out, Flags flags)
{
    for (auto flag : flags.list()) put(out, name_of(flag));
    out.push_back('\x1e');
}

}  // namespace

std::string_view name_of(BreakClass kind)
{
    switch (kind) {
#define CHO40_BREAK_NAME(name)                                                                                                             \
    case BreakClass::name: return #name;
        CHO40_BREAK_CLASSES(CHO40_BREAK_NAME)
#undef CHO40_BREAK_NAME
    }
    return "";
}

std::string_view first_owner(BreakClass kind)
{
    switch (kind) {
    case BreakClass::MISSING_AT_PROVIDER:
    case BreakClass::MISSING_INTERNAL:
    case BreakClass::AMBIGUOUS:
    case BreakClass::RECEIPT_MISSING:
    case BreakClass::RECEIPT_ORPHAN:
    case BreakClass::FILE_LATE:
    case BreakClass::FILE_INTEGRITY:
    case BreakClass::FILE_CONFLICT: return "operations";
    case BreakClass::AMOUNT_MISMATCH:
    case BreakClass::DUPLICATE_PAYMENT:
    case BreakClass::FEE_MISMATCH:
    case BreakClass::FEE_ON_PUBLIC_MONEY:
    case BreakClass::CURRENCY_MISMATCH: return "finance";
    case BreakClass::STATUS_MISMATCH:
    case BreakClass::DUPLICATE_PROVIDER_LINE:
    case BreakClass::DOSSIER_NOT_TOLD: return "engine";
    case BreakClass::CONFLICTING_DUPLICATE: return "provider";
    case BreakClass::MISSING_AT_BANK:
    case BreakClass::SETTLEMENT_AMOUNT_MISMATCH:
    case BreakClass::BANK_UNIDENTIFIED:
    case BreakClass::BANK_REVERSED: return "treasury";
    case BreakClass::REMITTANCE_MISMATCH: return "accountant";
    }
    return "";
}

bool blocks_closing(BreakClass kind)
{
    return kind == BreakClass::CONFLICTING_DUPLICATE || kind == BreakClass::FILE_CONFLICT || kind == BreakClass::FILE_INTEGRITY;
}

std::string_view name_of(Waiting kind) { return kind == Waiting::PENDING_BANK ? "PENDING_BANK" : "PENDING_PROVIDER_FILE"; }

std::string_view name_of(Flag flag)
{
    switch (flag) {
    case Flag::DATE_SHIFT: return "DATE_SHIFT";
    case Flag::SPLIT: return "SPLIT";
    case Flag::NO_REFERENCE: return "NO_REFERENCE";
    }
    return "";
}

std::vector<Flag> Flags::list() const
{
    std::vector<Flag> out;
    for (auto flag : {Flag::DATE_SHIFT, Flag::SPLIT, Flag::NO_REFERENCE}) {
        if (has(flag)) out.push_back(flag);
    }
    return out;
}

std::string_view name_of(MatchRule rule)
{
    constexpr std::string_view names[] = {"R1", "R2", "R3", "S1", "S2", "S3", "B0", "B1", "B2"};
    return names[static_cast<std::size_t>(rule)];
}

std::string canonical_text(RunResult const& result)
{
    std::string out;
    for (auto const& m : result.internal_provider) {
        put(out, m.internal), put(out, m.provider.text()), put(out, m.rule), put(out, m.flags);
    }
    out.push_back('\n');
    for (auto const& m : result.provider_bank) {
        put(out, m.batch), put(out, m.expected_net), put(out, m.bank), put(out, m.rule), put(out, m.flags);
    }
    out.push_back('\n');
    for (auto const& m : result.internal_bank) { put(out, m.internal), put(out, m.bank), put(out, m.rule), put(out, m.flags); }
    out.push_back('\n');
    for (auto const& b : result.breaks) {
        put(out, name_of(b.kind)), put(out, b.internal), put(out, b.provider), put(out, b.bank), put_optional(out, b.batch),
            put(out, b.delta);
        put(out, b.business_date ? b.business_date->to_string() : std::string()), put_optional(out, b.file), put(out, b.why);
    }
    out.push_back('\n');
    for (auto const& p : result.pending) { put(out, name_of(p.kind)), put(out, p.internal), put(out, p.bank), put_optional(out, p.batch); }
    out.push_back('\n');
    auto const& t = result.totals;
    put(out, t.internal_net), put(out, t.provider_gross), put(out, t.provider_fee), put(out, t.provider_net);
    put(out, t.bank_credit), put(out, t.bank_debit);
    return out;
}

}  // namespace cho40::reconcile
