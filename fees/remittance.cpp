#include "fees/remittance.h"
#include "base/vietnamese_number.h"
#include <map>
#include <set>
#include <tuple>

namespace cho40::fees {
namespace {

using ItemKey = std::tuple<FeeKind, std::string, std::string, int>;                       // kind, fee, sub-item, share
using LineKey = std::tuple<std::string, std::string, std::string, FeeKind>;               // chapter, sub-item, area, kind

struct Sums {
    Dong gross, given_back;
};

Result<Done> add_to(Dong& sum, Dong amount)
{
    CHO_TRY(sum, add(sum, amount));
    return Done{};
}

std::string joined(std::set<std::string> const& names)
{
    std::string out;
    for (auto const& name : names) out.append(out.empty() ? "" : ", ").append(name);
    return out;
}

Result<Done> require_keys(BudgetKeys const& keys)
{
    std::string missing;
    auto const need = [&](std::string const& value, char const* name) {
        if (value.empty()) missing.append(missing.empty() ? "" : ", ").append(name);
    };
    need(keys.chapter, "chapter");
    need(keys.area_code, "area code");
    need(keys.collecting_office, "collecting office");
    need(keys.treasury_code, "treasury");
    need(keys.treasury_account, "treasury account");
    if (missing.empty()) return Done{};
    return fail(Error(Errc::invalid_state, "the agency has no " + missing + ": without them the treasury cannot place the money")
                    .vi("Cơ quan thu chưa khai đủ chương, địa bàn, cơ quan thu, Kho bạc và tài khoản Kho bạc nên chưa lập được lệnh nộp."));
}

Error shares_unknown(std::set<std::string> const& fees)
{
    return Error(Errc::rate_missing, "nobody has said what the collector keeps of " + joined(fees) +
                                         ". Enter the share of the decision in force on the receipts' days; nothing was made.")
        .vi("Chưa có tỷ lệ để lại của: " + joined(fees) + ". Nhập tỷ lệ theo quyết định có hiệu lực vào ngày thu; chưa lập gì cả.");
}

Error subitems_unknown(std::set<std::string> const& fees)
{
    return Error(Errc::invalid_state, "no budget sub-item is known for " + joined(fees) + "; nothing was made")
        .vi("Chưa có tiểu mục ngân sách của: " + joined(fees) + "; chưa lập gì cả.");
}

Result<std::map<ItemKey, Sums>> sums_of(Agency const& agency, Agencies const& shares, RemittancePeriod period,
                                        std::span<BudgetMovement const> movements)
{
    std::map<ItemKey, Sums> out;
    std::set<std::string> without_share, without_subitem;
    for (auto const& m : movements) {
        if (!period.contains(m.day)) continue;
        int percent = 0;
        if (m.fee_kind == FeeKind::phi) {
            auto const* row = shares.collection(agency.code, m.fee_code, m.receipt_day);
            if (row == nullptr || !row->retained_percent) without_share.insert(m.fee_code);
            else percent = *row->retained_percent;
        }
        if (m.subitem.empty()) without_subitem.insert(m.fee_code);
        auto& sums = out[{m.fee_kind, m.fee_code, m.subitem, percent}];
        switch (m.kind) {
        case BudgetMovement::Kind::collected: CHO_TRY_DO(add_to(sums.gross, m.amount)); break;
        case BudgetMovement::Kind::given_back: CHO_TRY_DO(add_to(sums.given_back, m.amount)); break;
        case BudgetMovement::Kind::came_back: CHO_TRY_DO(add_to(sums.given_back, Dong(-m.amount.count()))); break;
        }
    }
    if (!without_share.empty()) return fail(shares_unknown(without_share));
    if (!without_subitem.empty()) return fail(subitems_unknown(without_subitem));
    return out;
}

Result<Done> make_items(std::map<ItemKey, Sums> const& sums, RemittancePlan& plan)
{
    for (auto const& [key, money] : sums) {
        RemittanceItem item;
        std::tie(item.fee_kind, item.fee_code, item.subitem, item.retained_percent) = key;
        item.gross = money.gross;
        item.given_back = money.given_back;
        CHO_TRY(item.net, subtract(item.gross, item.given_back));
        item.kept = retained_of(item.net, item.retained_percent);
        CHO_TRY(item.due, subtract(item.net, item.kept));
        CHO_TRY_DO(add_to(plan.gross, item.gross));
        CHO_TRY_DO(add_to(plan.given_back, item.given_back));
        CHO_TRY_DO(add_to(plan.net, item.net));
        CHO_TRY_DO(add_to(plan.kept, item.kept));
        CHO_TRY_DO(add_to(plan.due, item.due));
        plan.items.push_back(std::move(item));
    }
    return Done{};
}

// What is due and what was carried, by the keys of the budget.
Result<std::map<LineKey, RemittanceLine>> lines_of(BudgetKeys const& keys, RemittancePlan const& plan)
{
    std::map<LineKey, RemittanceLine> lines;
    auto const line_at = [&](std::string const& chapter, std::string const& subitem, std::string const& area, FeeKind kind) -> auto& {
        auto& line = lines[{chapter, subitem, area, kind}];
        line.fee_kind = kind;
        line.chapter = chapter;
        line.subitem = subitem;
        line.area = area;
        return line;
    };
    for (auto const& item : plan.items) {
        auto& line = line_at(keys.chapter, item.subitem, keys.area_code, item.fee_kind);
        CHO_TRY_DO(add_to(line.due, item.due));
    }
    for (auto const& carried : plan.carried_in) {
        auto& line = line_at(carried.chapter, carried.subitem, carried.area, carried.fee_kind);
        CHO_TRY_DO(add_to(line.carried_in, carried.amount));
    }
    for (auto& [key, line] : lines) { CHO_TRY(line.amount, add(line.due, line.carried_in)); }
    return lines;
}

auto disagree(std::string what) { return fail(Errc::equation_failed, std::move(what)); }

}  // namespace

Dong retained_of(Dong net, int percent)
{
    // Division of integers rounds towards zero, which is what is promised.
    return Dong(static_cast<std::int64_t>(static_cast<__int128>(net.count()) * percent / 100));
}

Result<RemittancePlan> plan_remittance(Agency const& agency, Agencies const& shares, RemittancePeriod period,
                                       std::span<BudgetMovement const> movements, std::span<CarriedOver const> carried_in)
{
    if (period.to < period.from) {
        return fail(Error(Errc::invalid_period, "the period ends before it begins", "/to").vi("Ngày cuối kỳ phải sau ngày đầu kỳ."));
    }
    CHO_TRY_DO(require_keys(agency.keys));
    RemittancePlan plan;
    plan.period = period;
    plan.carried_in.assign(carried_in.begin(), carried_in.end());
    std::ranges::sort(plan.carried_in);
    CHO_TRY(auto const sums, sums_of(agency, shares, period, movements));
    CHO_TRY_DO(make_items(sums, plan));
    CHO_TRY(auto lines, lines_of(agency.keys, plan));

    PlannedOrder order{agency.keys.treasury_code, agency.keys.collecting_office, agency.keys.treasury_account, {}, {}, {}};
    for (auto& [key, line] : lines) {
        if (line.amount < Dong()) plan.carried_out.push_back({line.fee_kind, line.chapter, line.subitem, line.area, line.amount});
        if (!line.amount.is_positive()) continue;
        CHO_TRY_DO(add_to(order.total, line.amount));
        order.lines.push_back(std::move(line));
    }
    std::ranges::sort(plan.carried_out);
    if (!order.lines.empty()) {
        order.words = amount_in_words(order.total);
        plan.ordered = order.total;
        plan.orders.push_back(std::move(order));
    }
    CHO_TRY_DO(check_sums(plan));
    return plan;
}

Result<Done> check_sums(RemittancePlan const& plan)
{
    __int128 gross = 0, given_back = 0, net = 0, kept = 0, due = 0, ordered = 0, carried = 0;
    for (auto const& item : plan.items) {
        if (item.gross.count() - item.given_back.count() != item.net.count())
            return disagree(item.fee_code + ": what came less what was given back is not the net");
        if (item.kept.count() + item.due.count() != item.net.count()) return disagree(item.fee_code + ": kept and due are not the net");
        if (item.kept != retained_of(item.net, item.retained_percent)) return disagree(item.fee_code + ": what is kept is not the share");
        if (item.fee_kind == FeeKind::le_phi && !item.kept.is_zero()) return disagree(item.fee_code + ": something is kept of a charge");
        gross += item.gross.count();
        given_back += item.given_back.count();
        net += item.net.count();
        kept += item.kept.count();
        due += item.due.count();
    }
    if (gross != plan.gross.count() || given_back != plan.given_back.count() || net != plan.net.count() || kept != plan.kept.count() ||
        due != plan.due.count()) {
        return disagree("the sums of the remittance are not those of its items");
    }
    for (auto const& order : plan.orders) {
        __int128 total = 0;
        for (auto const& line : order.lines) {
            if (!line.amount.is_positive() || line.due.count() + line.carried_in.count() != line.amount.count())
                return disagree("sub-item " + line.subitem + ": the amount ordered is not what is due and was carried");
            total += line.amount.count();
        }
        if (total != order.total.count()) return disagree("an order is not the sum of its lines");
        ordered += total;
    }
    for (auto const& one : plan.carried_in) carried += one.amount.count();
    for (auto const& one : plan.carried_out) carried -= one.amount.count();
    if (ordered != plan.ordered.count() || due + carried != ordered)
        return disagree("what is ordered and carried on is not what is due and was carried over");
    return Done{};
}

}  // namespace cho40::fees
