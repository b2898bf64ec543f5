#include "apps/sandbox/bank.h"
#include "apps/sandbox/memo_wrappers.h"
#include "base/text.h"
#include "qr-pay/order_code.h"
#include <algorithm>
#include <fmt/format.h>

namespace cho40::sandbox {
namespace {

enum Draw : std::uint64_t { draw_reference, draw_family, draw_given, draw_account, draw_bank, draw_wrapper };

constexpr std::string_view families[] = {"NGUYEN", "TRAN", "LE", "PHAM", "HOANG", "VU", "DANG", "BUI", "DO", "NGO"};
constexpr std::string_view given_names[] = {"THI LAN",   "VAN HUNG", "THI HOA", "MINH DUC", "THI THU HA",
                                            "QUANG HUY", "VAN TUAN", "THI MAI", "NGOC ANH", "DINH NAM"};
constexpr std::string_view payer_banks[] = {"970436", "970415", "970418", "970407", "970422", "970405", "970416", "970403"};

std::string key_of(std::string const& bank_bin, std::string const& number) { return bank_bin + "/" + number; }

// The order code in what the payer wrote, wherever it stands. Empty when there is none.
std::string order_code_in(std::string_view payer_memo)
{
    auto const text = squeeze(payer_memo);
    for (auto at = text.find(qr_pay::OrderCode::prefix); at != text.npos; at = text.find(qr_pay::OrderCode::prefix, at + 1)) {
        if (at + qr_pay::OrderCode::length > text.size()) break;
        if (auto const code = qr_pay::OrderCode::parse(std::string_view(text).substr(at, qr_pay::OrderCode::length))) return code->text();
    }
    return {};
}

}  // namespace

void Bank::put(RailAccount account)
{
    auto const id = account.id;
    rail_accounts_.insert_or_assign(id, std::move(account));
}

Result<Done> Bank::put(ReceivingAccount account)
{
    for (auto const& id : account.rail_accounts) {
        if (!rail_accounts_.contains(id)) return fail(Errc::invalid_input, "there is no rail account " + id, "/rail_accounts");
    }
    auto const key = key_of(account.bank_bin, account.account_number);
    for (auto const& number : account.virtual_accounts) {
        auto const own = key_of(account.bank_bin, number);
        auto const other = virtual_accounts_.find(own);
        if (receiving_accounts_.contains(own) || number == account.account_number ||
            (other != virtual_accounts_.end() && other->second != key))
            return fail(Errc::invalid_input, number + " is another account's number", "/virtual_accounts");
    }
    if (virtual_accounts_.contains(key)) return fail(Errc::invalid_input, "it is a virtual account of another", "/account_number");
    std::erase_if(virtual_accounts_, [&key](auto const& one) { return one.second == key; });
    for (auto const& number : account.virtual_accounts) virtual_accounts_.emplace(key_of(account.bank_bin, number), key);
    receiving_accounts_.insert_or_assign(key, std::move(account));
    return Done{};
}

void Bank::reset()
{
    rail_accounts_.clear();
    receiving_accounts_.clear();
    virtual_accounts_.clear();
    transfers_.clear();
    by_reference_.clear();
    moved_.clear();
    ahead_ = {};
}

Result<RailAccount> Bank::rail_account(std::string_view id) const
{
    auto const found = rail_accounts_.find(id);
    if (found == rail_accounts_.end()) return fail(Errc::not_found, "there is no such rail account");
    return found->second;
}

Result<ReceivingAccount> Bank::receiving_account(std::string const& bank_bin, std::string const& number) const
{
    auto const asked = key_of(bank_bin, number);
    auto const whose = virtual_accounts_.find(asked);
    auto const found = receiving_accounts_.find(whose == virtual_accounts_.end() ? asked : whose->second);
    if (found == receiving_accounts_.end())
        return fail(Errc::unknown_receiving_account, "the bank has no such account; POST /setup/receiving-accounts makes one");
    return found->second;
}

std::vector<ReceivingAccount> Bank::told_by(std::string_view rail_account) const
{
    std::vector<ReceivingAccount> out;
    for (auto const& [key, account] : receiving_accounts_) {
        if (std::ranges::find(account.rail_accounts, rail_account) != account.rail_accounts.end()) out.push_back(account);
    }
    return out;
}

Result<Transfer> Bank::book(TransferOrder order)
{
    if (!is_valid_utf8(order.payer_memo)) return fail(Errc::invalid_utf8, "the memo is not UTF-8", "/memo");
    CHO_TRY(auto const account, receiving_account(order.bank_bin, order.account_number));
    Transfer transfer;
    transfer.number = transfers_.size() + 1;
    transfer.booked_at = order.booked_at.value_or(now());
    transfer.reference = reference_of(transfer.number, transfer.booked_at);
    transfer.bank_bin = account.bank_bin;
    transfer.account_number = account.account_number;
    transfer.provider_account = account.provider_account;
    if (order.account_number != account.account_number) transfer.virtual_account = order.account_number;
    transfer.holder_name = to_ascii_upper(strip_accents(account.holder_name));
    transfer.flow = order.flow;
    transfer.amount = order.amount;
    transfer.failed = order.failed;
    transfer.refunds = std::move(order.refunds);
    auto const someone = payer_of(transfer.number);
    transfer.payer = std::move(order.payer);
    if (transfer.payer.name.empty()) transfer.payer.name = someone.name;
    if (transfer.payer.account.empty()) transfer.payer.account = someone.account;
    if (transfer.payer.bank_bin.empty()) transfer.payer.bank_bin = someone.bank_bin;
    // What a bank app fills in when the payer types nothing.
    auto const text = as_banks_write(order.payer_memo.empty() ? transfer.payer.name + " chuyen tien" : order.payer_memo);
    transfer.order_code = order_code_in(text);
    auto const wrappers = memo_wrapper_names();
    auto const wrapper = order.wrapper.empty() ? wrappers[dice_.below(wrappers.size(), draw_wrapper, transfer.number)]
                                               : std::string_view(order.wrapper);
    CHO_TRY(transfer.memo, wrap_memo(wrapper, text, transfer, dice_));
    put_into_books(transfer);
    if (booked_) booked_(transfer);
    return transfer;
}

void Bank::restore(Transfer transfer) { put_into_books(transfer); }

void Bank::put_into_books(Transfer& transfer)
{
    auto const key = key_of(transfer.bank_bin, transfer.account_number);
    auto& moved = moved_[key];
    if (!transfer.failed) moved += transfer.flow == Flow::in ? transfer.amount.count() : -transfer.amount.count();
    auto const account = receiving_accounts_.find(key);
    transfer.balance = Dong((account == receiving_accounts_.end() ? 0 : account->second.opening.count()) + moved);
    by_reference_.emplace(transfer.reference, transfers_.size());
    transfers_.push_back(transfer);
}

Result<Transfer> Bank::transfer(std::string_view reference) const
{
    auto const found = by_reference_.find(reference);
    if (found == by_reference_.end()) return fail(Errc::not_found, "the bank has no such transfer");
    return transfers_[found->second];
}

// "FT", year, day of the year, nine digits: those of another seed begin elsewhere, and no two of one day are equal. They rise
// as transfers are booked; the first of a seed leaves room for a hundred million.
std::string Bank::reference_of(std::uint64_t number, Instant booked_at) const
{
    auto const day = Day::of(booked_at);
    auto const day_of_year = day.days_since(Day::from(day.year(), 1, 1)) + 1;
    return fmt::format("FT{:02}{:03}{:09}", day.year() % 100, day_of_year,
                       (dice_.below(900'000'000, draw_reference, 0) + number) % 1'000'000'000);
}

Payer Bank::payer_of(std::uint64_t number) const
{
    return {fmt::format("{} {}", families[dice_.below(std::size(families), draw_family, number)],
                        given_names[dice_.below(std::size(given_names), draw_given, number)]),
            fmt::format("{:010}", dice_.below(10'000'000'000, draw_account, number)),
            std::string(payer_banks[dice_.below(std::size(payer_banks), draw_bank, number)])};
}

}  // namespace cho40::sandbox
