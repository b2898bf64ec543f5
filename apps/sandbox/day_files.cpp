#include "apps/sandbox/day_files.h"
#include "adapters/statements/camt_writer.h"
#include "adapters/statements/provider_file.h"
#include "apps/sandbox/rail_messages.h"
#include "base/check.h"
#include "base/digest.h"
#include "base/text.h"
#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace cho40::sandbox {
namespace {

using reconcile::BankEntry;
using reconcile::ProviderLine;

enum Draw : std::uint64_t { draw_hit = 101, draw_extra_amount, draw_extra_time };

constexpr Dong off_by{500};
constexpr auto settlement_hour = std::chrono::hours(9);

std::string compact(Day day)
{
    auto text = day.to_string();
    std::erase(text, '-');
    return text;
}

std::string short_hash(std::string_view text, std::size_t characters) { return to_ascii_upper(to_hex(sha256(text)).substr(0, characters)); }

std::uint64_t number_of(Day day) { return static_cast<std::uint64_t>(day.days_since(Day())); }

Dong fee_of(RailAccount const& account, Dong amount)
{
    auto const part = multiply_half_up(amount, account.fee_basis_points, 10'000);
    CHO_CHECK(part.has_value());  // at most the amount itself
    return Dong(std::min(amount.count(), part->count() + account.fee_fixed.count()));
}

Dong net_of(ProviderLine const& line)
{
    if (line.status != reconcile::LineStatus::success) return Dong();
    return Dong(reconcile::signed_amount(line.kind, line.amount).count() - line.fee.count());
}

// "bin/number" of a receiving account or of the account a transfer came to.
std::string key_of(auto const& of) { return of.bank_bin + "/" + of.account_number; }

BankEntry entry_of(std::string account_number, std::string reference, Instant at, Dong amount)
{
    BankEntry entry;
    entry.account = std::move(account_number);
    entry.entry_ref = std::move(reference);
    entry.booked_at = at;
    entry.booking_date = entry.value_date = Day::of(at);
    entry.direction = amount.count() < 0 ? reconcile::Direction::debit : reconcile::Direction::credit;
    entry.amount = Dong(amount.count() < 0 ? -amount.count() : amount.count());
    return entry;
}

// The bank takes an entry back a minute later, but not on another day.
BankEntry reversal_of(BankEntry const& taken)
{
    BankEntry entry = taken;
    entry.entry_ref = taken.entry_ref + "R";
    entry.booked_at = std::min(taken.booked_at + std::chrono::minutes(1), taken.booking_date.end() - std::chrono::seconds(1));
    entry.direction = taken.direction == reconcile::Direction::credit ? reconcile::Direction::debit : reconcile::Direction::credit;
    entry.reversal = true;
    entry.narrative = "HUY GD " + taken.entry_ref;
    return entry;
}

}  // namespace

std::string batch_of(RailAccount const& rail, std::string const& account_number, Day day)
{
    return fmt::format("{}{}B{}", to_ascii_upper(rail.rail), compact(day), short_hash(rail.id + "/" + account_number, 9));
}

Breaks DayFiles::breaks_of(Day day) const
{
    auto const found = breaks_.find(day);
    return found == breaks_.end() ? Breaks{} : found->second;
}

std::vector<DayFiles::DayTransfer> DayFiles::day_of(RailAccount const& account, Day day, bool with_mistakes) const
{
    std::set<std::string> ours;
    for (auto const& receiving : bank_.told_by(account.id)) ours.insert(key_of(receiving));
    std::vector<DayTransfer> out;
    for (auto const& transfer : bank_.transfers()) {
        bool const that_day = day.begin() <= transfer.booked_at && transfer.booked_at < day.end();
        if (that_day && ours.contains(key_of(transfer))) out.push_back({transfer, false, false, transfer.amount});
    }
    if (!with_mistakes) return out;

    std::vector<std::size_t> candidates;
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (out[i].transfer.flow == Flow::in && !out[i].transfer.failed) candidates.push_back(i);
    }
    std::ranges::sort(candidates, {}, [&](std::size_t i) { return bank_.dice().draw(draw_hit, out[i].transfer.number); });
    auto const breaks = breaks_of(day);
    auto next = candidates.begin();
    auto const hit = [&](int count, auto change) {
        for (; count > 0 && next != candidates.end(); --count, ++next) change(out[*next]);
    };
    hit(breaks.missing, [](DayTransfer& t) { t.missing = true; });
    hit(breaks.amount_off, [](DayTransfer& t) { t.amount = Dong(t.amount.count() + off_by.count()); });
    hit(breaks.reversed, [](DayTransfer& t) { t.reversed = true; });
    return out;
}

