#include "adapters/stores/national_store.h"
#include "adapters/stores/row_readers.h"
#include "base/digest.h"

namespace cho40::stores {
namespace {

using boost::asio::awaitable;
using fees::NationalPayment;
using postgres::Bytea;
using postgres::Params;
using postgres::Row;
using postgres::Statement;
using postgres::to_result;

#define CHO40_PLATFORM_SELECT                                                                                                              \
    "SELECT book_id, rail_account_id, agency_id, partner, url, ip, sealed_secret, previous_secret, previous_until, sealed_token, "         \
    "enabled, created_at, changed_at, version FROM national_platform "
constexpr Statement platform_of_agency{"nat_platform_of_agency", CHO40_PLATFORM_SELECT "WHERE book_id = $1 AND agency_id = $2"};
constexpr Statement platform_by_rail{"nat_platform_by_rail", CHO40_PLATFORM_SELECT "WHERE rail_account_id = $1"};

#define CHO40_ATTEMPT_COLUMNS                                                                                                              \
    "t.book_id, t.attempt_id, t.agency_id, t.notice_id, t.payment_id, r.code, t.rail_account_id, t.reference, t.sent_time, t.amount, "     \
    "t.state, t.reason, t.pay_url, t.transaction_no, t.bank, t.called_at, t.paid_at, t.booked, t.has_bill, t.created_at, t.since, "        \
    "t.version "
#define CHO40_ATTEMPT_SELECT                                                                                                               \
    "SELECT " CHO40_ATTEMPT_COLUMNS                                                                                                        \
    "FROM national_payment t JOIN payment_request r ON r.book_id = t.book_id AND r.payment_id = t.payment_id "
constexpr Statement find_attempt{"nat_find", CHO40_ATTEMPT_SELECT "WHERE t.attempt_id = $1"};
constexpr Statement find_by_reference{"nat_find_by_reference", CHO40_ATTEMPT_SELECT "WHERE t.rail_account_id = $1 AND t.reference = $2"};
constexpr Statement list_of_notice{"nat_of_notice", CHO40_ATTEMPT_SELECT
                                   "WHERE t.book_id = $1 AND t.notice_id = $2 ORDER BY t.created_at DESC, t.attempt_id DESC LIMIT 50"};
constexpr Statement count_open{"nat_count_open",
                               "SELECT count(*) FROM national_payment WHERE book_id = $1 AND notice_id = $2 AND state IN (1, 2)"};
constexpr Statement take{"nat_take_turn",
                         "WITH due AS (SELECT d.book_id, d.attempt_id FROM national_payment d WHERE d.look_at <= $1 AND d.turn_until <= $1 "
                         "ORDER BY d.look_at LIMIT 1 FOR UPDATE SKIP LOCKED), "
                         "taken AS (UPDATE national_payment t SET turn_until = $2, looks = t.looks + 1 FROM due "
                         "WHERE t.book_id = due.book_id AND t.attempt_id = due.attempt_id RETURNING t.*) "
                         "SELECT " CHO40_ATTEMPT_COLUMNS
                         "FROM taken t JOIN payment_request r ON r.book_id = t.book_id AND r.payment_id = t.payment_id"};
// What changed the attempt meanwhile has said itself when it is looked at next.
constexpr Statement end{"nat_end_turn", "UPDATE national_payment SET turn_until = '-infinity', look_at = $4, last_said = $5 "
                                        "WHERE book_id = $1 AND attempt_id = $2 AND turn_until = $3 AND version = $6"};
constexpr Statement find_bill{"nat_find_bill",
                              "SELECT bytes, sha256, fetched_at FROM national_bill WHERE book_id = $1 AND attempt_id = $2"};
constexpr Statement count_waiting{
    "nat_count_waiting", "SELECT count(*) FILTER (WHERE state IN (1, 2)), count(*) FILTER (WHERE state = 3 AND NOT booked), "
                         "min(since) FILTER (WHERE state IN (1, 2) OR NOT booked) FROM national_payment WHERE look_at IS NOT NULL"};

constexpr Statement write_platforms{
    "nat_write_platforms",
    "WITH u AS (SELECT * FROM unnest($1::int8[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::bytea[], "
    "$9::timestamptz[], $10::bytea[], $11::bool[], $12::timestamptz[], $13::timestamptz[], $14::int8[]) "
    "AS x(b, r, a, p, u, ip, s, ps, pu, t, e, c, ch, v)), "
    "rails AS (INSERT INTO rail_account (book_id, rail_account_id, rail, name, channel, sealed_secret, created_at, own_module) "
    "SELECT b, r, 'dvcqg', 'Cổng thanh toán quốc gia', 1, ''::bytea, c, true FROM u WHERE v = 1 "
    "ON CONFLICT (book_id, rail_account_id) DO NOTHING), "
    // fees::national_account_number()
    "accounts AS (INSERT INTO receiving_account (book_id, receiving_account_id, owner_kind, owner_id, owner_ordinal, bank_bin, "
    "account_number, holder_name, channel, created_at) "
    "SELECT u.b, u.r, 2, u.a, g.owner_ordinal, '', 'DVCQG-' || g.code, g.name, 1, u.c FROM u "
    "JOIN agency g ON g.book_id = u.b AND g.agency_id = u.a WHERE u.v = 1 ON CONFLICT DO NOTHING) "
    "INSERT INTO national_platform (book_id, rail_account_id, agency_id, partner, url, ip, sealed_secret, previous_secret, "
    "previous_until, sealed_token, enabled, created_at, changed_at, version) SELECT b, r, a, p, u, ip, s, ps, pu, t, e, c, ch, v FROM u "
    "ON CONFLICT (book_id, agency_id) DO UPDATE SET partner = excluded.partner, url = excluded.url, ip = excluded.ip, "
    "sealed_secret = excluded.sealed_secret, previous_secret = excluded.previous_secret, previous_until = excluded.previous_until, "
    "sealed_token = excluded.sealed_token, enabled = excluded.enabled, changed_at = excluded.changed_at, version = excluded.version"};
constexpr Statement insert_attempts{
    "nat_insert", "INSERT INTO national_payment (book_id, attempt_id, agency_id, notice_id, payment_id, rail_account_id, reference, "
                  "sent_time, amount, state, created_at, since, version, look_at) "
                  "SELECT * FROM unnest($1::int8[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], "
                  "$9::int8[], $10::int2[], $11::timestamptz[], $12::timestamptz[], $13::int8[], $14::timestamptz[])"};
// Every change goes through the ledger's writer under a version guard, so the newest row of a batch wins. A change ends the turn.
constexpr Statement update_attempts{
    "nat_update",
    "UPDATE national_payment t SET state = u.s, reason = u.r, pay_url = u.p, transaction_no = u.n, bank = u.k, called_at = u.c, "
    "paid_at = u.pa, booked = u.o, has_bill = u.h, since = u.m, version = u.v, look_at = u.l, turn_until = '-infinity' "
    "FROM (SELECT DISTINCT ON (b, i) * FROM unnest($1::int8[], $2::uuid[], $3::int2[], $4::text[], $5::text[], $6::text[], $7::text[], "
    "$8::timestamptz[], $9::timestamptz[], $10::bool[], $11::bool[], $12::timestamptz[], $13::int8[], $14::timestamptz[]) "
    "AS x(b, i, s, r, p, n, k, c, pa, o, h, m, v, l) ORDER BY b, i, v DESC) u WHERE t.book_id = u.b AND t.attempt_id = u.i"};
constexpr Statement insert_bills{"nat_insert_bills",
                                 "INSERT INTO national_bill (book_id, attempt_id, sha256, bytes, fetched_at) "
                                 "SELECT * FROM unnest($1::int8[], $2::uuid[], $3::bytea[], $4::bytea[], $5::timestamptz[])"};

NationalPlatform read_platform(Row const& row)
{
    NationalPlatform p;
    p.book = ledger::BookId{row.get<std::int64_t>(0)};
    p.rail_account = row.get<Id<qr_pay::RailAccountTag>>(1);
    p.agency = row.get<Id<fees::Agency>>(2);
    p.partner = row.get<std::string>(3);
    p.url = row.get<std::string>(4);
    p.ip = row.get<std::string>(5);
    p.sealed_secret = row.get<Bytea>(6).bytes;
    if (!row.is_null(7)) p.previous = NationalPlatform::PreviousSecret{row.get<Bytea>(7).bytes, row.get<Instant>(8)};
    p.sealed_token = row.get<Bytea>(9).bytes;
    p.enabled = row.get<bool>(10);
    p.created_at = row.get<Instant>(11);
    p.changed_at = row.get<Instant>(12);
    p.version = row.get<std::int64_t>(13);
    return p;
}

NationalPayment read_attempt(Row const& row)
{
    NationalPayment p;
    int c = 0;
    p.book = ledger::BookId{row.get<std::int64_t>(c++)};
    p.id = row.get<Id<NationalPayment>>(c++);
    p.agency = row.get<Id<fees::Agency>>(c++);
    p.notice = row.get<Id<fees::FeeNotice>>(c++);
    p.request = row.get<Id<qr_pay::PaymentRequest>>(c++);
    p.order_code = row.get<std::string>(c++);
    p.rail_account = row.get<Id<qr_pay::RailAccountTag>>(c++);
    p.reference = row.get<std::string>(c++);
    p.sent_time = row.get<std::string>(c++);
    p.amount = row.get<Dong>(c++);
    p.state = static_cast<fees::NationalState>(row.get<std::int16_t>(c++));
    p.reason = row.get<std::string>(c++);
    p.pay_url = row.get<std::string>(c++);
    p.transaction = row.get<std::string>(c++);
    p.bank = row.get<std::string>(c++);
    p.called_at = row.get<std::optional<Instant>>(c++);
    p.paid_at = row.get<std::optional<Instant>>(c++);
    p.is_booked = row.get<bool>(c++);
    p.has_bill = row.get<bool>(c++);
    p.created_at = row.get<Instant>(c++);
    p.since = row.get<Instant>(c++);
    p.version = row.get<std::int64_t>(c++);
    return p;
}

}  // namespace

awaitable<Result<std::optional<NationalPlatform>>> NationalStore::platform(ledger::BookId book, Id<fees::Agency> agency)
{
    Params params(book.value, agency);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(platform_of_agency, std::move(params))));
    co_return read_first(rows, read_platform);
}

