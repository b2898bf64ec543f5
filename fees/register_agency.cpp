#include "fees/register_agency.h"
#include "qr-pay/bank_account.h"

namespace cho40::fees {
namespace {

Result<Done> check(Agency const& agency)
{
    CHO_TRY_DO(qr_pay::check_receiving_account(agency.bank_bin, agency.account_number));
    if (!are_symbol_letters(agency.letters_phi) || !are_symbol_letters(agency.letters_le_phi)) {
        return fail(Errc::invalid_input, "a receipt symbol ends with two of A B C D E G H K L M N P Q R S T U V X Y", "/receipt_series");
    }
    return Done{};
}

}  // namespace

boost::asio::awaitable<Result<RegisteredAgency>> RegisterAgency::operator()(RegisteredAgency facts, ledger::Extra<RegisteredAgency> extra)
{
    CHO_CO_TRY_DO(check(facts.facts));
    CHO_CO_TRY(auto standing, co_await agencies_.agency_with_code(facts.facts.code));
    if (standing) {
        co_return fail(Error(Errc::invalid_state, "an agency with this code stands already", "/code").vi("Mã cơ quan này đã có."));
    }
    auto made = std::move(facts);
    made.created_at = clock_.now();
    made.id = make_id<Agency>(made.created_at, random_);
    made.ordinal = ledger::OwnerOrdinal{1};
    made.version = 1;
    auto& account = made.account;
    account.book = made.book;
    account.id = make_id<qr_pay::ReceivingAccountTag>(made.created_at, random_);
    account.owner_kind = qr_pay::OwnerKind::agency;
    account.owner = Id<qr_pay::Owner>(made.id.uuid);
    account.ordinal = made.ordinal;
    account.bank_bin = made.facts.bank_bin;
    account.account_number = made.facts.account_number;
    account.holder_name = made.facts.account_name;

    ledger::Command command(made.book);
    command.open = ledger::agency_accounts(made.ordinal);
    command.guards.push_back(ledger::Guard{make_derived_uuid({"agency", made.facts.code}), 0, 1});
    command.rows.push_back(std::make_shared<NewAgency>(made));
    extra.add_to(command, made);
    CHO_CO_TRY_DO(co_await ledger_.submit(std::move(command)));
    co_return made;
}

}  // namespace cho40::fees
