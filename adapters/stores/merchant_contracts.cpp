#include "adapters/stores/merchant_contracts.h"
#include "adapters/stores/row_readers.h"

namespace cho40::stores {
namespace {

using merchants::MerchantContract;
using postgres::Params;
using postgres::Row;
using postgres::Statement;

#define CHO40_CONTRACT_SELECT                                                                                                              \
    "SELECT book_id, contract_id, stall_id, acquirer_bin, merchant_id, mcc, name, city, valid_from, valid_to, registered_by, "             \
    "registered_at FROM merchant_contract "

constexpr Statement contracts_of_stall{"mct_of_stall", CHO40_CONTRACT_SELECT "WHERE stall_id = $1 ORDER BY registered_at, contract_id"};
constexpr Statement contracts_of_stalls_with{
    "mct_of_stalls_with", CHO40_CONTRACT_SELECT
    "WHERE stall_id IN (SELECT m.stall_id FROM merchant_contract m JOIN unnest($1::text[], $2::text[]) AS a(bin, number) "
    "ON m.merchant_id = a.number AND m.acquirer_bin = a.bin) ORDER BY registered_at, contract_id"};
constexpr Statement stalls_paid_on_sql{
    "mct_stalls_paid_on", "SELECT DISTINCT r.owner_id FROM receiving_account r JOIN unnest($1::text[], $2::text[]) AS a(bin, number) "
                          "ON r.account_number = a.number AND r.bank_bin = a.bin WHERE r.owner_kind = 1"};
constexpr Statement insert_contracts{
    "mct_insert", "INSERT INTO merchant_contract (book_id, contract_id, stall_id, acquirer_bin, merchant_id, mcc, name, city, valid_from, "
                  "valid_to, registered_by, registered_at) "
                  "SELECT * FROM unnest($1::int8[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], "
                  "$9::date[], $10::date[], $11::uuid[], $12::timestamptz[])"};

MerchantContract read_contract(Row const& row)
{
    MerchantContract c;
    c.book = ledger::BookId{row.get<std::int64_t>(0)};
    c.id = row.get<Id<MerchantContract>>(1);
    c.stall = row.get<Id<merchants::Stall>>(2);
    c.terms.acquirer_bin = row.get<std::string>(3);
    c.terms.merchant_id = row.get<std::string>(4);
    c.terms.mcc = row.get<std::string>(5);
    c.terms.name = row.get<std::string>(6);
    c.terms.city = row.get<std::string>(7);
    c.valid_from = row.get<Day>(8);
    c.valid_to = row.get<std::optional<Day>>(9);
    c.registered_by = row.get<Id<qr_pay::UserTag>>(10);
    c.registered_at = row.get<Instant>(11);
    return c;
}

// Acquirers and numbers of the addresses of one kind.
Params columns_of(std::vector<qr_pay::PaymentAddress> const& addresses, qr_pay::PaymentAddress::Kind kind)
{
    std::vector<std::string_view> bins, numbers;
    for (auto const& address : addresses) {
        if (address.kind != kind) continue;
        bins.emplace_back(address.bin);
        numbers.emplace_back(address.number);
    }
    return Params(bins, numbers);
}

}  // namespace

boost::asio::awaitable<Result<std::vector<MerchantContract>>> MerchantContractStore::of_stall(Id<merchants::Stall> stall)
{
    Params params(stall);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(contracts_of_stall, std::move(params))));
    co_return read_all(rows, read_contract);
}

boost::asio::awaitable<Result<std::vector<MerchantContract>>> MerchantContractStore::of_stalls_with(
    std::vector<qr_pay::PaymentAddress> addresses)
{
    auto params = columns_of(addresses, qr_pay::PaymentAddress::Kind::merchant);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(contracts_of_stalls_with, std::move(params))));
    co_return read_all(rows, read_contract);
}

boost::asio::awaitable<Result<std::vector<Uuid>>> MerchantContractStore::stalls_paid_on(std::vector<qr_pay::PaymentAddress> addresses)
{
    auto params = columns_of(addresses, qr_pay::PaymentAddress::Kind::account);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(stalls_paid_on_sql, std::move(params))));
    co_return read_all(rows, [](Row const& row) { return row.get<Uuid>(0); });
}

void add_merchant_contract_writers(RowWriters& writers)
{
    writers.add<merchants::NewMerchantContract>(
        insert_contracts,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.contract.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.contract.id.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.contract.stall.uuid; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.contract.terms.acquirer_bin); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.contract.terms.merchant_id); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.contract.terms.mcc); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.contract.terms.name); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.contract.terms.city); }));
            p.add(column<Day>(rows, [](auto const& r) { return r.contract.valid_from; }));
            p.add(column<std::optional<Day>>(rows, [](auto const& r) { return r.contract.valid_to; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.contract.registered_by.uuid; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.contract.registered_at; }));
            return p;
        },
        5);
}

}  // namespace cho40::stores
