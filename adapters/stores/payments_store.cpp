#include "adapters/stores/payments_store.h"
#include "adapters/stores/payments_statements.h"
#include "adapters/stores/row_readers.h"
#include "base/check.h"
#include "base/text.h"

namespace cho40::stores {
namespace {

using postgres::Bytea;
using postgres::Json;
using postgres::Params;
using postgres::Row;
using postgres::Segment;
using qr_pay::PaymentRequest;
using qr_pay::StoredRequest;

constexpr auto alike_window = std::chrono::minutes(2);    // qr-pay reference §10.5
constexpr auto suggestion_window = std::chrono::minutes(15);  // a little more than the ten minutes the rule looks back

StoredRequest read_request(Row const& row)
{
    auto code = qr_pay::OrderCode::parse(row.get<std::string_view>(6));
    CHO_CHECK(code.has_value());  // we wrote it
    PaymentRequest request(row.get<Id<PaymentRequest>>(1), *std::move(code), row.get<Dong>(7), row.get<Instant>(16), row.get<Instant>(17));
    request.received = row.get<Dong>(8);
    request.waived = row.get<Dong>(9);
    request.state = static_cast<qr_pay::PaymentState>(row.get<std::int16_t>(10));
    request.version = row.get<std::int64_t>(19);
    StoredRequest stored(std::move(request), ledger::BookId{row.get<std::int64_t>(0)});
    stored.payee_kind = static_cast<qr_pay::PayeeKind>(row.get<std::int16_t>(2));
    stored.payee = row.get<Id<qr_pay::Payee>>(3);
    stored.ordinal = ledger::OwnerOrdinal{row.get<std::int64_t>(4)};
    stored.account = row.get<Id<qr_pay::ReceivingAccountTag>>(5);
    stored.reason = row.get<std::string>(11);
    stored.note = row.get<std::string>(12);
    stored.client_ref = row.get<std::optional<std::string>>(13).value_or("");
    stored.qr_payload = row.get<std::string>(14);
    stored.created_by = row.get<Id<qr_pay::UserTag>>(15);
    stored.since = row.get<Instant>(18);
    stored.duplicates = row.get<Dong>(20);
    return stored;
}

PaymentsStore::CreditView read_credit(Row const& row)
{
    PaymentsStore::CreditView v;
    v.id = row.get<Id<qr_pay::CreditTag>>(0);
    v.book = ledger::BookId{row.get<std::int64_t>(1)};
    v.owner = row.get<Uuid>(2);
    v.request = row.get<std::optional<Id<PaymentRequest>>>(3);
    v.suggested = row.get<std::optional<Id<PaymentRequest>>>(4);
    v.amount = row.get<Dong>(5);
    auto const reason = qr_pay::credit_reason_named(row.get<std::string_view>(6));
    CHO_CHECK(reason.has_value());
    v.reason = *reason;
    v.rails = row.get<std::vector<std::string>>(18);
    v.rails.insert(v.rails.begin(), row.get<std::string>(7));
    v.bank_reference = row.get<std::string>(8);
    v.narrative = row.get<std::string>(9);
    v.payer_name = row.get<std::string>(10);
    v.payer_bank = row.get<std::string>(11);
    v.booked_at = row.get<Instant>(12);
    v.received_at = row.get<Instant>(13);
    v.asked = row.get<std::optional<Dong>>(14);
    v.code = row.get<std::optional<std::string>>(15).value_or("");
    v.note = row.get<std::optional<std::string>>(16).value_or("");
    v.refund_due = row.get<Dong>(17);
    return v;
}

std::string tail(std::string const& account) { return account.size() <= 4 ? account : account.substr(account.size() - 4); }

}  // namespace

boost::asio::awaitable<Result<qr_pay::CreditFacts>> PaymentsStore::find(qr_pay::CreditQuery query)
{
    std::vector<std::string> numbers{query.account_number};
    if (!query.virtual_account.empty()) numbers.push_back(query.virtual_account);
    bool const nameless = query.codes.empty();

    Segment segment;
    segment.add(sql::find_account, query.book.value, numbers, query.virtual_account);
    segment.add(sql::find_known_credit, query.book.value, query.dedupe);
    segment.add(sql::find_alike_credits, query.book.value, numbers, query.amount, query.booked_at - alike_window,
                query.booked_at + alike_window);
    if (nameless) segment.add(sql::find_open_requests, query.book.value, numbers, query.booked_at - suggestion_window);
    else segment.add(sql::find_requests_by_code, query.book.value, query.codes, numbers);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read(std::move(segment))));

    qr_pay::CreditFacts facts;
    if (auto const row = rows[0].first()) {
        qr_pay::ReceivingAccount account;
        account.book = ledger::BookId{row->get<std::int64_t>(0)};
        account.id = row->get<Id<qr_pay::ReceivingAccountTag>>(1);
        account.owner_kind = static_cast<qr_pay::OwnerKind>(row->get<std::int16_t>(2));
        account.owner = row->get<Id<qr_pay::Owner>>(3);
        account.ordinal = ledger::OwnerOrdinal{row->get<std::int64_t>(4)};
        account.bank_bin = row->get<std::string>(5);
        account.account_number = row->get<std::string>(6);
        account.holder_name = row->get<std::string>(7);
        facts.account = std::move(account);
    }
    if (auto const row = rows[1].first()) facts.known = row->get<Id<qr_pay::CreditTag>>(0);
    for (auto const row : rows[2]) {
        qr_pay::BankCredit credit(row.get<std::string>(1), row.get<std::string>(2), row.get<std::string>(3), qr_pay::Direction::in,
                                  row.get<Dong>(4), row.get<Instant>(5));
        credit.bank_reference = row.get<std::string>(6);
        credit.memo = row.get<std::string>(7);
        qr_pay::StoredCredit stored(row.get<Id<qr_pay::CreditTag>>(0), std::move(credit));
        stored.request = row.get<std::optional<Id<PaymentRequest>>>(8);
        facts.alike.push_back(std::move(stored));
    }
    auto requests = read_all(rows[3], read_request);
    if (nameless) {
        for (auto& r : requests) facts.open.push_back(std::move(r.request));
    } else {
        facts.requests = std::move(requests);
    }
    co_return facts;
}