awaitable<Result<std::optional<NationalPlatform>>> NationalStore::platform(Id<qr_pay::RailAccountTag> rail_account)
{
    Params params(rail_account);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(platform_by_rail, std::move(params))));
    co_return read_first(rows, read_platform);
}

awaitable<Result<std::optional<NationalPayment>>> NationalStore::find_national(Id<NationalPayment> id)
{
    Params params(id);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(find_attempt, std::move(params))));
    co_return read_first(rows, read_attempt);
}

awaitable<Result<std::optional<NationalPayment>>> NationalStore::with_reference(Id<qr_pay::RailAccountTag> rail_account,
                                                                                std::string reference)
{
    Params params(rail_account, reference);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(find_by_reference, std::move(params))));
    co_return read_first(rows, read_attempt);
}

awaitable<Result<std::vector<NationalPayment>>> NationalStore::of_notice(ledger::BookId book, Id<fees::FeeNotice> notice)
{
    Params params(book.value, notice);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(list_of_notice, std::move(params))));
    co_return read_all(rows, read_attempt);
}

awaitable<Result<std::optional<Id<qr_pay::RailAccountTag>>>> NationalStore::platform_of(ledger::BookId book, Id<fees::Agency> agency)
{
    CHO_CO_TRY(auto const found, co_await platform(book, agency));
    if (!found || !found->enabled) co_return std::nullopt;
    co_return found->rail_account;
}

