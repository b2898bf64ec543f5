#include "qr-pay/posting.h"

namespace cho40::qr_pay {

ledger::Transfer transfer_for(Booking const& booking, std::size_t part, ledger::AccountKind debit, ledger::AccountKind credit,
                              ledger::TransferCode code, Dong amount)
{
    auto const id = Id<ledger::Transfer>(make_derived_uuid({"transfer", booking.transfer_seed, std::to_string(part)}));
    auto const reference = booking.decision.request ? booking.decision.request->code.text() : std::string();
    return ledger::Transfer(id, ledger::account_number(booking.account.ordinal, debit),
                            ledger::account_number(booking.account.ordinal, credit), amount, code, reference, booking.credit.booked_at);
}

}  // namespace cho40::qr_pay
