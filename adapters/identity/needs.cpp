#include "adapters/identity/needs.h"
#include <algorithm>
#include <array>

namespace cho40::identity {
namespace {

constexpr Need open(std::string_view id) { return Need{id, Access::open, {}, {}}; }
constexpr Need person(std::string_view id) { return Need{id, Access::person, {}, {}}; }
constexpr Need role(std::string_view id, RoleSet roles, std::string_view scope) { return Need{id, Access::role, roles, scope}; }

constexpr RoleSet sellers{Role::vendor, Role::vendor_staff};
constexpr RoleSet sales_readers{Role::vendor, Role::vendor_staff, Role::market_board, Role::operator_};
// A stall's people give back what it sold, an agency's what it collected; whose a refund is the handler asks.
constexpr RoleSet refunders{Role::vendor, Role::vendor_staff, Role::agency};
constexpr RoleSet refund_owners{Role::vendor, Role::agency};
constexpr RoleSet refund_readers{Role::vendor, Role::vendor_staff, Role::market_board, Role::agency, Role::operator_};
constexpr RoleSet refund_checkers{Role::vendor, Role::market_board, Role::agency};  // the second person; never an API key
constexpr RoleSet fee_readers{Role::agency, Role::operator_};
constexpr RoleSet day_readers{Role::market_board, Role::agency, Role::operator_};
constexpr RoleSet household_readers{Role::vendor, Role::tax_officer, Role::operator_};
constexpr RoleSet filers{Role::vendor, Role::operator_};
constexpr RoleSet registrars{Role::market_board, Role::operator_};
constexpr RoleSet operators{Role::operator_};

// Operators keep the platform and see what happens on it; they never sell, never write a notice, never waive a debt.
constexpr std::array needs = {
    open("sign_ins.create"),
    person("sign_ins.delete"),
    person("me.read"),

    role("payments.create", sellers, "payments:write"),
    role("payments.list", sales_readers, "payments:read"),
    role("payments.read", sales_readers, "payments:read"),
    role("payments.qr", sales_readers, "payments:read"),
    role("payments.cancel", sellers, "payments:write"),
    role("payments.waive_shortage", {Role::vendor}, "payments:write"),  // the owner's money, not the helper's
    role("payments.credits", sales_readers, "payments:read"),
    role("credits.read", sales_readers, "payments:read"),
    role("credits.assign", sellers, "payments:write"),
    role("credits.refund", sellers, "payments:write"),
    role("refunds.create", sellers, "payments:write"),  // a helper up to the limit
    role("refunds.list", sales_readers, "payments:read"),
    role("refunds.read", refund_readers, "payments:read"),
    role("refunds.qr", refunders, ""),  // shows the payer's account: people only, those who make the transfer
    role("refunds.waiting", refund_checkers, ""),  // names who asked: people only, those who decide
    role("refunds.approve", refund_checkers, ""),
    role("refunds.reject", refund_checkers, ""),
    role("refunds.cancel", refunders, "payments:write"),
    role("refunds.complete", refund_owners, "payments:write"),
    role("stalls.read", sales_readers, "stalls:read"),
    role("stalls.day_book", sales_readers, "stalls:read"),
    role("stalls.stream", sales_readers, "stalls:read"),
    role("stalls.sign_pdf", sales_readers, "stalls:read"),
    role("stalls.sign_svg", sales_readers, "stalls:read"),
    role("stalls.sign_png", sales_readers, "stalls:read"),
    role("sign_checks.create", sales_readers, "stalls:read"),
    role("cash_sales.create", sellers, "payments:write"),

    role("fee_notices.create", {Role::agency}, "fees:write"),
    role("fee_notices.list", fee_readers, "fees:read"),
    role("fee_notices.read", fee_readers, "fees:read"),
    role("fee_notices.refund", {Role::agency}, "payments:write"),  // to give money back is another right than to ask for it
    role("fee_notices.refunds", fee_readers, "payments:read"),
    role("receipts.read", fee_readers, "fees:read"),
    role("receipts.cancel", {Role::agency}, "fees:write"),
    role("receipts.approve_cancellation", {Role::agency}, ""),  // the second person; never an API key
    role("receipts.reject_cancellation", {Role::agency}, ""),
    role("receipt_reports.create", {Role::agency}, "fees:write"),
    role("receipt_reports.read", fee_readers, "fees:read"),
    role("national_payments.create", {Role::agency}, "fees:write"),
    role("national_payments.list", fee_readers, "fees:read"),
    role("national_payments.read", fee_readers, "fees:read"),
    role("national_payments.bill", fee_readers, "fees:read"),
    role("collector_statements.read", fee_readers, "fees:read"),
    role("fee_items.list", fee_readers, "fees:read"),
    role("fee_assessments.preview", fee_readers, "fees:read"),
    role("fee_schedules.create", operators, "admin:write"),
    role("fee_schedules.list", fee_readers, "fees:read"),
    role("fee_schedules.read", fee_readers, "fees:read"),
    role("fee_schedules.difference", fee_readers, "fees:read"),
    role("fee_schedules.file", fee_readers, "fees:read"),
    // The second person: people only, and whoever collects by the schedule may be it.
    role("fee_schedules.approve", fee_readers, ""),
    role("fee_schedules.reject", fee_readers, ""),
    // What was collected goes to the budget: made by one person of the agency, approved by another; papers are read by people.
    role("remittances.preview", fee_readers, "fees:read"),
    role("remittances.create", {Role::agency}, "fees:write"),
    role("remittances.list", fee_readers, "fees:read"),
    role("remittances.read", fee_readers, "fees:read"),
    role("remittances.payment_file", fee_readers, "fees:read"),
    role("remittances.sheet", fee_readers, "fees:read"),
    role("remittances.paper", fee_readers, "fees:read"),
    role("remittances.approve", {Role::agency}, ""),
    role("remittances.reject", {Role::agency}, ""),
    role("remittances.return", {Role::agency}, ""),
    role("remittances.confirm", {Role::agency}, ""),
    role("remittance_statements.create", {Role::agency}, "fees:write"),
    open("fee_quotes.preview"),
    open("pay.state"),
    open("pay.stream"),

    role("recon_files.create", operators, "recon:write"),
    role("recon_runs.create", operators, "recon:write"),
    role("recon_days.read", day_readers, "recon:read"),
    role("recon_breaks.list", day_readers, "recon:read"),
    role("recon_breaks.overview", day_readers, "recon:read"),
    role("recon_breaks.read", day_readers, "recon:read"),
    role("recon_breaks.sheet", day_readers, "recon:read"),
    role("recon_breaks.act", operators, "recon:write"),
    role("recon_breaks.act_on_many", operators, "recon:write"),
    role("recon_breaks.act_by_sheet", operators, "recon:write"),
    role("recon_closings.create", operators, "recon:write"),
    role("recon_closings.read", day_readers, "recon:read"),
    // The second person: people only, and whose book it is may be it.
    role("recon_closings.sign", day_readers, ""),
    role("recon_closings.reject", day_readers, ""),
    role("recon_minutes.read", day_readers, "recon:read"),
    role("recon_league.read", day_readers, "recon:read"),
    role("recon_runs.matches", day_readers, "recon:read"),
    role("recon_files.content", operators, "recon:read"),

    role("ledger_books.list", day_readers, "ledger:read"),
    role("ledger_books.read", day_readers, "ledger:read"),
    role("ledger_accounts.list", day_readers, "ledger:read"),
    role("ledger_accounts.read", day_readers, "ledger:read"),
    role("ledger_accounts.entries", day_readers, "ledger:read"),
    role("ledger_accounts.statement", day_readers, "ledger:read"),
    role("ledger_transfers.list", day_readers, "ledger:read"),
    role("ledger_transfers.read", day_readers, "ledger:read"),
    role("ledger_holds.list", day_readers, "ledger:read"),
    role("ledger_journal.list", day_readers, "ledger:read"),
    role("ledger_between.read", day_readers, "ledger:read"),

    open("ledger.public_key"),

    role("tax_households.list", {Role::tax_officer, Role::operator_}, "tax:read"),
    role("tax_households.read", household_readers, "tax:read"),
    role("tax_households.turnover", household_readers, "tax:read"),
    role("tax_returns.create", filers, "tax:write"),
    role("tax_returns.list", household_readers, "tax:read"),
    role("tax_returns.read", household_readers, "tax:read"),
    role("tax_returns.submit", filers, "tax:write"),
    role("tax_returns.document", household_readers, "tax:read"),
    role("tax_returns.proof", household_readers, "tax:read"),

    role("markets.create", operators, "admin:write"),
    role("households.create", registrars, "admin:write"),
    role("stalls.create", registrars, "admin:write"),
    role("merchant_contracts.create", registrars, "admin:write"),
    role("agencies.create", operators, "admin:write"),
    role("users.create", operators, "admin:write"),
    role("users.approval_limit", operators, "admin:write"),
    role("rail_accounts.list", operators, "admin:read"),
    role("rail_accounts.create", operators, "admin:write"),
    role("rail_accounts.renew_secret", operators, "admin:write"),
    role("rail_accounts.end_previous_secret", operators, "admin:write"),
    role("rail_accounts.refund_access", operators, "admin:write"),
    role("rail_accounts.list_access", operators, "admin:write"),
    role("national_platforms.set", operators, "admin:write"),
    role("national_platforms.read", operators, "admin:read"),
    role("rail_backfills.create", operators, "admin:write"),
    role("rail_backfills.read", operators, "admin:read"),
    role("rail_gaps.list", operators, "admin:read"),
    role("rail_gaps.explain", operators, "admin:write"),
    role("audit.list", operators, "admin:read"),

    role("ledger_books.create", operators, "ledger:write"),
    role("ledger_accounts.create", operators, "ledger:write"),
    role("ledger_periods.create", operators, "ledger:write"),
    role("ledger_transfers.create", operators, "ledger:write"),
    role("ledger_transfers.bulk", operators, "ledger:write"),
    role("ledger_between.create", operators, "ledger:write"),

    // Rails prove themselves by the provider's own signature or token; their operations are made from what each rail declares
    // (adapters/api/rail_document.h) and are open all of them.
    open("national_platforms.result"),
    open("health.alive"),
    open("health.ready"),
    open("health.metrics"),
    open("health.openapi"),

    // Citizens pay without signing in; a notice's code is the right to see it.
    open("pages.home"),
    open("pages.pay_find"),
    open("pages.pay"),
    open("pages.pay_start"),
    open("pages.pay_wait"),
    open("pages.pay_extend"),
    open("pages.pay_qr"),
    open("pages.national_start"),
    open("pages.national"),
    open("pages.national_go"),
    open("pages.receipt"),
    open("pages.receipt_pdf"),
    open("pages.receipt_xml"),
    open("pages.receipt_proof"),
    open("pages.verify"),
    open("pages.market"),
    open("pages.fees"),
};

}  // namespace

std::span<Need const> all_needs() { return needs; }

Need const* need_of(std::string_view operation_id)
{
    auto const it = std::ranges::find(needs, operation_id, &Need::operation_id);
    return it == needs.end() ? nullptr : &*it;
}

std::vector<std::string_view> known_scopes()
{
    std::vector<std::string_view> scopes;
    for (auto const& need : needs) {
        if (!need.scope.empty()) scopes.push_back(need.scope);
    }
    std::ranges::sort(scopes);
    auto const [first, last] = std::ranges::unique(scopes);
    scopes.erase(first, last);
    return scopes;
}

}  // namespace cho40::identity
