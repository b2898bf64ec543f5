#include "adapters/statements/camt_bank_day.h"
#include <charconv>
#include <limits>

namespace cho40::statements {
namespace {

using reconcile::BankEntry;
using reconcile::Direction;
using reconcile::StatementBalance;

std::string at(int line) { return "line " + std::to_string(line); }

Direction direction_of(CamtDirection direction) { return direction == CamtDirection::credit ? Direction::credit : Direction::debit; }

Result<BankEntry> as_one_record(CamtStatement const& statement, CamtEntry const& entry)
{
    auto const date = entry.booked ? entry.booked : entry.value ? entry.value : statement.created;
    if (!date) return fail(Errc::invalid_input, "the entry has no booking date", at(entry.line));
    BankEntry record;
    record.account = statement.account;
    record.booking_date = date->day;
    record.booked_at = date->at.value_or(date->day.begin());
    record.value_date = entry.value ? entry.value->day : date->day;
    record.direction = direction_of(*entry.direction);
    record.currency = entry.amount->currency;
    record.reversal = entry.reversal;
    if (record.currency == "VND") { CHO_TRY(record.amount, entry.amount->value.to_dong()); }
    return record;
}

bool usable(CamtBalance const& balance) { return balance.amount && balance.direction && balance.amount->currency == "VND"; }

Result<Dong> signed_dong(CamtBalance const& balance)
{
    CHO_TRY(auto const value, balance.amount->value.to_dong());
    return reconcile::signed_amount(direction_of(*balance.direction), value);
}

// The two balances the booked entries lie between. On pages of a statement, and in some intraday reports, an interim
// balance (ITBD) stands for the opening or the closing one.
struct Between {
    CamtBalance const* opening = nullptr;
    CamtBalance const* closing = nullptr;
    bool whole_day = false;  // neither is interim
};

Between find_between(CamtStatement const& statement)
{
    CamtBalance const* opening = nullptr;
    CamtBalance const* previous = nullptr;
    CamtBalance const* closing = nullptr;
    CamtBalance const* first_interim = nullptr;
    CamtBalance const* last_interim = nullptr;
    for (auto const& balance : statement.balances) {
        if (!usable(balance)) continue;
        if (balance.code == "OPBD" && opening == nullptr) opening = &balance;
        if (balance.code == "PRCD" && previous == nullptr) previous = &balance;
        if (balance.code == "CLBD" && closing == nullptr) closing = &balance;
        if (balance.code != "ITBD") continue;
        if (first_interim == nullptr) first_interim = &balance;
        else last_interim = &balance;
    }
    if (opening == nullptr) opening = previous;
    if (opening != nullptr && closing != nullptr) return {opening, closing, true};
    if (opening != nullptr) return {opening, last_interim != nullptr ? last_interim : first_interim};
    return {first_interim, closing != nullptr ? closing : last_interim};
}

}  // namespace

void BankDayBuilder::note_day(Day day)
{
    if (!day_.last_day || *day_.last_day < day) day_.last_day = day;
}

void BankDayBuilder::note_damage(std::string what)
{
    if (!day_.damage) day_.damage = std::move(what);
}

void BankDayBuilder::note_wrong_sum(std::string what)
{
    // Told before a missing page: it cannot be mended by sending the rest.
    if (!day_.sums_disagree) day_.damage = std::move(what);
    day_.sums_disagree = true;
}

// A part of a day is not the day: what is missing would look like money that never came.
void BankDayBuilder::follow_pages(CamtStatement const& statement)
{
    if (!statement.last_page) return;
    int page = 0;
    std::from_chars(statement.page.data(), statement.page.data() + statement.page.size(), page);
    auto const next = pages_.try_emplace(statement.account, 1).first;
    if (page != next->second) {
        note_damage("the statement of account " + statement.account + " at line " + std::to_string(statement.line) + " is page " +
                    statement.page + "; page " + std::to_string(next->second) + " is missing before it");
    }
    if (*statement.last_page) pages_.erase(next);
    else next->second = page < std::numeric_limits<int>::max() ? page + 1 : page;
}

BankDay& BankDayBuilder::conclude()
{
    for (auto const& [account, page] : pages_) {
        note_damage("the last page of the statement of account " + account + " is missing: page " + std::to_string(page));
    }
    return day_;
}

bool BankDayBuilder::was_told(CamtEntry const& entry, BankEntry const& record)
{
    auto const report = day_.statements.size();
    auto const& reference = !entry.servicer_ref.empty() || entry.transactions.size() != 1 ? entry.servicer_ref
                                                                                          : entry.transactions.front().servicer_ref;
    if (reference.empty()) {
        // Two equal amounts may be one entry told twice or two entries; nothing here may guess.
        if (day_.accounts.contains(record.account.str())) {
            note_damage("the entry at line " + std::to_string(entry.line) +
                        " has no reference of the bank, so it cannot be told from one of an earlier report of account " + record.account);
        }
        return false;
    }
    Told key{record.account.str(),  reference,       record.direction,   record.amount.count(),
             record.currency.str(), record.reversal, record.booking_date};
    auto const [it, fresh] = told_.emplace(std::move(key), report);
    return !fresh && it->second != report;
}

Result<Done> BankDayBuilder::entry(CamtMessage const& message, CamtStatement const& statement, CamtEntry entry)
{
    if (!entry.booked_money()) {
        ++day_.pending;
        return Done{};
    }
    CHO_TRY(auto record, as_one_record(statement, entry));
    ++day_.booked;
    (record.direction == Direction::credit ? credits_ : debits_).add(record.amount);
    note_day(record.booking_date);
    if (message.type == "camt.052" && was_told(entry, record)) {
        ++day_.repeated;
        return Done{};
    }
    auto payments = payments_of(entry, std::move(record));
    if (payments.damage) note_wrong_sum(*std::move(payments.damage));
    for (auto& payment : payments.records) {
        if (sink_) sink_(std::move(payment));
        else day_.entries.push_back(std::move(payment));
    }
    return Done{};
}

Result<Done> BankDayBuilder::statement(CamtMessage const& message, CamtStatement const& statement)
{
    day_.message = message;
    day_.accounts.insert(statement.account);
    day_.statements.push_back({statement.account, statement.line});
    if (statement.to) note_day(statement.to->day);
    if (message.type == "camt.053") follow_pages(statement);
    auto done = take_balances(message, statement);
    credits_ = debits_ = reconcile::Sum();
    return done;
}

Result<Done> BankDayBuilder::take_balances(CamtMessage const& message, CamtStatement const& statement)
{
    auto const between = find_between(statement);
    if (between.opening == nullptr || between.closing == nullptr) return Done{};
    StatementBalance b;
    b.account = statement.account;
    CHO_TRY(b.opening, signed_dong(*between.opening));
    CHO_TRY(b.closing, signed_dong(*between.closing));
    CHO_TRY(b.credits, credits_.total());
    CHO_TRY(b.debits, debits_.total());
    if (between.whole_day) {
        auto const& from = statement.from ? statement.from : between.opening->date;
        auto const& to = statement.to ? statement.to : between.closing->date;
        if (!from || !to) return fail(Errc::invalid_input, "the statement does not say which days it covers", at(statement.line));
        b.from = from->day;
        b.to = to->day;
        day_.balances.push_back(b);
    } else if (message.type == "camt.052" && between.opening->code != "ITBD") {
        return Done{};  // an intraday report may hold only what is new since the last one
    }
    CHO_TRY(auto const in, cho40::add(b.opening, b.credits));
    CHO_TRY(auto const sum, subtract(in, b.debits));
    if (sum != b.closing) {
        note_wrong_sum("account " + b.account + ": opening " + std::to_string(b.opening.count()) + " and the booked entries make " +
                       std::to_string(sum.count()) + ", but closing is " + std::to_string(b.closing.count()));
    }
    return Done{};
}

Result<BankDay> read_bank_day(std::string_view bytes)
{
    BankDayBuilder builder;
    CHO_TRY_DO(read_camt(bytes, builder));
    return std::move(builder.conclude());
}

}  // namespace cho40::statements
