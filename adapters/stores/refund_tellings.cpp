#include "adapters/stores/refunds_statements.h"
#include "adapters/stores/refunds_store.h"
#include "adapters/stores/row_readers.h"
#include "base/check.h"
#include "base/text.h"
#include <map>

// What rails told of refunds and of who is to be paid by them.
namespace cho40::stores {
namespace {

using boost::asio::awaitable;
using postgres::Params;
using postgres::Row;
using qr_pay::Refund;
using qr_pay::RefundMovement;
using qr_pay::StoredRefund;

RefundMovement read_movement(Row const& row)
{
    auto const direction = row.get<std::int16_t>(4) == 2 ? qr_pay::Direction::out : qr_pay::Direction::in;
    qr_pay::BankCredit transfer(row.get<std::string>(1), row.get<std::string>(2), row.get<std::string>(3), direction, row.get<Dong>(5),
                                row.get<Instant>(6));
    transfer.bank_reference = row.get<std::string>(7);
    transfer.memo = row.get<std::string>(8);
    RefundMovement movement(row.get<Id<Refund>>(0), std::move(transfer));
    auto const outcome = qr_pay::inbox_outcome_named(row.get<std::string_view>(9));
    CHO_CHECK(outcome.has_value());  // we wrote it
    movement.outcome = *outcome;
    movement.match.rule = static_cast<qr_pay::MatchRule>(row.get<std::int16_t>(10));
    movement.match.characters = {static_cast<std::uint32_t>(row.get<std::int32_t>(11)),
                                 static_cast<std::uint32_t>(row.get<std::int32_t>(12))};
    movement.match.version = row.get<std::int16_t>(13);
    movement.pays_another = row.get<bool>(14);
    return movement;
}

StoredRefund read_stored(Row const& row) { return read_refund(row).stored; }

using Doubt = RefundsStore::PayerDoubt;

bool is_disputed(qr_pay::KnownPayer const& payer)
{
    return payer.contradicts(qr_pay::PayerFact::account) || payer.contradicts(qr_pay::PayerFact::bank);
}

// The payers of several credits as one, if they are one.
RefundsStore::Payer one_of(std::vector<qr_pay::KnownPayer> payers)
{
    if (payers.empty()) return {Doubt::not_told, {}};
    auto const& first = payers.front();
    auto doubt = first.account.empty() ? Doubt::not_told : Doubt::none;
    for (auto const& payer : payers) {
        bool const same = squeeze(payer.account) == squeeze(first.account) && squeeze(payer.bank) == squeeze(first.bank);
        if (!same) return {Doubt::several, {}};
        if (is_disputed(payer)) doubt = Doubt::contradicted;
    }
    return {doubt, std::move(payers.front())};
}

}  // namespace

awaitable<Result<RefundsStore::Payer>> RefundsStore::payer_of(ledger::BookId book, Uuid subject)
{
    Params params(book.value, subject);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::payers_of_refund, std::move(params))));
    std::vector<qr_pay::KnownPayer> payers;
    std::vector<qr_pay::ToldPayer> of_one;
    std::optional<Uuid> credit;
    auto const close = [&] {
        if (credit) payers.push_back(qr_pay::merge_payers(of_one));
        of_one.clear();
    };
    for (auto const row : rows) {
        auto const next = row.get<Uuid>(0);
        if (credit != next) close();
        credit = next;
        of_one.push_back({row.get<std::string>(1), row.get<std::string>(2), row.get<std::string>(3), row.get<std::string>(4)});
    }
    close();
    co_return one_of(std::move(payers));
}

awaitable<Result<std::vector<RefundsStore::Told>>> RefundsStore::with_tellings(std::vector<StoredRefund> refunds)
{
    std::vector<Told> all;
    if (refunds.empty()) co_return all;
    auto const book = refunds.front().book;
    std::vector<Uuid> ids;
    std::map<Id<Refund>, std::size_t> places;
    for (auto& refund : refunds) {
        ids.push_back(refund.refund.id.uuid);
        places[refund.refund.id] = all.size();
        all.push_back({std::move(refund), {}});
    }
    Params params(book.value, ids);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::tellings_of_refunds, std::move(params))));
    for (auto const row : rows) {
        auto movement = read_movement(row);
        auto const place = places.at(movement.refund);
        all[place].told.push_back(std::move(movement));
    }
    co_return all;
}

awaitable<Result<std::vector<RefundsStore::Told>>> RefundsStore::told_of(ledger::BookId book, Uuid subject)
{
    CHO_CO_TRY(auto refunds, co_await of(book, subject));
    co_return co_await with_tellings(std::move(refunds));
}

awaitable<Result<std::vector<RefundsStore::Told>>> RefundsStore::differing_between(ledger::BookId book, Uuid payee, Instant from,
                                                                                   Instant to)
{
    Params params(book.value, payee, from, to);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::refunds_differing_between, std::move(params))));
    co_return co_await with_tellings(read_all(rows, read_stored));
}

awaitable<Result<std::vector<RefundsStore::Told>>> RefundsStore::open_of(ledger::BookId book, Uuid payee, Instant before)
{
    Params params(book.value, payee, before);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::refunds_open, std::move(params))));
    co_return co_await with_tellings(read_all(rows, read_stored));
}

awaitable<Result<std::vector<RefundsStore::Surplus>>> RefundsStore::surpluses_of(ledger::BookId book, Uuid stall, Instant before)
{
    Params params(book.value, stall, before);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::surpluses_left, std::move(params))));
    co_return read_all(rows, [](Row const& row) {
        return Surplus{row.get<Id<qr_pay::PaymentRequest>>(0), row.get<std::string>(1), row.get<Dong>(2), row.get<Instant>(3)};
    });
}

awaitable<Result<std::vector<RefundsStore::Waiting>>> RefundsStore::waiting(WaitingFilter filter)
{
    Params params(filter.payees, filter.markets, filter.everywhere, filter.after, static_cast<std::int64_t>(filter.limit));
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(sql::refunds_waiting, std::move(params))));
    co_return read_all(rows, [](Row const& row) {
        constexpr int first = sql::refund_columns;
        auto const text = [&](int column) { return row.get<std::optional<std::string>>(first + column).value_or(""); };
        Waiting one{read_stored(row), text(0), text(1), text(3), text(4), {}, text(5), text(6), row.get<std::optional<Dong>>(first + 7)};
        one.market = row.get<std::optional<Uuid>>(first + 2).value_or(Uuid{});
        return one;
    });
}

}  // namespace cho40::stores