boost::asio::awaitable<Result<std::optional<StoredRequest>>> PaymentsStore::find(Id<PaymentRequest> id)
{
    Params params(id);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::find_request, std::move(params))));
    co_return read_first(rows, read_request);
}

boost::asio::awaitable<Result<std::vector<StoredRequest>>> PaymentsStore::due_to_expire(Instant now, int limit)
{
    Params params(now, static_cast<std::int64_t>(limit));
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::find_due_to_expire, std::move(params))));
    co_return read_all(rows, read_request);
}

boost::asio::awaitable<Result<std::optional<Id<PaymentRequest>>>> PaymentsStore::by_client_ref(ledger::BookId book, Id<qr_pay::Payee> payee,
                                                                                               std::string client_ref)
{
    Params params(book.value, payee, client_ref);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::find_by_client_ref, std::move(params))));
    if (rows.empty()) co_return std::nullopt;
    co_return rows[0].get<Id<PaymentRequest>>(0);
}

boost::asio::awaitable<Result<std::vector<StoredRequest>>> PaymentsStore::list(ListFilter filter)
{
    Params params(filter.book.value, filter.payee, filter.states, filter.created_from, filter.created_to, filter.before,
                  static_cast<std::int64_t>(filter.limit));
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::list_requests, std::move(params))));
    co_return read_all(rows, read_request);
}

boost::asio::awaitable<Result<std::vector<PaymentsStore::CreditView>>> PaymentsStore::credits_of(ledger::BookId book,
                                                                                                 Id<PaymentRequest> request)
{
    Params params(book.value, request);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::credits_of_request, std::move(params))));
    co_return read_all(rows, read_credit);
}

boost::asio::awaitable<Result<std::vector<PaymentsStore::CreditView>>> PaymentsStore::credits_between(ledger::BookId book, Uuid owner,
                                                                                                      Instant from, Instant to)
{
    Params params(book.value, owner, from, to);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::credits_between, std::move(params))));
    co_return read_all(rows, read_credit);
}

void add_payment_writers(RowWriters& writers)
{
    using qr_pay::NewPaymentRequest;
    writers.add<NewPaymentRequest>(
        sql::insert_requests,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.stored.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.stored.request.id.uuid; }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.stored.payee_kind); }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.stored.payee.uuid; }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.stored.ordinal.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.stored.account.uuid; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.stored.request.code.text()); }));
            p.add(column<Dong>(rows, [](auto const& r) { return r.stored.request.asked; }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.stored.request.state); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.stored.note); }));
            p.add(column<std::optional<std::string>>(
                rows, [](auto const& r) { return r.stored.client_ref.empty() ? std::nullopt : std::optional(r.stored.client_ref); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.stored.qr_payload); }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.stored.created_by.uuid; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.stored.request.created_at; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.stored.request.expires_at; }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.stored.request.version; }));
            return p;
        },
        10);
    writers.add<qr_pay::ChangedPaymentRequest>(
        sql::update_requests,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.request.id.uuid; }));
            p.add(column<Dong>(rows, [](auto const& r) { return r.request.received; }));
            p.add(column<Dong>(rows, [](auto const& r) { return r.request.waived; }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.request.state); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.reason); }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.since; }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.request.version; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.request.expires_at; }));
            return p;
        },
        20);
    writers.add<qr_pay::NewBankCredit>(
        sql::insert_credits,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.id.uuid; }));
            p.add(column<Sha256>(rows, [](auto const& r) { return r.dedupe; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.account.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.owner.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.rail_account.uuid; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.credit.provider_id); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.credit.bank_reference); }));
            p.add(column<Dong>(rows, [](auto const& r) { return r.credit.amount; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.credit.memo); }));
            p.add(column<std::string>(rows, [](auto const& r) { return squeeze(r.credit.memo); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.credit.payer_name); }));
            p.add(column<std::string>(rows, [](auto const& r) { return tail(r.credit.payer_account); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.credit.payer_bank); }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.credit.booked_at; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.received_at; }));
            auto const uuid_of = [](auto const& id) { return id ? std::optional(id->uuid) : std::nullopt; };
            p.add(column<std::optional<Uuid>>(rows, [&](auto const& r) { return uuid_of(r.request); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return qr_pay::name_of(r.reason); }));
            p.add(column<std::optional<Uuid>>(rows, [&](auto const& r) { return uuid_of(r.suggested); }));
            p.add(column<Dong>(rows, [](auto const& r) { return r.refund_due; }));
            return p;
        },
        30);
    writers.add<qr_pay::RepeatedBankCredit>(
        sql::repeat_credits,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.id.uuid; }));
            return p;
        },
        40);
    writers.add<qr_pay::NewInboxEntry>(
        sql::insert_inbox,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.id.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.rail_account.uuid; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.received_at; }));
            p.add(column<Json>(rows, [](auto const& r) { return Json(r.headers); }));
            p.add(column<Bytea>(rows, [](auto const& r) { return Bytea(r.body); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return qr_pay::name_of(r.outcome); }));
            p.add(column<std::optional<Uuid>>(rows, [](auto const& r) { return r.credit ? std::optional(r.credit->uuid) : std::nullopt; }));
            return p;
        },
        40);
}

}  // namespace cho40::stores
