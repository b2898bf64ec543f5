#include "adapters/stores/payments_store.h"
#include "adapters/stores/payments_rows.h"
#include "adapters/stores/payments_statements.h"
#include "adapters/stores/row_readers.h"
#include "base/check.h"
#include "base/text.h"
#include <nlohmann/json.hpp>

namespace cho40::stores {
namespace {

using postgres::Bytea;
using postgres::Json;
using postgres::Params;
using postgres::Row;
using postgres::Segment;
using qr_pay::PaymentRequest;
using qr_pay::StoredRequest;

// What the first rail told, then what others added.
qr_pay::KnownPayer read_payer(Row const& row, std::string const& first_rail)
{
    auto const tail = row.get<std::string>(26);
    std::vector<qr_pay::ToldPayer> told = {
        {first_rail, row.get<std::string>(10), tail.empty() ? std::string() : "*" + tail, row.get<std::string>(11)}};
    if (auto const others = row.get<std::optional<Json>>(27)) {
        auto const rows = nlohmann::json::parse(others->text);
        for (auto const& one : rows)
            told.push_back(
                {one.at(0).get<std::string>(), one.at(1).get<std::string>(), one.at(2).get<std::string>(), one.at(3).get<std::string>()});
    }
    return qr_pay::merge_payers(told);
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
    v.booked_at = row.get<Instant>(12);
    v.received_at = row.get<Instant>(13);
    v.asked = row.get<std::optional<Dong>>(14);
    v.code = row.get<std::optional<std::string>>(15).value_or("");
    v.note = row.get<std::optional<std::string>>(16).value_or("");
    v.refund_due = row.get<Dong>(17);
    if (auto const rule = row.get<std::int16_t>(19); rule != 0) {
        v.match = qr_pay::Match{
            static_cast<qr_pay::MatchRule>(rule),
            {static_cast<std::uint32_t>(row.get<std::int32_t>(20)), static_cast<std::uint32_t>(row.get<std::int32_t>(21))},
            row.get<std::int16_t>(22)};
    }
    v.suggested_code = row.get<std::optional<std::string>>(23).value_or("");
    auto const state = row.get<std::optional<std::int16_t>>(24);
    v.suggested_is_open = state && qr_pay::is_open(static_cast<qr_pay::PaymentState>(*state));
    v.account = row.get<Id<qr_pay::ReceivingAccountTag>>(25);
    v.payer = read_payer(row, v.rails.front());
    return v;
}

}  // namespace

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

boost::asio::awaitable<Result<std::optional<Id<PaymentRequest>>>> PaymentsStore::by_virtual_account(ledger::BookId book, std::string number)
{
    Params params(book.value, number);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::find_by_virtual_account, std::move(params))));
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

boost::asio::awaitable<Result<std::optional<PaymentsStore::CreditView>>> PaymentsStore::credit(ledger::BookId book,
                                                                                               Id<qr_pay::CreditTag> id)
{
    Params params(book.value, id);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::find_credit, std::move(params))));
    co_return read_first(rows, read_credit);
}

boost::asio::awaitable<Result<std::vector<PaymentsStore::CreditView>>> PaymentsStore::credits_between(ledger::BookId book, Uuid owner,
                                                                                                      Instant from, Instant to)
{
    Params params(book.value, owner, from, to);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::credits_between, std::move(params))));
    co_return read_all(rows, read_credit);
}

}  // namespace cho40::stores
