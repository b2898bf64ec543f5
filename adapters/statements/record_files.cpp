#include "adapters/statements/record_files.h"
#include "adapters/statements/fields.h"
#include "base/csv.h"

namespace cho40::statements {
namespace {

using reconcile::BankEntry;
using reconcile::Channel;
using reconcile::Direction;
using reconcile::InternalRecord;
using reconcile::InternalStatus;
using reconcile::Kind;

template <class T>
struct Word {
    std::string_view text;
    T value;
};

constexpr Word<Kind> kinds[] = {{"PAYMENT", Kind::payment}, {"REFUND", Kind::refund}};
constexpr Word<InternalStatus> statuses[] = {
    {"SUCCEEDED", InternalStatus::succeeded}, {"PENDING", InternalStatus::pending}, {"FAILED", InternalStatus::failed}};
constexpr Word<Channel> channels[] = {{"PSP", Channel::provider}, {"BANK", Channel::bank}};
constexpr Word<Direction> directions[] = {{"CRDT", Direction::credit}, {"DBIT", Direction::debit}};
constexpr Word<bool> flags[] = {{"0", false}, {"1", true}};

template <class T, std::size_t N>
Result<T> read_word(Word<T> const (&words)[N], std::string_view text)
{
    std::string known;
    for (auto const& word : words) {
        if (word.text == text) return word.value;
        known.append(known.empty() ? "" : ", ").append(word.text);
    }
    return fail(Errc::invalid_input, "must be one of " + known + ", not \"" + std::string(text.substr(0, 40)) + "\"");
}

template <class T, std::size_t N>
std::string word_of(Word<T> const (&words)[N], T value)
{
    for (auto const& word : words) {
        if (word.value == value) return std::string(word.text);
    }
    return {};
}

void append_row(std::string& out, std::initializer_list<std::string> cells)
{
    bool first = true;
    for (auto const& cell : cells) {
        if (!first) out += ',';
        first = false;
        out += csv_cell(cell);
    }
    out += '\n';
}

Result<InternalRecord> read_internal_row(CsvRows::Row const& row)
{
    enum { payment_id, type, parent_id, order_ref, provider_txn_id, amount_vnd, status, event_at, channel };
    InternalRecord r;
    auto const at = row.line();
    r.payment_id = row[payment_id];
    if (r.payment_id.empty()) return fail(at_line(Error(Errc::invalid_input, "must not be empty"), at, "payment_id"));
    r.parent_id = row[parent_id];
    r.order_ref = row[order_ref];
    r.provider_txn_id = row[provider_txn_id];
    CHO40_FIELD(r.kind, at, "type", read_word(kinds, row[type]));
    CHO40_FIELD(r.amount, at, "amount_vnd", read_dong(row[amount_vnd]));
    if (!r.amount.is_positive()) return fail(at_line(Error(Errc::invalid_input, "must be more than 0"), at, "amount_vnd"));
    CHO40_FIELD(r.status, at, "status", read_word(statuses, row[status]));
    CHO40_FIELD(r.event_at, at, "event_at", parse_rfc3339(row[event_at]));
    CHO40_FIELD(r.channel, at, "channel", read_word(channels, row[channel]));
    return r;
}

Result<BankEntry> read_bank_row(CsvRows::Row const& row)
{
    enum { account, entry_ref, booking_date, value_date, booked_at, direction, amount_vnd, reversal, counterparty, narrative };
    BankEntry e;
    auto const at = row.line();
    e.account = row[account];
    e.entry_ref = row[entry_ref];
    e.counterparty = row[counterparty];
    e.narrative = row[narrative];
    CHO40_FIELD(e.booking_date, at, "booking_date", Day::parse(row[booking_date]));
    e.value_date = e.booking_date;
    if (!row[value_date].empty()) CHO40_FIELD(e.value_date, at, "value_date", Day::parse(row[value_date]));
    e.booked_at = e.booking_date.begin();
    if (!row[booked_at].empty()) CHO40_FIELD(e.booked_at, at, "booked_at", parse_local_time(row[booked_at]));
    CHO40_FIELD(e.direction, at, "direction", read_word(directions, row[direction]));
    CHO40_FIELD(e.amount, at, "amount_vnd", read_dong(row[amount_vnd]));
    if (!e.amount.is_positive()) return fail(at_line(Error(Errc::invalid_input, "must be more than 0"), at, "amount_vnd"));
    CHO40_FIELD(e.reversal, at, "reversal", read_word(flags, row[reversal]));
    return e;
}

}  // namespace

CsvRecords<InternalRecord> internal_csv_reader(std::uint64_t bytes_in_all)
{
    return {{"payment_id", "type", "parent_id", "order_ref", "provider_txn_id", "amount_vnd", "status", "event_at", "channel"},
            read_internal_row,
            bytes_in_all};
}

Result<std::vector<InternalRecord>> read_internal_csv(std::string_view bytes)
{
    auto reader = internal_csv_reader();
    CHO_TRY_DO(reader.feed(bytes));
    return reader.finish();
}

std::string write_internal_csv(std::vector<InternalRecord> const& records)
{
    std::string out = "payment_id,type,parent_id,order_ref,provider_txn_id,amount_vnd,status,event_at,payer_key,channel\n";
    for (auto const& r : records) {
        append_row(out,
                   {r.payment_id.str(), word_of(kinds, r.kind), r.parent_id.str(), r.order_ref.str(), r.provider_txn_id.str(),
                    std::to_string(r.amount.count()), word_of(statuses, r.status), utc_text(r.event_at), "", word_of(channels, r.channel)});
    }
    return out;
}

CsvRecords<BankEntry> bank_csv_reader(std::uint64_t bytes_in_all)
{
    return {{"account", "entry_ref", "booking_date", "value_date", "booked_at", "direction", "amount_vnd", "reversal", "counterparty",
             "narrative"},
            read_bank_row,
            bytes_in_all};
}

Result<std::vector<BankEntry>> read_bank_csv(std::string_view bytes)
{
    auto reader = bank_csv_reader();
    CHO_TRY_DO(reader.feed(bytes));
    return reader.finish();
}

std::string write_bank_csv(std::vector<BankEntry> const& entries)
{
    std::string out = "account,entry_ref,booking_date,value_date,booked_at,direction,amount_vnd,reversal,counterparty,narrative\n";
    for (auto const& e : entries) {
        append_row(out, {e.account.str(), e.entry_ref.str(), e.booking_date.to_string(), e.value_date.to_string(),
                         to_local_time(e.booked_at), word_of(directions, e.direction), std::to_string(e.amount.count()),
                         word_of(flags, e.reversal), e.counterparty.str(), e.narrative.str()});
    }
    return out;
}

}  // namespace cho40::statements