awaitable<Result<std::int64_t>> NationalStore::open_attempts(ledger::BookId book, Id<fees::FeeNotice> notice)
{
    Params params(book.value, notice);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(count_open, std::move(params))));
    co_return rows[0].get<std::int64_t>(0);
}

awaitable<Result<std::optional<NationalStore::Turn>>> NationalStore::take_turn(Instant now, Instant until)
{
    postgres::Segment segment;
    segment.add(take, now, until);
    CHO_CO_TRY(auto const replies, to_result(co_await pool_.write(std::move(segment))));
    co_return read_first(replies[0], [until](Row const& row) { return Turn{read_attempt(row), until}; });
}

awaitable<Result<Done>> NationalStore::end_turn(Turn turn, std::optional<Instant> look_at, std::string said)
{
    postgres::Segment segment;
    segment.add(end, turn.payment.book.value, turn.payment.id, turn.until, look_at, said, turn.payment.version);
    CHO_CO_TRY_DO(to_result(co_await pool_.write(std::move(segment))));
    co_return Done{};
}

awaitable<Result<std::optional<NationalStore::Bill>>> NationalStore::bill(ledger::BookId book, Id<NationalPayment> id)
{
    Params params(book.value, id);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(find_bill, std::move(params))));
    co_return read_first(rows, [](Row const& row) { return Bill{row.get<Bytea>(0).bytes, row.get<Sha256>(1), row.get<Instant>(2)}; });
}

