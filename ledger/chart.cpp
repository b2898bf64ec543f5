#include "ledger/chart.h"
#include "base/check.h"

namespace cho40::ledger {
namespace {

std::vector<Account> open(OwnerOrdinal owner, std::initializer_list<AccountKind> kinds)
{
    std::vector<Account> accounts;
    for (auto kind : kinds) accounts.push_back(Account{account_number(owner, kind)});
    return accounts;
}

}  // namespace

std::vector<Account> stall_accounts(OwnerOrdinal owner)
{
    using enum AccountKind;
    return open(owner, {bank, cash, sales, nameless_sales, cash_sales, refund_due, opening});
}

std::vector<Account> agency_accounts(OwnerOrdinal owner)
{
    using enum AccountKind;
    return open(owner, {bank, fees, charges, refund_due, unassigned, opening});
}

std::string_view account_kind_name(AccountKind kind)
{
    switch (kind) {
    case AccountKind::bank: return "bank";
    case AccountKind::cash: return "cash";
    case AccountKind::sales: return "sales";
    case AccountKind::nameless_sales: return "nameless_sales";
    case AccountKind::cash_sales: return "cash_sales";
    case AccountKind::refund_due: return "refund_due";
    case AccountKind::fees: return "fees";
    case AccountKind::charges: return "charges";
    case AccountKind::unassigned: return "unassigned";
    case AccountKind::retained: return "retained";
    case AccountKind::budget_due: return "budget_due";
    case AccountKind::opening: return "opening";
    }
    return "unknown";
}

std::string_view transfer_code_name(TransferCode code)
{
    switch (code) {
    case TransferCode::opening: return "opening";
    case TransferCode::sale: return "sale";
    case TransferCode::late_sale: return "late_sale";
    case TransferCode::nameless_sale: return "nameless_sale";
    case TransferCode::overpaid: return "overpaid";
    case TransferCode::duplicate: return "duplicate";
    case TransferCode::refund_paid: return "refund_paid";
    case TransferCode::refund_owed: return "refund_owed";
    case TransferCode::refund_dropped: return "refund_dropped";
    case TransferCode::cash_sale: return "cash_sale";
    case TransferCode::fee_received: return "fee_received";
    case TransferCode::charge_received: return "charge_received";
    case TransferCode::fee_unassigned: return "fee_unassigned";
    case TransferCode::fee_retained: return "fee_retained";
    case TransferCode::budget_ordered: return "budget_ordered";
    case TransferCode::budget_paid: return "budget_paid";
    case TransferCode::reversal: return "reversal";
    }
    return "unknown";
}

}  // namespace cho40::ledger