std::vector<ProviderLine> DayFiles::provider_lines(RailAccount const& account, Day day, int revision) const
{
    std::vector<ProviderLine> lines;
    bool const settles = account.channel == Channel::provider;
    auto const add = [&](std::string const& account_number, ProviderLine line) {
        line.file_id = fmt::format("{}-{}-{}-{}", to_ascii_upper(account.rail), short_hash(account.id, 6), compact(day), revision);
        line.line_no = static_cast<std::int64_t>(lines.size()) + 1;
        line.business_date = day;
        if (line.status == reconcile::LineStatus::success && line.kind == reconcile::Kind::payment) line.fee = fee_of(account, line.amount);
        line.net = net_of(line);
        if (settles) line.batch = batch_of(account, account_number, day);
        line.settlement_date = settles ? day.plus_days(1) : day;
        lines.push_back(std::move(line));
    };
    for (auto const& [transfer, missing, reversed, amount] : day_of(account, day, revision == 1)) {
        if (missing) continue;
        ProviderLine line;
        line.provider_txn_id = provider_transaction(account, transfer);
        line.order_ref = transfer.order_code;
        line.kind = transfer.flow == Flow::in ? reconcile::Kind::payment : reconcile::Kind::refund;
        line.amount = amount;
        line.status = transfer.failed ? reconcile::LineStatus::failed : reconcile::LineStatus::success;
        line.at = transfer.booked_at;
        add(transfer.account_number, std::move(line));
    }
    auto const accounts = bank_.told_by(account.id);
    if (revision != 1 || accounts.empty()) return lines;
    for (int i = 0; i < breaks_of(day).extra; ++i) {
        auto const which = number_of(day) * 1000 + static_cast<std::uint64_t>(i);
        ProviderLine line;
        line.provider_txn_id = "X" + short_hash(fmt::format("{}/{}/{}", account.id, which, bank_.dice().seed()), 15);
        line.amount = Dong(1000 * (1 + static_cast<std::int64_t>(bank_.dice().below(200, draw_extra_amount, which))));
        line.at = day.begin() + std::chrono::hours(8) + std::chrono::seconds(bank_.dice().below(36'000, draw_extra_time, which));
        add(accounts.front().account_number, std::move(line));
    }
    return lines;
}

std::string DayFiles::daily_file(RailAccount const& account, Day day, int revision) const
{
    return statements::write_provider_csv(provider_lines(account, day, revision));
}

DayFiles::EntriesByAccount DayFiles::transfer_entries(RailAccount const& rail, Day day) const
{
    EntriesByAccount out;
    for (auto const& [transfer, missing, reversed, amount] : day_of(rail, day, true)) {
        if (missing || transfer.failed) continue;
        auto entry = entry_of(transfer.account_number, transfer.reference, transfer.booked_at,
                              transfer.flow == Flow::in ? amount : Dong(-amount.count()));
        entry.counterparty = transfer.payer.name;
        entry.narrative = transfer.memo;
        auto& booked = out[key_of(transfer)];
        booked.push_back(entry);
        if (reversed) booked.push_back(reversal_of(entry));
    }
    auto const accounts = bank_.told_by(rail.id);
    for (int i = 0; i < breaks_of(day).extra && !accounts.empty(); ++i) {
        auto const which = number_of(day) * 1000 + static_cast<std::uint64_t>(i);
        Dong const amount(1000 * (1 + static_cast<std::int64_t>(bank_.dice().below(200, draw_extra_amount, which))));
        auto entry = entry_of(accounts.front().account_number,
                              "FTX" + short_hash(fmt::format("{}/{}", key_of(accounts.front()), which), 12),
                              day.begin() + std::chrono::hours(12), amount);
        entry.counterparty = "KHACH LE";
        entry.narrative = "KHACH LE chuyen tien";
        out[key_of(accounts.front())].push_back(std::move(entry));
    }
    return out;
}

DayFiles::EntriesByAccount DayFiles::settlement_entries(RailAccount const& rail, Day day) const
{
    auto const paid_on = day.plus_days(-1);
    std::map<std::string, std::int64_t> nets;  // by batch
    for (auto const& line : provider_lines(rail, paid_on, 1)) nets[line.batch.str()] += line.net.count();
    EntriesByAccount out;
    int to_reverse = breaks_of(day).reversed;
    for (auto const& account : bank_.told_by(rail.id)) {
        auto const batch = batch_of(rail, account.account_number, paid_on);
        auto const found = nets.find(batch);
        if (found == nets.end() || found->second == 0) continue;
        auto entry = entry_of(account.account_number, "FT" + short_hash(batch, 14), day.begin() + settlement_hour, Dong(found->second));
        entry.counterparty = rail.name;
        entry.narrative = fmt::format("{} thanh toan lo {}", rail.name, batch);
        auto& booked = out[key_of(account)];
        booked.push_back(entry);
        if (to_reverse-- > 0) booked.push_back(reversal_of(entry));
    }
    return out;
}

DayFiles::EntriesByAccount DayFiles::entries(RailAccount const& rail, Day day) const
{
    return rail.channel == Channel::bank ? transfer_entries(rail, day) : settlement_entries(rail, day);
}

Day DayFiles::first_day(Day day) const
{
    auto first = day;
    for (auto const& transfer : bank_.transfers()) first = std::min(first, Day::of(transfer.booked_at));
    if (!breaks_.empty()) first = std::min(first, breaks_.begin()->first);
    return first;
}

Result<std::string> DayFiles::camt053(RailAccount const& rail, Day day) const
{
    std::map<std::string, std::int64_t> moved;  // before the day, by account
    for (auto earlier = first_day(day); earlier < day; earlier = earlier.plus_days(1)) {
        for (auto const& [account, booked] : entries(rail, earlier)) {
            for (auto const& entry : booked) moved[account] += reconcile::signed_amount(entry.direction, entry.amount).count();
        }
    }
    auto today = entries(rail, day);
    std::vector<statements::AccountDays> out;
    for (auto const& account : bank_.told_by(rail.id)) {
        statements::AccountDays days;
        days.statement_id = fmt::format("{}-{}", account.account_number, compact(day));
        days.sequence = day.days_since(Day::from(day.year(), 1, 1)) + 1;
        days.created_at = day.end() + std::chrono::hours(1);
        days.account = account.account_number;
        days.from = days.to = day;
        days.opening = Dong(account.opening.count() + moved[key_of(account)]);
        days.entries = std::move(today[key_of(account)]);
        std::ranges::sort(days.entries, {},
                          [](BankEntry const& entry) { return std::pair(entry.booked_at, std::string_view(entry.entry_ref)); });
        out.push_back(std::move(days));
    }
    if (out.empty()) return fail(Errc::statement_missing, "the rail account tells of no receiving account");
    return statements::write_camt053(out);
}

}  // namespace cho40::sandbox
