#include "adapters/statements/camt_bank_day.h"
#include "base/text.h"
#include "reconcile/sum.h"

namespace cho40::statements {
namespace {

using reconcile::BankEntry;
using reconcile::Direction;
using reconcile::StatementBalance;

std::string at(int line) { return "line " + std::to_string(line); }

Direction direction_of(CamtDirection direction) { return direction == CamtDirection::credit ? Direction::credit : Direction::debit; }

void append_field(std::string& narrative, std::string_view field)
{
    field = trim(field);
    if (field.empty() || field == "NOTPROVIDED") return;
    if (!narrative.empty()) narrative += '\n';
    narrative += field;
}

bool names_itself(CamtTransaction const& tx, CamtEntry const& entry)
{
    return !tx.servicer_ref.empty() && tx.servicer_ref != entry.servicer_ref;
}

// The payments of a batch entry, when each has its own amount in VND.
bool is_batch(CamtEntry const& entry)
{
    if (entry.transactions.size() < 2 || entry.amount->currency != "VND") return false;
    return std::ranges::all_of(entry.transactions, [](CamtTransaction const& tx) { return tx.amount && tx.amount->currency == "VND"; });
}

Result<Dong> dong(CamtAmount const& amount, int line)
{
    if (amount.currency != "VND") return Dong();
    auto value = amount.value.to_dong();
    if (!value) return fail(Errc::invalid_input, value.error().detail, at(line));
    return *value;
}

class Conversion {
public:
    explicit Conversion(BankDay& day) : day_(day) {}

    Result<Done> add(CamtStatement const& statement)
    {
        day_.accounts.insert(statement.account);
        credits_ = reconcile::Sum();
        debits_ = reconcile::Sum();
        for (auto const& entry : statement.entries) {
            if (!entry.booked_money()) {
                ++day_.pending;
                continue;
            }
            CHO_TRY_DO(add(statement, entry));
        }
        if (statement.to) note_day(statement.to->day);
        return add_balance(statement);
    }

private:
    void note_day(Day day)
    {
        if (!day_.last_day || *day_.last_day < day) day_.last_day = day;
    }

    void note_damage(std::string what)
    {
        if (!day_.damage) day_.damage = std::move(what);
    }

    Result<Done> add(CamtStatement const& statement, CamtEntry const& entry)
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
        CHO_TRY(record.amount, dong(*entry.amount, entry.line));
        (record.direction == Direction::credit ? credits_ : debits_).add(record.amount);
        note_day(record.booking_date);
        if (is_batch(entry)) return add_parts(entry, std::move(record));
        record.entry_ref = entry.servicer_ref;
        if (record.entry_ref.empty() && entry.transactions.size() == 1) record.entry_ref = entry.transactions.front().servicer_ref;
        record.counterparty = counterparty_of(entry);
        record.narrative = narrative_of(entry);
        day_.entries.push_back(std::move(record));
        return Done{};
    }

    Result<Done> add_parts(CamtEntry const& entry, BankEntry const& whole)
    {
        reconcile::Sum sum;
        std::set<std::string> refs;
        std::size_t number = 0;
        for (auto const& tx : entry.transactions) {
            auto part = whole;
            ++number;
            CHO_TRY(part.amount, dong(*tx.amount, entry.line));
            sum.add(part.amount);
            if (names_itself(tx, entry) && refs.insert(tx.servicer_ref).second) {
                part.entry_ref = tx.servicer_ref;
            } else if (!entry.servicer_ref.empty()) {
                part.entry_ref = entry.servicer_ref + "/" + std::to_string(number);
            }
            part.counterparty = whole.direction == Direction::credit ? tx.debtor : tx.creditor;
            part.narrative = narrative_of(tx);
            append_field(part.narrative, entry.additional);
            day_.entries.push_back(std::move(part));
        }
        auto const total = sum.total();
        if (!total || *total != whole.amount) {
            note_damage("the entry at line " + std::to_string(entry.line) + " is " + std::to_string(whole.amount.count()) +
                        ", but its payments add up to " + (total ? std::to_string(total->count()) : "too much"));
        }
        return Done{};
    }

    Result<Done> add_balance(CamtStatement const& statement)
    {
        auto const find = [&](std::initializer_list<std::string_view> codes) -> CamtBalance const* {
            for (auto code : codes) {
                for (auto const& b : statement.balances) {
                    if (b.code == code && b.amount && b.direction && b.amount->currency == "VND") return &b;
                }
            }
            return nullptr;
        };
        auto const* const opening = find({"OPBD", "PRCD"});
        auto const* const closing = find({"CLBD"});
        if (opening == nullptr || closing == nullptr) return Done{};
        StatementBalance b;
        b.account = statement.account;
        CHO_TRY(auto const open, dong(*opening->amount, statement.line));
        CHO_TRY(auto const close, dong(*closing->amount, statement.line));
        b.opening = reconcile::signed_amount(direction_of(*opening->direction), open);
        b.closing = reconcile::signed_amount(direction_of(*closing->direction), close);
        CHO_TRY(b.credits, credits_.total());
        CHO_TRY(b.debits, debits_.total());
        auto const& from = statement.from ? statement.from : opening->date;
        auto const& to = statement.to ? statement.to : closing->date;
        if (!from || !to) return fail(Errc::invalid_input, "the statement does not say which days it covers", at(statement.line));
        b.from = from->day;
        b.to = to->day;
        day_.balances.push_back(b);
        CHO_TRY(auto const in, cho40::add(b.opening, b.credits));
        CHO_TRY(auto const sum, subtract(in, b.debits));
        if (sum != b.closing) {
            note_damage("account " + b.account + ": opening " + std::to_string(b.opening.count()) + " and the booked entries make " +
                        std::to_string(sum.count()) + ", but closing is " + std::to_string(b.closing.count()));
        }
        return Done{};
    }

    BankDay& day_;
    reconcile::Sum credits_, debits_;
};

}  // namespace

std::string counterparty_of(CamtEntry const& entry)
{
    for (auto const& tx : entry.transactions) {
        auto const& name = entry.direction == CamtDirection::credit ? tx.debtor : tx.creditor;
        if (!name.empty()) return name;
    }
    return {};
}

std::string narrative_of(CamtTransaction const& tx)
{
    std::string joined;
    for (auto const& part : tx.unstructured) joined += part;
    std::string narrative;
    append_field(narrative, joined);
    for (auto const& ref : tx.structured) append_field(narrative, ref);
    append_field(narrative, tx.additional);
    append_field(narrative, tx.end_to_end_id);
    return narrative;
}

std::string narrative_of(CamtEntry const& entry)
{
    std::string narrative;
    for (auto const& tx : entry.transactions) append_field(narrative, narrative_of(tx));
    append_field(narrative, entry.additional);
    return narrative;
}

Result<BankDay> to_bank_day(CamtDocument const& document)
{
    BankDay day;
    Conversion conversion(day);
    for (auto const& statement : document.statements) CHO_TRY_DO(conversion.add(statement));
    return day;
}

}  // namespace cho40::statements
