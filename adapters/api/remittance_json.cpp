#include "adapters/api/remittance_json.h"
#include "adapters/api/ids.h"
#include "adapters/api/resource_json.h"
#include "adapters/http/json_writer.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using nlohmann::json;

char const* kind_name(fees::FeeKind kind) { return kind == fees::FeeKind::phi ? "phi" : "le_phi"; }

std::optional<Day> pay_by(fees::RemittancePlan const& plan, RemittanceContext const& context)
{
    std::optional<Day> earliest;
    for (auto const& item : plan.items) {
        auto const last = context.deadlines.last_day_for(item.fee_code, plan.period.from, WorkingDays::embedded());
        if (last && (!earliest || *last < *earliest)) earliest = last;
    }
    return earliest;
}

json items_json(std::vector<fees::RemittanceItem> const& items)
{
    json out = json::array();
    for (auto const& item : items) {
        out.push_back({{"fee_code", item.fee_code},
                       {"kind", kind_name(item.fee_kind)},
                       {"subitem", item.subitem},
                       {"retained_percent", item.retained_percent},
                       {"gross", http::money_json(item.gross)},
                       {"given_back", http::money_json(item.given_back)},
                       {"net", http::money_json(item.net)},
                       {"kept", http::money_json(item.kept)},
                       {"due", http::money_json(item.due)}});
    }
    return out;
}

json carried_json(std::vector<fees::CarriedOver> const& all)
{
    json out = json::array();
    for (auto const& one : all) {
        out.push_back({{"kind", kind_name(one.fee_kind)},
                       {"chapter", one.chapter},
                       {"subitem", one.subitem},
                       {"area", one.area},
                       {"amount", http::money_json(one.amount)}});
    }
    return out;
}

json lines_json(fees::PlannedOrder const& order)
{
    json out = json::array();
    for (auto const& line : order.lines) {
        out.push_back({{"kind", kind_name(line.fee_kind)},
                       {"chapter", line.chapter},
                       {"subitem", line.subitem},
                       {"area", line.area},
                       {"due", http::money_json(line.due)},
                       {"carried_in", http::money_json(line.carried_in)},
                       {"amount", http::money_json(line.amount)}});
    }
    return out;
}

json planned_json(fees::PlannedOrder const& order)
{
    return {{"treasury_code", order.treasury_code},
            {"collecting_office", order.collecting_office},
            {"treasury_account", order.treasury_account},
            {"total", http::money_json(order.total)},
            {"words", order.words},
            {"lines", lines_json(order)}};
}

json seen_json(std::optional<fees::SeenEntry> const& seen)
{
    if (!seen) return nullptr;
    return {{"reference", http::text_or_null(seen->reference)}, {"date", http::day_json(seen->day)}};
}

json order_json(fees::RemittanceOrder const& order)
{
    auto out = planned_json(order.plan);
    out["reference"] = order.code.text();
    out["state"] = fees::order_state_name(order.state);
    out["attempt"] = order.attempt;
    out["ordered_at"] = http::instant_json(order.ordered_at);
    out["debited"] = seen_json(order.debited);
    out["credited"] = seen_json(order.credited);
    out["confirmed"] = nullptr;
    if (auto const& paper = order.confirmed)
        out["confirmed"] = {{"document", paper->number}, {"evidence", paper->evidence}, {"date", http::day_json(paper->day)}};
    out["returned_reason"] = http::text_or_null(order.returned_why);
    return out;
}

json differences_json(std::vector<fees::RemittanceDifference> const& all)
{
    json out = json::array();
    for (auto const& one : all) {
        out.push_back({{"order", one.code},
                       {"statement_of", one.whose == fees::StatementOf::treasury ? "treasury" : "collector"},
                       {"amount", http::money_json(one.amount)},
                       {"date", http::day_json(one.day)},
                       {"reference", http::text_or_null(one.reference)}});
    }
    return out;
}

json person_json(Uuid const& id, Uuid const& owner) { return http::id_text(id == owner ? "usr" : "key", id); }

}  // namespace

json remittance_plan_json(fees::RemittancePlan const& plan, RemittanceContext const& context)
{
    json orders = json::array();
    for (auto const& order : plan.orders) orders.push_back(planned_json(order));
    auto const deadline = pay_by(plan, context);
    return {{"period", {{"from", http::day_json(plan.period.from)}, {"to", http::day_json(plan.period.to)}}},
            {"gross", http::money_json(plan.gross)},
            {"given_back", http::money_json(plan.given_back)},
            {"net", http::money_json(plan.net)},
            {"kept", http::money_json(plan.kept)},
            {"due", http::money_json(plan.due)},
            {"ordered", http::money_json(plan.ordered)},
            {"pay_by", deadline ? http::day_json(*deadline) : json(nullptr)},
            {"items", items_json(plan.items)},
            {"orders", std::move(orders)},
            {"carried_in", carried_json(plan.carried_in)},
            {"carried_out", carried_json(plan.carried_out)}};
}

json remittance_json(fees::Remittance const& r, RemittanceContext const& context)
{
    auto view = remittance_plan_json(r.plan, context);
    view["id"] = http::to_text(r.id);
    view["agency"] = http::to_text(r.agency);
    view["number"] = r.number;
    view["state"] = http::state_json(fees::remittance_state_name(r.state), r.is_finished(), r.decided_at.value_or(r.made_at),
                                     r.reason.empty() ? "" : "refused", r.reason);
    view["orders"] = json::array();
    for (auto const& order : r.orders) view["orders"].push_back(order_json(order));
    view["differences"] = differences_json(r.differences);
    view["made_by"] = person_json(r.made_by, r.made_by_owner);
    view["decided_by"] = r.decided_by.is_nil() ? json(nullptr) : json(http::id_text("usr", r.decided_by));
    view["decided_at"] = http::instant_json(r.decided_at);
    stamp(view, "remittance", r.version, r.made_at, r.changed_at);
    return view;
}

json heard_json(fees::Remit::Heard const& heard, std::vector<fees::StatementLine> const& lines)
{
    using enum fees::LineMeaning;
    json counts = json::object();
    for (auto const meaning : {none, debited, credited, repeated, differs, ambiguous, not_awaited})
        counts[std::string(fees::meaning_name(meaning))] = 0;
    json named = json::array();
    for (std::size_t i = 0; i < heard.readings.size(); ++i) {
        auto const& reading = heard.readings[i];
        auto& count = counts[std::string(fees::meaning_name(reading.meaning))];
        count = count.get<std::int64_t>() + 1;
        if (reading.meaning == none) continue;
        named.push_back({{"meaning", fees::meaning_name(reading.meaning)},
                         {"order", reading.order ? json(heard.codes[*reading.order]) : json(nullptr)},
                         {"amount", http::money_json(lines[i].amount)},
                         {"date", http::day_json(lines[i].day)},
                         {"reference", http::text_or_null(lines[i].reference)}});
    }
    json changed = json::array();
    for (auto const& remittance : heard.changed) changed.push_back(http::to_text(remittance.id));
    return {{"object", "remittance_statement"},
            {"lines", heard.readings.size()},
            {"counts", std::move(counts)},
            {"named", std::move(named)},
            {"remittances", std::move(changed)}};
}

}  // namespace cho40::api
