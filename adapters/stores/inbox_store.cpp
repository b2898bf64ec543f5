#include "adapters/stores/inbox_store.h"
#include "adapters/stores/row_readers.h"
#include <algorithm>
#include <map>
#include <set>

namespace cho40::stores {
namespace {

using boost::asio::awaitable;
using postgres::Bytea;
using postgres::Json;
using postgres::Params;
using postgres::Segment;
using postgres::Statement;
using postgres::to_result;
using qr_pay::KeptNotification;
using qr_pay::Notification;

// What was told before stays as it was: the row that is there answers with an id that is not the new one's.
constexpr Statement insert_inbox{
    "inbox_insert",
    "INSERT INTO rail_inbox (book_id, inbox_id, rail_account_id, received_at, headers, body, told_key, provider_id, direction, amount, "
    "booked_at, account_number, virtual_account, bank_reference, narrative, payer_name, payer_account, payer_bank, provider_order, "
    "order_code, balance, repeats) "
    "SELECT * FROM unnest($1::int8[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::jsonb[], $6::bytea[], $7::bytea[], $8::text[], "
    "$9::int2[], $10::int8[], $11::timestamptz[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[], "
    "$18::text[], $19::text[], $20::text[], $21::int8[], $22::int4[]) "
    "ON CONFLICT (book_id, rail_account_id, told_key) DO UPDATE SET repeats = rail_inbox.repeats + 1 + EXCLUDED.repeats "
    "RETURNING inbox_id, book_id, rail_account_id, told_key, "
    "EXISTS (SELECT FROM rail_match m WHERE m.book_id = rail_inbox.book_id AND m.inbox_id = rail_inbox.inbox_id)"};
#define CHO40_INBOX_COLUMNS                                                                                                                \
    "n.book_id, n.inbox_id, n.rail_account_id, n.received_at, r.rail, n.provider_id, n.direction, n.amount, n.booked_at, "                 \
    "n.account_number, n.virtual_account, n.bank_reference, n.narrative, n.payer_name, n.payer_account, n.payer_bank, n.provider_order, "  \
    "n.order_code, n.balance "
#define CHO40_INBOX_RAIL "JOIN rail_account r ON r.book_id = n.book_id AND r.rail_account_id = n.rail_account_id "
constexpr Statement select_told{"inbox_select_told", "SELECT n.book_id, n.rail_account_id, n.told_key FROM rail_inbox n "
                                                     "JOIN unnest($1::int8[], $2::uuid[], $3::bytea[]) AS u(b, a, k) "
                                                     "ON n.book_id = u.b AND n.rail_account_id = u.a AND n.told_key = u.k"};
constexpr Statement select_unmatched{
    "inbox_select_unmatched",
    "SELECT " CHO40_INBOX_COLUMNS "FROM rail_inbox n " CHO40_INBOX_RAIL
    "WHERE n.received_at >= $1 AND n.received_at < $2 AND (n.received_at, n.inbox_id) > ($3, $4) AND n.told_key IS NOT NULL "
    "AND NOT EXISTS (SELECT FROM rail_match m WHERE m.book_id = n.book_id AND m.inbox_id = n.inbox_id) "
    "ORDER BY n.received_at, n.inbox_id LIMIT $5"};
constexpr Statement select_matchable{
    "inbox_select_matchable",
    "SELECT " CHO40_INBOX_COLUMNS
    "FROM rail_match m JOIN rail_inbox n ON n.book_id = m.book_id AND n.inbox_id = m.inbox_id " CHO40_INBOX_RAIL
    "WHERE m.outcome IN ('unknown_account', 'series_exhausted') AND (m.outcome = 'series_exhausted' OR EXISTS (SELECT FROM "
    "receiving_account a WHERE a.book_id = n.book_id AND (a.account_number IN (n.account_number, n.virtual_account) "
    "OR (a.provider_account = n.account_number AND a.provider_account <> ''))) OR EXISTS (SELECT FROM "
    "payment_request p WHERE p.book_id = n.book_id AND p.virtual_account = n.account_number AND p.virtual_account <> '')) "
    "ORDER BY m.matched_at LIMIT $1"};
constexpr Statement select_matched_until{"inbox_select_matched_until", "SELECT matched_until FROM rail_sweep"};
constexpr Statement update_matched_until{
    "inbox_update_matched_until", "INSERT INTO rail_sweep AS s (matched_until) VALUES ($1) "
                                  "ON CONFLICT (only_row) DO UPDATE SET matched_until = greatest(s.matched_until, EXCLUDED.matched_until)"};

// A message that was on its way between two instances, or in a batch, when the search went by. Longer than any deadline of one.
constexpr auto slack = std::chrono::minutes(1);

Notification read_notification(postgres::Row const& row)
{
    auto const direction = row.get<std::int16_t>(6) == 1 ? qr_pay::Direction::in : qr_pay::Direction::out;
    qr_pay::BankCredit credit(row.get<std::string>(4), row.get<std::string>(5), row.get<std::string>(9), direction, row.get<Dong>(7),
                              row.get<Instant>(8));
    credit.virtual_account = row.get<std::string>(10);
    credit.bank_reference = row.get<std::string>(11);
    credit.memo = row.get<std::string>(12);
    credit.payer_name = row.get<std::string>(13);
    credit.payer_account = row.get<std::string>(14);
    credit.payer_bank = row.get<std::string>(15);
    credit.provider_order = row.get<std::string>(16);
    credit.order_code = row.get<std::string>(17);
    credit.balance = row.get<std::optional<Dong>>(18);
    Notification notification(ledger::BookId{row.get<std::int64_t>(0)}, row.get<Id<qr_pay::InboxTag>>(1),
                              row.get<Id<qr_pay::RailAccountTag>>(2), std::move(credit));
    notification.received_at = row.get<Instant>(3);
    return notification;
}

// What one rail account says once.
using Said = std::tuple<std::int64_t, Uuid, Sha256>;
Said said_by(Notification const& n) { return {n.book.value, n.rail_account.uuid, told_key(n.credit)}; }

struct Kept {
    Notification const* notification;
    std::int32_t repeats = 0;  // in this batch
};

template <class T, class Get>
std::vector<T> column_of(std::vector<Kept> const& rows, Get get)
{
    std::vector<T> values;
    values.reserve(rows.size());
    for (auto const& row : rows) values.push_back(get(*row.notification));
    return values;
}

Params columns(std::vector<Kept> const& rows, std::vector<Sha256> const& keys)
{
    auto const text = [&](std::string qr_pay::BankCredit::* member) {
        return column_of<std::string_view>(rows, [member](Notification const& n) { return std::string_view(n.credit.*member); });
    };
    std::vector<std::int32_t> repeats;
    for (auto const& row : rows) repeats.push_back(row.repeats);
    Params p;
    p.add(column_of<std::int64_t>(rows, [](auto const& n) { return n.book.value; }));
    p.add(column_of<Uuid>(rows, [](auto const& n) { return n.id.uuid; }));
    p.add(column_of<Uuid>(rows, [](auto const& n) { return n.rail_account.uuid; }));
    p.add(column_of<Instant>(rows, [](auto const& n) { return n.received_at; }));
    p.add(column_of<Json>(rows, [](auto const& n) { return Json(n.headers); }));
    p.add(column_of<Bytea>(rows, [](auto const& n) { return Bytea(n.body); }));
    p.add(keys);
    p.add(text(&qr_pay::BankCredit::provider_id));
    p.add(column_of<std::int16_t>(rows, [](auto const& n) { return std::int16_t(n.credit.direction == qr_pay::Direction::in ? 1 : 2); }));
    p.add(column_of<Dong>(rows, [](auto const& n) { return n.credit.amount; }));
    p.add(column_of<Instant>(rows, [](auto const& n) { return n.credit.booked_at; }));
    p.add(text(&qr_pay::BankCredit::account_number)).add(text(&qr_pay::BankCredit::virtual_account));
    p.add(text(&qr_pay::BankCredit::bank_reference)).add(text(&qr_pay::BankCredit::memo));
    p.add(text(&qr_pay::BankCredit::payer_name)).add(text(&qr_pay::BankCredit::payer_account)).add(text(&qr_pay::BankCredit::payer_bank));
    p.add(text(&qr_pay::BankCredit::provider_order)).add(text(&qr_pay::BankCredit::order_code));
    p.add(column_of<std::optional<Dong>>(rows, [](auto const& n) { return n.credit.balance; }));
    p.add(repeats);
    return p;
}

}  // namespace

awaitable<Result<std::vector<KeptNotification>>> InboxStore::keep(std::vector<Notification const*> notifications)
{
    // In one order for every instance, so that two that were told the same do not wait for each other; and one statement changes
    // a row once, so what is there twice is sent once.
    std::map<Said, Kept> distinct;
    std::vector<Said> said;
    for (auto const* n : notifications) {
        said.push_back(said_by(*n));
        auto const [it, is_new] = distinct.try_emplace(said.back(), Kept{n});
        if (!is_new) ++it->second.repeats;
    }
    std::vector<Kept> rows;
    std::vector<Sha256> keys;
    for (auto const& [key, kept] : distinct) {
        rows.push_back(kept);
        keys.push_back(std::get<2>(key));
    }
    Segment segment;
    segment.add_step(insert_inbox, columns(rows, keys));
    segment.idempotent();
    CHO_CO_TRY(auto const replies, to_result(co_await pool_.write(std::move(segment))));
    std::map<Said, KeptNotification> stands;
    for (auto const row : replies[0]) {
        stands[{row.get<std::int64_t>(1), row.get<Uuid>(2), row.get<Sha256>(3)}] = {row.get<Id<qr_pay::InboxTag>>(0), row.get<bool>(4)};
    }
    std::vector<KeptNotification> answers;
    for (auto const& what : said) answers.push_back(stands.at(what));
    co_return answers;
}

awaitable<Result<std::vector<bool>>> InboxStore::are_told(std::vector<Notification const*> notifications)
{
    std::vector<Said> said;
    std::vector<std::int64_t> books;
    std::vector<Uuid> accounts;
    std::vector<Sha256> keys;
    for (auto const* n : notifications) {
        said.push_back(said_by(*n));
        books.push_back(n->book.value);
        accounts.push_back(n->rail_account.uuid);
        keys.push_back(std::get<2>(said.back()));
    }
    Params params(books, accounts, keys);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(select_told, std::move(params))));
    std::set<Said> told;
    for (auto const row : rows) told.emplace(row.get<std::int64_t>(0), row.get<Uuid>(1), row.get<Sha256>(2));
    std::vector<bool> answers;
    for (auto const& what : said) answers.push_back(told.contains(what));
    co_return answers;
}

