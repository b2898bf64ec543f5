#include "adapters/api/ids.h"
#include "adapters/api/recon_closing.h"
#include "adapters/api/recon_json.h"
#include "adapters/api/resource_json.h"
#include "adapters/http/json_writer.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using nlohmann::json;
using reconcile::DaySheet;
using stores::ReconClosing;

json count_sum(reconcile::CountSum const& of) { return {{"count", of.count}, {"sum", http::money_json(of.sum)}}; }

std::string preparer_text(ReconClosing const& closing)
{
    return http::id_text(closing.prepared_by == closing.prepared_by_owner ? "usr" : "key", closing.prepared_by);
}

json state_of(ReconClosing const& closing)
{
    auto const since = closing.decision ? closing.decision->at : closing.prepared_at;
    auto const reason = closing.decision ? closing.decision->reason : std::string();
    return http::state_json(closing_state(closing), closing.decision.has_value(), since, reason.empty() ? "" : "not_agreed", reason);
}

json decider_json(ReconClosing const& closing)
{
    if (!closing.decision) return nullptr;
    return {{"id", http::id_text("usr", closing.decision->by)}, {"name", http::text_or_null(closing.decision->by_name)}};
}

json signature_json(ReconClosing const& closing)
{
    if (!closing.is_signed()) return nullptr;
    return {{"algorithm", "Ed25519"},
            {"key_id", to_hex(closing.decision->key_id)},
            {"text", reconcile::signed_bytes(signed_words(closing))},
            {"signature", to_hex(closing.decision->signature)}};
}

json figures_json(DaySheet const& sheet, reconcile::CountSum const& provider, reconcile::CountSum const& bank)
{
    return {{"ledger", count_sum(sheet.ledger)},
            {"provider", count_sum(provider)},
            {"bank", count_sum(bank)},
            {"matched", count_sum(sheet.matched)},
            {"waiting", count_sum(sheet.waiting)}};
}

json class_json(DaySheet const& sheet, reconcile::ClassFigures const& of)
{
    return {{"class", reconcile::name_of(of.kind)},
            {"count", of.count},
            {"open", of.open},
            {"delta", http::money_json(of.delta)},
            {"at_stake", http::money_json(of.at_stake)},
            {"lines", "/v1/recon/breaks?partner=" + sheet.partner + "&date=" + sheet.day.to_string() +
                          "&class=" + std::string(reconcile::name_of(of.kind))}};
}

json file_json(reconcile::SheetFile const& file)
{
    return {{"id", file.id},
            {"side", file.side == reconcile::Side::bank ? "bank" : "provider"},
            {"date", http::day_json(file.date)},
            {"revision", file.revision},
            {"lines", file.lines},
            {"sum", http::money_json(file.sum)},
            {"sha256", to_hex(file.digest)},
            {"content", "/v1/recon/files/" + file.id + "/content"}};
}

json break_json(reconcile::SheetBreak const& found)
{
    return {{"id", found.id},
            {"class", reconcile::name_of(found.kind)},
            {"delta", http::money_json(found.delta)},
            {"at_stake", http::money_json(found.at_stake)},
            {"ended", found.ended ? json(lower_name(reconcile::name_of(*found.ended))) : json()},
            {"lines", "/v1/recon/breaks/" + found.id}};
}

json lists_json(DaySheet const& sheet, std::vector<reconcile::ClassFigures> const& classes)
{
    json view = {{"classes", json::array()}, {"equations", json::array()}, {"files", json::array()}, {"breaks", json::array()}};
    for (auto const& of : classes) view["classes"].push_back(class_json(sheet, of));
    for (auto const& e : sheet.equations)
        view["equations"].push_back({{"number", e.number},
                                     {"name", e.name},
                                     {"left", http::money_json(e.left)},
                                     {"right", http::money_json(e.right)},
                                     {"holds", e.left == e.right}});
    for (auto const& file : sheet.files) view["files"].push_back(file_json(file));
    for (auto const& found : sheet.breaks) view["breaks"].push_back(break_json(found));
    return view;
}

}  // namespace

std::string closing_state(ReconClosing const& closing)
{
    if (!closing.decision) return "prepared";
    return closing.decision->is_signed ? "signed" : "rejected";
}

reconcile::ClosingWords signed_words(ReconClosing const& closing)
{
    return {http::to_text(closing.id), closing.digest, preparer_text(closing), http::id_text("usr", closing.decision->by),
            closing.decision->at};
}

json adjustments_json(std::vector<reconcile::Adjustment> const& adjustments)
{
    json list = json::array();
    for (auto const& a : adjustments) {
        list.push_back({{"kind", reconcile::name_of(a.kind)},
                        {"subject", http::text_or_null(a.subject)},
                        {"count", a.count},
                        {"sum", http::money_json(a.sum)}});
    }
    return list;
}

json closing_head_json(ReconClosing const& closing)
{
    auto const id = http::to_text(closing.id);
    json view = {{"id", id},
                 {"state", state_of(closing)},
                 {"date", http::day_json(closing.date)},
                 {"partner", http::to_text(Id<qr_pay::RailAccountTag>(closing.partner))},
                 {"number", closing.number},
                 {"run", http::to_text(closing.run)},
                 {"sha256", to_hex(closing.digest)},
                 {"note", http::text_or_null(closing.note)},
                 {"prepared_by", {{"id", preparer_text(closing)}, {"name", http::text_or_null(closing.prepared_by_name)}}},
                 {"decided_by", decider_json(closing)},
                 {"signature", signature_json(closing)},
                 {"links",
                  {{"csv", "/v1/recon/closings/" + id + "?format=csv"},
                   {"pdf", "/v1/recon/closings/" + id + "?format=pdf"},
                   {"matches", "/v1/recon/runs/" + http::to_text(closing.run) + "/matches"}}}};
    stamp(view, "recon_closing", closing.decision ? 2 : 1, closing.prepared_at,
          closing.decision ? closing.decision->at : closing.prepared_at);
    return view;
}

Result<json> closing_json(ReconClosing const& closing)
{
    CHO_TRY(auto const sheet, reconcile::read_sheet(closing.sheet));
    CHO_TRY(auto const provider, sheet.lines_of(reconcile::Side::provider));
    CHO_TRY(auto const bank, sheet.lines_of(reconcile::Side::bank));
    CHO_TRY(auto const classes, reconcile::class_figures(sheet));
    auto view = closing_head_json(closing);
    view["partner_name"] = sheet.partner_name;
    view["continues_sha256"] = sheet.previous ? json(to_hex(*sheet.previous)) : json();
    view["rules_sha256"] = to_hex(sheet.rules);
    view["as_of"] = http::instant_json(sheet.as_of);
    view["count"] = sheet.ledger.count;
    view["sum"] = http::money_json(sheet.ledger.sum);
    view["figures"] = figures_json(sheet, provider, bank);
    view.update(lists_json(sheet, classes));
    view["adjustments"] = adjustments_json(sheet.adjustments);
    return view;
}

}  // namespace cho40::api
