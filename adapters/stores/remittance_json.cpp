#include "adapters/stores/remittance_json.h"
#include "base/check.h"
#include <nlohmann/json.hpp>

namespace cho40::stores {
namespace {

using nlohmann::json;

std::string text(json const& j, char const* name) { return j.at(name).get<std::string>(); }
Dong dong(json const& j, char const* name) { return Dong(j.at(name).get<std::int64_t>()); }
fees::FeeKind kind(json const& j) { return text(j, "kind") == "phi" ? fees::FeeKind::phi : fees::FeeKind::le_phi; }
char const* kind_text(fees::FeeKind k) { return k == fees::FeeKind::phi ? "phi" : "le_phi"; }

// We wrote it ourselves.
Day day(json const& j, char const* name)
{
    auto const parsed = Day::parse(text(j, name));
    CHO_CHECK(parsed.has_value());
    return *parsed;
}

Uuid uuid(json const& j, char const* name) { return Uuid::from_string(text(j, name)).value_or(Uuid{}); }

json carried_json(std::vector<fees::CarriedOver> const& all)
{
    json out = json::array();
    for (auto const& one : all) {
        out.push_back({{"kind", kind_text(one.fee_kind)},
                       {"chapter", one.chapter},
                       {"subitem", one.subitem},
                       {"area", one.area},
                       {"amount", one.amount.count()}});
    }
    return out;
}

std::vector<fees::CarriedOver> read_carried(json const& all)
{
    std::vector<fees::CarriedOver> out;
    for (auto const& j : all) out.push_back({kind(j), text(j, "chapter"), text(j, "subitem"), text(j, "area"), dong(j, "amount")});
    return out;
}

json seen_json(std::optional<fees::SeenEntry> const& seen)
{
    if (!seen) return nullptr;
    return {{"reference", seen->reference}, {"day", seen->day.to_string()}};
}

std::optional<fees::SeenEntry> read_seen(json const& j)
{
    if (j.is_null()) return std::nullopt;
    return fees::SeenEntry{text(j, "reference"), day(j, "day")};
}

json order_json(fees::RemittanceOrder const& order)
{
    json lines = json::array();
    for (auto const& line : order.plan.lines) {
        lines.push_back({{"kind", kind_text(line.fee_kind)},
                         {"chapter", line.chapter},
                         {"subitem", line.subitem},
                         {"area", line.area},
                         {"due", line.due.count()},
                         {"carried_in", line.carried_in.count()},
                         {"amount", line.amount.count()}});
    }
    json out = {{"code", order.code.text()},
                {"treasury_code", order.plan.treasury_code},
                {"collecting_office", order.plan.collecting_office},
                {"treasury_account", order.plan.treasury_account},
                {"lines", std::move(lines)},
                {"total", order.plan.total.count()},
                {"words", order.plan.words},
                {"state", static_cast<int>(order.state)},
                {"attempt", order.attempt},
                {"ordered_at", order.ordered_at ? json(order.ordered_at->time_since_epoch().count()) : json(nullptr)},
                {"debited", seen_json(order.debited)},
                {"credited", seen_json(order.credited)},
                {"confirmed", nullptr},
                {"returned_why", order.returned_why},
                {"returned_by", order.returned_by.to_string()},
                {"returned_by_owner", order.returned_by_owner.to_string()}};
    if (auto const& paper = order.confirmed)
        out["confirmed"] = {{"number", paper->number}, {"evidence", paper->evidence}, {"day", paper->day.to_string()}};
    return out;
}

fees::RemittanceOrder read_order(json const& j)
{
    fees::PlannedOrder plan{text(j, "treasury_code"), text(j, "collecting_office"), text(j, "treasury_account"), {}, dong(j, "total"),
                            text(j, "words")};
    for (auto const& line : j.at("lines")) {
        plan.lines.push_back({kind(line), text(line, "chapter"), text(line, "subitem"), text(line, "area"), dong(line, "due"),
                              dong(line, "carried_in"), dong(line, "amount")});
    }
    auto code = fees::RemittanceCode::parse(text(j, "code"));
    CHO_CHECK(code.has_value());
    fees::RemittanceOrder order(*std::move(code), std::move(plan));
    order.state = static_cast<fees::OrderState>(j.at("state").get<int>());
    order.attempt = j.at("attempt").get<int>();
    if (auto const& at = j.at("ordered_at"); !at.is_null()) order.ordered_at = Instant(std::chrono::microseconds(at.get<std::int64_t>()));
    order.debited = read_seen(j.at("debited"));
    order.credited = read_seen(j.at("credited"));
    if (auto const& paper = j.at("confirmed"); !paper.is_null())
        order.confirmed = fees::TreasuryPaper{text(paper, "number"), text(paper, "evidence"), day(paper, "day")};
    order.returned_why = text(j, "returned_why");
    order.returned_by = uuid(j, "returned_by");
    order.returned_by_owner = uuid(j, "returned_by_owner");
    return order;
}

}  // namespace

std::string plan_json(fees::RemittancePlan const& plan)
{
    json items = json::array();
    for (auto const& item : plan.items) {
        items.push_back({{"fee_code", item.fee_code},
                         {"kind", kind_text(item.fee_kind)},
                         {"subitem", item.subitem},
                         {"retained_percent", item.retained_percent},
                         {"gross", item.gross.count()},
                         {"given_back", item.given_back.count()},
                         {"net", item.net.count()},
                         {"kept", item.kept.count()},
                         {"due", item.due.count()}});
    }
    json out = {{"items", std::move(items)},
                {"carried_in", carried_json(plan.carried_in)},
                {"carried_out", carried_json(plan.carried_out)},
                {"gross", plan.gross.count()},
                {"given_back", plan.given_back.count()},
                {"net", plan.net.count()},
                {"kept", plan.kept.count()},
                {"due", plan.due.count()},
                {"ordered", plan.ordered.count()}};
    return out.dump();
}

void read_plan(fees::Remittance& remittance, std::string_view plan_text, std::string_view orders_text)
{
    auto const j = json::parse(plan_text);
    auto& plan = remittance.plan;
    for (auto const& item : j.at("items")) {
        plan.items.push_back({text(item, "fee_code"), kind(item), text(item, "subitem"), item.at("retained_percent").get<int>(),
                              dong(item, "gross"), dong(item, "given_back"), dong(item, "net"), dong(item, "kept"), dong(item, "due")});
    }
    plan.carried_in = read_carried(j.at("carried_in"));
    plan.carried_out = read_carried(j.at("carried_out"));
    plan.gross = dong(j, "gross");
    plan.given_back = dong(j, "given_back");
    plan.net = dong(j, "net");
    plan.kept = dong(j, "kept");
    plan.due = dong(j, "due");
    plan.ordered = dong(j, "ordered");
    for (auto const& one : json::parse(orders_text)) {
        remittance.orders.push_back(read_order(one));
        plan.orders.push_back(remittance.orders.back().plan);
    }
}

std::string orders_json(std::vector<fees::RemittanceOrder> const& orders)
{
    json out = json::array();
    for (auto const& order : orders) out.push_back(order_json(order));
    return out.dump();
}

std::string differences_json(std::vector<fees::RemittanceDifference> const& differences)
{
    json out = json::array();
    for (auto const& one : differences) {
        out.push_back({{"code", one.code},
                       {"whose", one.whose == fees::StatementOf::treasury ? "treasury" : "collector"},
                       {"amount", one.amount.count()},
                       {"day", one.day.to_string()},
                       {"reference", one.reference}});
    }
    return out.dump();
}

std::vector<fees::RemittanceDifference> read_differences(std::string_view all)
{
    std::vector<fees::RemittanceDifference> out;
    for (auto const& j : json::parse(all)) {
        auto const whose = text(j, "whose") == "treasury" ? fees::StatementOf::treasury : fees::StatementOf::collector;
        out.push_back({text(j, "code"), whose, dong(j, "amount"), day(j, "day"), text(j, "reference")});
    }
    return out;
}

}  // namespace cho40::stores
