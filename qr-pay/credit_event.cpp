#include "qr-pay/credit_event.h"

namespace cho40::qr_pay {
namespace {

std::string_view event_of(CreditDecision const& decision)
{
    switch (decision.reason) {
    case CreditReason::exact:
    case CreditReason::topped_up: return "payment.paid";
    case CreditReason::short_paid: return "payment.underpaid";
    case CreditReason::over: return "payment.overpaid";
    case CreditReason::late:
    case CreditReason::late_short:
    case CreditReason::late_over: return "payment.paid_late";
    case CreditReason::duplicate: return "payment.duplicate";
    case CreditReason::nameless:
    case CreditReason::ambiguous:
    case CreditReason::suggested: return "credit.nameless";
    }
    return "credit.nameless";
}

}  // namespace

ledger::Event credit_event(Uuid id, Uuid stream, Id<CreditTag> credit, BankCredit const& told, CreditDecision const& decision)
{
    ledger::Event event;
    event.id = id;
    event.stream = stream;
    event.type = event_of(decision);
    event.resource = decision.request ? decision.request->id.uuid : credit.uuid;
    event.attributes = {
        {"credit_amount", told.amount.count()}, {"reason", std::string(name_of(decision.reason))}, {"payer_bank", told.payer_bank}};
    if (decision.request) {
        event.attributes.emplace_back("state", std::string(name_of(decision.request->state)));
        event.attributes.emplace_back("asked", decision.request->asked.count());
        event.attributes.emplace_back("received", decision.request->received.count());
        event.attributes.emplace_back("remaining", decision.remaining.count());
        event.attributes.emplace_back("code", decision.request->code.text());
        event.attributes.emplace_back("version", decision.request->version);
    }
    return event;
}

}  // namespace cho40::qr_pay