awaitable<Result<std::vector<Notification>>> InboxStore::unmatched(Instant arrived_before, qr_pay::InboxPlace place, std::size_t limit)
{
    if (!matched_until_) {
        CHO_CO_TRY(auto const known, to_result(co_await pool_.read_one(select_matched_until, Params())));
        matched_until_ = written_until_ = known.empty() ? Instant() : known[0].get<Instant>(0);
    }
    bool const from_the_oldest = place.received_at == Instant();
    Params params(std::max(*matched_until_, place.received_at), arrived_before, place.received_at, place.id,
                  static_cast<std::int64_t>(limit));
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(select_unmatched, std::move(params))));
    if (rows.empty() && from_the_oldest && arrived_before - slack > *matched_until_)
        CHO_CO_TRY_DO(co_await note_matched_until(arrived_before - slack));
    co_return read_all(rows, read_notification);
}

// Written down once a minute: it only saves the next instance from looking at what is long done.
awaitable<Result<Done>> InboxStore::note_matched_until(Instant until)
{
    matched_until_ = until;
    if (until - written_until_ < slack) co_return Done{};
    Segment segment;
    segment.add(update_matched_until, until);
    segment.idempotent();
    CHO_CO_TRY_DO(to_result(co_await pool_.write(std::move(segment))));
    written_until_ = until;
    co_return Done{};
}

awaitable<Result<std::vector<Notification>>> InboxStore::matchable_now(std::size_t limit)
{
    Params params(static_cast<std::int64_t>(limit));
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(select_matchable, std::move(params))));
    co_return read_all(rows, read_notification);
}

}  // namespace cho40::stores
