#include "adapters/api/ledger_reads_json.h"
#include "adapters/http/ids.h"
#include "adapters/http/json_writer.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::exact_instant_json;
using http::money_json;
using ledger::TransferKind;
using nlohmann::json;

std::string_view kind_name(TransferKind kind)
{
    switch (kind) {
    case TransferKind::posted: return "posted";
    case TransferKind::pending: return "pending";
    case TransferKind::post: return "post";
    case TransferKind::undo: return "void";
    case TransferKind::expire: return "expire";
    }
    return "";
}

std::string_view state_name(ledger::HoldState state)
{
    switch (state) {
    case ledger::HoldState::open: return "open";
    case ledger::HoldState::posted: return "posted";
    case ledger::HoldState::voided: return "voided";
    case ledger::HoldState::expired: return "expired";
    }
    return "";
}

json flags_json(ledger::TransferFlags flags)
{
    json names = json::array();
    if (flags.balancing_debit) names.push_back("balancing_debit");
    if (flags.balancing_credit) names.push_back("balancing_credit");
    if (flags.closing_debit) names.push_back("closing_debit");
    if (flags.closing_credit) names.push_back("closing_credit");
    return names;
}

json id_or_null(Id<ledger::Transfer> const& id) { return id.is_nil() ? json(nullptr) : json(transfer_text(id)); }

// What a row and an entry have in common.
json base_json(ledger::JournalRow const& row)
{
    auto const& t = row.transfer;
    return {{"seq", row.seq},
            {"transfer", transfer_text(t.id)},
            {"kind", kind_name(t.kind)},
            {"flags", flags_json(t.flags)},
            {"code", static_cast<int>(t.code)},
            {"reference", http::text_or_null(t.reference)},
            {"pending", id_or_null(t.pending)},
            {"event_at", exact_instant_json(t.event_at)},
            {"recorded_at", exact_instant_json(row.recorded_at)},
            {"expires_at", exact_instant_json(row.expires_at)}};
}

// Balance less its floor less what is held on the credit side: what may still go out. null: no floor.
json available_json(ledger::AccountReport const& report)
{
    if (!report.account.limits.floor) return nullptr;
    auto const& b = report.balance;
    return money_json(Dong(b.posted.count() - report.account.limits.floor->count() - b.credits_held.count()));
}

// How much more the account may be credited and debited with before it meets its floor and its ceiling. Amounts held count
// where that hurts, as the ledger counts them. null: no such limit. 0 also for an account that stands outside its limits.
json credit_room_json(ledger::AccountReport const& report)
{
    auto const& [posted, debits_held, credits_held] = report.balance;
    if (!report.account.limits.floor) return nullptr;
    return money_json(Dong(std::max<std::int64_t>(0, posted.count() - report.account.limits.floor->count() - credits_held.count())));
}
json debit_room_json(ledger::AccountReport const& report)
{
    auto const& [posted, debits_held, credits_held] = report.balance;
    if (!report.account.limits.ceiling) return nullptr;
    return money_json(Dong(std::max<std::int64_t>(0, report.account.limits.ceiling->count() - posted.count() - debits_held.count())));
}

}  // namespace

std::string transfer_text(Id<ledger::Transfer> const& id) { return http::id_text("trf", id.uuid); }

json ledger_row_json(ledger::JournalRow const& row)
{
    auto const& t = row.transfer;
    auto out = base_json(row);
    out["object"] = "ledger_row";
    out["debit"] = t.debit.value;
    out["credit"] = t.credit.value;
    out["amount"] = money_json(t.amount);
    out["debit_balance"] = money_json(row.debit_balance);
    out["credit_balance"] = money_json(row.credit_balance);
    return out;
}

json ledger_entry_json(ledger::JournalRow const& row, ledger::AccountNumber account)
{
    bool const debited = row.transfer.debit == account;
    auto out = base_json(row);
    out["object"] = "ledger_entry";
    out["side"] = debited ? "debit" : "credit";
    out["other_account"] = (debited ? row.transfer.credit : row.transfer.debit).value;
    out["transfer_amount"] = money_json(row.transfer.amount);
    out["amount"] = money_json(ledger::movement(row, account));
    out["balance"] = money_json(debited ? row.debit_balance : row.credit_balance);
    return out;
}

json ledger_account_json(ledger::BookId book, ledger::AccountReport const& report)
{
    return {{"object", "ledger_account"},
            {"book", std::to_string(book.value)},
            {"number", report.account.number.value},
            {"posted", money_json(report.balance.posted)},
            {"debits_held", money_json(report.balance.debits_held)},
            {"credits_held", money_json(report.balance.credits_held)},
            {"available", available_json(report)},
            {"credit_room", credit_room_json(report)},
            {"debit_room", debit_room_json(report)},
            {"floor", money_json(report.account.limits.floor)},
            {"ceiling", money_json(report.account.limits.ceiling)},
            {"closed", report.account.closed},
            {"seq", report.seq}};
}

json ledger_hold_json(ledger::HoldReport const& hold)
{
    auto const since = hold.ended_at.value_or(hold.recorded_at);
    auto state = http::state_json(state_name(hold.state), hold.state != ledger::HoldState::open, since);
    state["since"] = exact_instant_json(since);
    return {{"object", "ledger_hold"},
            {"id", transfer_text(hold.id)},
            {"seq", hold.seq},
            {"debit", hold.debit.value},
            {"credit", hold.credit.value},
            {"amount", money_json(hold.amount)},
            {"flags", flags_json(hold.flags)},
            {"code", static_cast<int>(hold.code)},
            {"reference", http::text_or_null(hold.reference)},
            {"state", std::move(state)},
            {"posted_amount", money_json(hold.posted_amount)},
            {"ended_by", id_or_null(hold.ended_by)},
            {"recorded_at", exact_instant_json(hold.recorded_at)},
            {"expires_at", exact_instant_json(hold.expires_at)}};
}

}  // namespace cho40::api
