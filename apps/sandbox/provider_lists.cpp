#include "apps/sandbox/provider_lists.h"
#include "apps/sandbox/rail_messages.h"
#include "qr-pay/banks.h"
#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cho40::sandbox {
namespace {

using nlohmann::json;

struct Listed {
    Transfer const* transfer = nullptr;
    std::int64_t id = 0;       // the provider's number
    std::size_t account = 0;   // which of the rail account's receiving accounts, from 1
};

std::string brand_of(std::string const& bank_bin)
{
    auto const* bank = qr_pay::Banks::current().find(bank_bin);
    return bank == nullptr ? bank_bin : bank->short_name;
}

// What moved money on the rail account's receiving accounts, by number.
std::vector<Listed> transfers_of(Bank const& bank, RailAccount const& rail)
{
    auto const accounts = bank.told_by(rail.id);
    std::vector<Listed> out;
    for (auto const& transfer : bank.transfers()) {
        if (transfer.failed) continue;
        auto const found = std::ranges::find_if(accounts, [&](ReceivingAccount const& account) {
            return account.bank_bin == transfer.bank_bin && account.account_number == transfer.account_number;
        });
        if (found == accounts.end()) continue;
        Listed listed{&transfer, 0, static_cast<std::size_t>(found - accounts.begin()) + 1};
        auto const text = provider_transaction(rail, transfer);
        std::from_chars(text.data(), text.data() + text.size(), listed.id);
        out.push_back(listed);
    }
    std::ranges::sort(out, {}, &Listed::id);
    return out;
}

std::string with_decimals(std::int64_t dong) { return fmt::format("{}.00", dong); }

json sepay_line(Listed const& listed)
{
    auto const& transfer = *listed.transfer;
    bool const in = transfer.flow == Flow::in;
    return {{"id", std::to_string(listed.id)},
            {"bank_brand_name", brand_of(transfer.bank_bin)},
            {"account_number", transfer.account_number},
            {"transaction_date", to_local_time(transfer.booked_at)},
            {"amount_out", with_decimals(in ? 0 : transfer.amount.count())},
            {"amount_in", with_decimals(in ? transfer.amount.count() : 0)},
            {"accumulated", with_decimals(transfer.balance.count())},
            {"transaction_content", transfer.memo},
            {"reference_number", transfer.reference},
            {"code", nullptr},
            {"sub_account", transfer.virtual_account.empty() ? json() : json(transfer.virtual_account)},
            {"bank_account_id", std::to_string(listed.account)}};
}

bool wanted(Transfer const& transfer, std::int64_t id, SepayQuery const& query)
{
    auto const amount_is = [&](Flow flow, Dong amount) { return transfer.flow == flow && transfer.amount == amount; };
    if (!query.account_number.empty() && transfer.account_number != query.account_number) return false;
    if (!query.reference_number.empty() && transfer.reference != query.reference_number) return false;
    if (query.not_before && transfer.booked_at < *query.not_before) return false;
    if (query.before && transfer.booked_at >= *query.before) return false;
    if (query.amount_in && !amount_is(Flow::in, *query.amount_in)) return false;
    if (query.amount_out && !amount_is(Flow::out, *query.amount_out)) return false;
    return id >= query.since_id;
}

std::string iso_local_time(Instant at)
{
    auto text = to_local_time(at);
    std::ranges::replace(text, ' ', 'T');
    return text;
}

json casso_record(Listed const& listed)
{
    auto const& transfer = *listed.transfer;
    auto const when = iso_local_time(transfer.booked_at);
    return {{"id", listed.id},
            {"tid", transfer.reference},
            {"description", transfer.memo},
            {"amount", transfer.flow == Flow::in ? transfer.amount.count() : -transfer.amount.count()},
            {"cusumBalance", transfer.balance.count()},
            {"when", when},
            {"bookingDate", when},
            {"bankSubAccId", transfer.account_number},
            {"paymentChannel", ""},
            {"virtualAccount", transfer.virtual_account},
            {"virtualAccountName", ""},
            {"corresponsiveName", transfer.payer.name},
            {"corresponsiveAccount", transfer.payer.account},
            {"corresponsiveBankId", transfer.payer.bank_bin},
            {"corresponsiveBankName", brand_of(transfer.payer.bank_bin)},
            {"accountId", listed.account},
            {"bankCodeName", brand_of(transfer.bank_bin)}};
}

}  // namespace

json sepay_list(Bank const& bank, RailAccount const& account, SepayQuery const& query)
{
    auto all = transfers_of(bank, account);
    std::ranges::reverse(all);
    auto lines = json::array();
    for (auto const& listed : all) {
        if (lines.size() == query.limit) break;
        if (wanted(*listed.transfer, listed.id, query)) lines.push_back(sepay_line(listed));
    }
    return {{"status", 200}, {"error", nullptr}, {"messages", {{"success", true}}}, {"transactions", std::move(lines)}};
}

json casso_page(Bank const& bank, RailAccount const& account, CassoQuery const& query)
{
    auto all = transfers_of(bank, account);
    std::erase_if(all, [&](Listed const& listed) {
        return listed.transfer->booked_at < query.from.begin() || listed.transfer->booked_at >= query.to.end();
    });
    // By time, as it says; those of one moment by their number.
    std::ranges::sort(all, {}, [](Listed const& listed) { return std::pair(listed.transfer->booked_at, listed.id); });
    if (!query.ascending) std::ranges::reverse(all);
    auto const pages = (all.size() + query.page_size - 1) / query.page_size;
    auto const begin = std::min(all.size(), (query.page - 1) * query.page_size);
    auto const end = std::min(all.size(), begin + query.page_size);
    auto records = json::array();
    for (auto i = begin; i < end; ++i) records.push_back(casso_record(all[i]));
    return {{"error", 0},
            {"message", "success"},
            {"data",
             {{"page", query.page},
              {"pageSize", query.page_size},
              {"nextPage", query.page < pages ? json(query.page + 1) : json()},
              {"prevPage", query.page > 1 ? json(query.page - 1) : json()},
              {"totalPages", pages},
              {"totalRecords", all.size()},
              {"records", std::move(records)}}}};
}

}  // namespace cho40::sandbox