awaitable<Result<NationalStore::Waiting>> NationalStore::waiting()
{
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(count_waiting, Params())));
    co_return Waiting{rows[0].get<std::int64_t>(0), rows[0].get<std::int64_t>(1), rows[0].get<std::optional<Instant>>(2)};
}

void add_national_writers(RowWriters& writers)
{
    writers.add<StoredNationalPlatform>(
        write_platforms,
        [](auto rows) {
            auto const text = [&](auto member) {
                return column<std::string_view>(rows, [member](auto const& r) { return std::string_view(r.platform.*member); });
            };
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.platform.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.platform.rail_account.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.platform.agency.uuid; }));
            p.add(text(&NationalPlatform::partner));
            p.add(text(&NationalPlatform::url));
            p.add(text(&NationalPlatform::ip));
            p.add(column<Bytea>(rows, [](auto const& r) { return Bytea(r.platform.sealed_secret); }));
            p.add(column<std::optional<Bytea>>(rows, [](auto const& r) {
                return r.platform.previous ? std::optional(Bytea(r.platform.previous->sealed)) : std::nullopt;
            }));
            p.add(column<std::optional<Instant>>(
                rows, [](auto const& r) { return r.platform.previous ? std::optional(r.platform.previous->until) : std::nullopt; }));
            p.add(column<Bytea>(rows, [](auto const& r) { return Bytea(r.platform.sealed_token); }));
            p.add(column<bool>(rows, [](auto const& r) { return r.platform.enabled; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.platform.created_at; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.platform.changed_at; }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.platform.version; }));
            return p;
        },
        10);
    writers.add<fees::NewNationalPayment>(
        insert_attempts,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.payment.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.payment.id.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.payment.agency.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.payment.notice.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.payment.request.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.payment.rail_account.uuid; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.payment.reference); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.payment.sent_time); }));
            p.add(column<Dong>(rows, [](auto const& r) { return r.payment.amount; }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.payment.state); }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.payment.created_at; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.payment.since; }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.payment.version; }));
            p.add(column<std::optional<Instant>>(rows, [](auto const& r) { return r.look_at; }));
            return p;
        },
        20);
    writers.add<fees::ChangedNationalPayment>(
        update_attempts,
        [](auto rows) {
            auto const text = [&](auto member) {
                return column<std::string_view>(rows, [member](auto const& r) { return std::string_view(r.payment.*member); });
            };
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.payment.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.payment.id.uuid; }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.payment.state); }));
            p.add(text(&NationalPayment::reason));
            p.add(text(&NationalPayment::pay_url));
            p.add(text(&NationalPayment::transaction));
            p.add(text(&NationalPayment::bank));
            p.add(column<std::optional<Instant>>(rows, [](auto const& r) { return r.payment.called_at; }));
            p.add(column<std::optional<Instant>>(rows, [](auto const& r) { return r.payment.paid_at; }));
            p.add(column<bool>(rows, [](auto const& r) { return r.payment.is_booked; }));
            p.add(column<bool>(rows, [](auto const& r) { return r.payment.has_bill; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.payment.since; }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.payment.version; }));
            p.add(column<std::optional<Instant>>(rows, [](auto const& r) { return r.look_at; }));
            return p;
        },
        30);
    writers.add<fees::NationalBill>(
        insert_bills,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.payment.uuid; }));
            p.add(column<Sha256>(rows, [](auto const& r) { return sha256(r.bytes); }));
            p.add(column<Bytea>(rows, [](auto const& r) { return Bytea(r.bytes); }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.fetched_at; }));
            return p;
        },
        30);
}

}  // namespace cho40::stores
