#include "merchants/merchant_contract.h"
#include <algorithm>
#include <map>
#include <tuple>

namespace cho40::merchants {
namespace {

std::vector<FieldError> faults_of(MerchantContract const& contract)
{
    auto faults = qr_pay::faults_of(contract.terms);
    if (contract.valid_to && *contract.valid_to < contract.valid_from) {
        faults.push_back({"/valid_to", Errc::too_small, "it lies before `valid_from`", "Ngày cuối đứng trước ngày đầu."});
    }
    return faults;
}

bool lasts_on(MerchantContract const& contract, Day day)
{
    return contract.valid_from <= day && (!contract.valid_to || day <= *contract.valid_to);
}

}  // namespace

qr_pay::PaymentAddress MerchantContract::address() const
{
    return {qr_pay::PaymentAddress::Kind::merchant, terms.acquirer_bin, terms.merchant_id};
}

MerchantContract const* contract_on(std::span<MerchantContract const> of_stall, Day day)
{
    auto const age = [](MerchantContract const& c) { return std::tuple(c.valid_from, c.registered_at, c.id); };
    MerchantContract const* last = nullptr;
    for (auto const& c : of_stall) {
        if (c.valid_from <= day && (!last || age(*last) < age(c))) last = &c;
    }
    return last && lasts_on(*last, day) ? last : nullptr;
}

std::optional<Id<Stall>> other_holder(MerchantContract const& contract, std::span<MerchantContract const> registered)
{
    std::map<Uuid, std::vector<MerchantContract>> of_others;
    for (auto const& r : registered) {
        if (r.stall != contract.stall) of_others[r.stall.uuid].push_back(r);
    }
    for (auto const& [stall, contracts] : of_others) {
        // What a stall has changes only on the first day of a registration.
        std::vector<Day> days{contract.valid_from};
        for (auto const& c : contracts) days.push_back(c.valid_from);
        for (auto const day : days) {
            auto const* held = contract_on(contracts, day);
            if (lasts_on(contract, day) && held && held->address() == contract.address()) return Id<Stall>(stall);
        }
    }
    return std::nullopt;
}

boost::asio::awaitable<Result<MerchantContract>> RegisterMerchantContract::operator()(MerchantContract facts,
                                                                                      ledger::Extra<MerchantContract> extra)
{
    if (auto faults = faults_of(facts); !faults.empty()) {
        Error error(Errc::validation_failed, "the contract cannot be registered as it is");
        error.fields = std::move(faults);
        co_return fail(std::move(error));
    }
    std::vector<qr_pay::PaymentAddress> addresses{facts.address()};
    CHO_CO_TRY(auto const registered, co_await contracts_.of_stalls_with(std::move(addresses)));
    if (other_holder(facts, registered)) {
        co_return fail(Error(Errc::invalid_state, "this merchant id is registered for another stall on one of these days", "/merchant_id")
                           .vi("Mã đơn vị này đang được đăng ký cho một sạp khác trong thời gian đó."));
    }

    auto made = std::move(facts);
    made.registered_at = clock_.now();
    made.id = make_id<MerchantContract>(made.registered_at, random_);
    ledger::Command command(made.book);
    // Two stalls of the market that register the same id at the same moment have read the same number of registrations.
    auto const before = std::ranges::count_if(registered,
                                              [&](auto const& r) { return r.book == made.book && r.address() == made.address(); });
    command.guards.push_back(
        {make_derived_uuid({"merchant_contract", std::to_string(made.book.value), made.terms.acquirer_bin, made.terms.merchant_id}), before,
         before + 1});
    command.rows.push_back(std::make_shared<NewMerchantContract>(made));
    extra.add_to(command, made);
    CHO_CO_TRY_DO(co_await ledger_.submit(std::move(command)));
    co_return made;
}

}  // namespace cho40::merchants
