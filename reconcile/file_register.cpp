#include "reconcile/file_register.h"
#include "base/text.h"
#include "reconcile/sum.h"
#include <algorithm>
#include <map>

namespace cho40::reconcile {
namespace {

bool overlap(std::set<std::string> const& a, std::set<std::string> const& b)
{
    if (a.empty() || b.empty()) return true;
    return std::ranges::any_of(a, [&](auto const& party) { return b.contains(party); });
}

std::string text(Dong amount) { return std::to_string(amount.count()); }

// Net of every line, as the file format defines it.
std::optional<std::string> line_damage(ProviderLine const& line)
{
    if (!line.amount.is_positive() || line.fee.count() < 0)
        return "line " + line.id() + ": amount must be more than 0 and the fee not below 0";
    Sum expected;
    if (line.status == LineStatus::success) {
        expected.add(signed_amount(line.kind, line.amount));
        expected.subtract(line.fee);
    }
    auto const net = expected.total();
    if (net && *net == line.net) return std::nullopt;
    return "line " + line.id() + ": net " + text(line.net) + " is not amount and fee (" + (net ? text(*net) : "too large") + ")";
}

std::optional<std::string> balance_damage(StatementBalance const& b)
{
    Sum sum;
    sum.add(b.opening), sum.add(b.credits), sum.subtract(b.debits);
    auto const closing = sum.total();
    if (closing && *closing == b.closing) return std::nullopt;
    return "account " + b.account + ": opening " + text(b.opening) + " + credits " + text(b.credits) + " - debits " + text(b.debits) +
           " is not closing " + text(b.closing);
}

}  // namespace

std::optional<std::string> find_line_damage(ImportedFile const& file)
{
    for (auto const& line : file.provider) {
        if (auto damage = line_damage(line)) return damage;
        if (line.business_date != file.business_date)
            return "line " + line.id() + " is of " + line.business_date.to_string() + ", the file of " + file.business_date.to_string();
    }
    return std::nullopt;
}

void give_references(ImportedFile& file)
{
    std::map<std::string, int> ordinals;
    for (auto& entry : file.bank) {
        if (!entry.entry_ref.empty()) continue;
        auto const content = (entry.account + "|") + entry.booking_date.to_string() + '|' +
                             (entry.direction == Direction::credit ? "CRDT|" : "DBIT|") + text(entry.amount) + '|' + entry.currency.str() +
                             '|' + squeeze(entry.narrative);
        auto const ordinal = ++ordinals[content];
        entry.entry_ref = "NOREF-" + to_hex(sha256(content + '|' + std::to_string(ordinal))).substr(0, 16);
    }
}

std::string_view name_of(ImportResult result)
{
    switch (result) {
    case ImportResult::ACCEPTED: return "ACCEPTED";
    case ImportResult::ACCEPTED_LATE: return "ACCEPTED_LATE";
    case ImportResult::DUPLICATE_FILE: return "DUPLICATE_FILE";
    case ImportResult::SUPERSEDES: return "SUPERSEDES";
    case ImportResult::FILE_CONFLICT: return "FILE_CONFLICT";
    case ImportResult::FILE_INTEGRITY: return "FILE_INTEGRITY";
    }
    return "";
}

FileRegister::Standing* FileRegister::same_identity(ImportedFile const& file) const
{
    for (auto const& standing : files_) {
        auto const& other = standing->file;
        if (standing->in_force && other.side == file.side && other.business_date == file.business_date &&
            overlap(other.parties, file.parties)) {
            return standing.get();
        }
    }
    return nullptr;
}

std::optional<std::string> FileRegister::find_damage(ImportedFile const& file, Standing const* superseded) const
{
    if (file.damage) return file.damage;
    if (file.side == Side::provider && !settings_.partner.empty() && !file.parties.empty() && !file.parties.contains(settings_.partner))
        return "the file is of partner " + *file.parties.begin() + ", not of " + settings_.partner;
    if (auto damage = find_line_damage(file)) return damage;
    for (auto const& b : file.balances) {
        if (auto damage = balance_damage(b)) return damage;
        for (auto const& standing : files_) {
            if (!standing->in_force || standing.get() == superseded || standing->file.side != Side::bank) continue;
            for (auto const& other : standing->file.balances) {
                if (other.account != b.account) continue;
                if (b.from == other.to.plus_days(1) && b.opening != other.closing) {
                    return "account " + b.account + ": opens with " + text(b.opening) + ", the statement before closed with " +
                           text(other.closing);
                }
                if (other.from == b.to.plus_days(1) && other.opening != b.closing) {
                    return "account " + b.account + ": closes with " + text(b.closing) + ", the statement after opened with " +
                           text(other.opening);
                }
            }
        }
    }
    return std::nullopt;
}

ImportResult FileRegister::hold(ImportedFile file, BreakClass kind, std::string why)
{
    held_.push_back({kind, file.name, std::move(why)});
    auto standing = std::make_unique<Standing>();
    standing->file = std::move(file);
    files_.push_back(std::move(standing));
    return kind == BreakClass::FILE_CONFLICT ? ImportResult::FILE_CONFLICT : ImportResult::FILE_INTEGRITY;
}

ImportResult FileRegister::import(ImportedFile file)
{
    if (!seen_.insert(file.digest).second) return ImportResult::DUPLICATE_FILE;
    auto* const standing = same_identity(file);
    if (auto damage = find_damage(file, standing)) return hold(std::move(file), BreakClass::FILE_INTEGRITY, *std::move(damage));
    if (standing && file.revision <= standing->file.revision) {
        auto const why = "other bytes for the day and revision that " + standing->file.name + " has";
        return hold(std::move(file), BreakClass::FILE_CONFLICT, why);
    }
    auto result = ImportResult::ACCEPTED;
    if (standing) {
        standing->in_force = false;  // old lines stay readable
        result = ImportResult::SUPERSEDES;
    } else if (file.side == Side::provider && file.received_at > settings_.due(file.business_date)) {
        result = ImportResult::ACCEPTED_LATE;
    }
    give_references(file);
    auto added = std::make_unique<Standing>();
    added->file = std::move(file);
    added->in_force = true;
    files_.push_back(std::move(added));
    return result;
}

RunInput FileRegister::input(Instant as_of) const
{
    RunInput input;
    input.as_of = as_of;
    input.held = held_;
    std::vector<ImportedFile const*> snapshots;
    for (auto const& standing : files_) {
        if (!standing->in_force) continue;
        auto const& file = standing->file;
        for (auto const& line : file.provider) input.provider.push_back(&line);
        for (auto const& entry : file.bank) input.bank.push_back(&entry);
        input.balances.insert(input.balances.end(), file.balances.begin(), file.balances.end());
        if (file.side == Side::provider) input.provider_days.insert(file.business_date);
        if (file.side == Side::bank && (!input.bank_covered_to || *input.bank_covered_to < file.business_date))
            input.bank_covered_to = file.business_date;
        if (file.side == Side::internal) snapshots.push_back(&file);
    }
    // A later snapshot knows better what an earlier one said of the same payment.
    std::ranges::sort(snapshots, [](auto const* a, auto const* b) { return a->business_date > b->business_date; });
    std::set<std::string_view> known;
    for (auto const* snapshot : snapshots) {
        for (auto const& record : snapshot->internal) {
            if (snapshots.size() == 1 || known.insert(record.payment_id).second) input.internal.push_back(&record);
        }
    }
    return input;
}

}  // namespace cho40::reconcile
