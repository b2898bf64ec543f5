#include "adapters/api/ids.h"
#include "adapters/api/recon_closing.h"
#include "adapters/api/recon_json.h"
#include "adapters/http/json_writer.h"
#include <map>
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using nlohmann::json;

// "open", "closing" (prepared, waits for its signature) or "closed", of one partner's day.
std::string state_of(std::vector<stores::ReconClosing> const& closings)
{
    if (std::ranges::any_of(closings, [](auto const& c) { return !c.decision; })) return "closing";
    return newest_signed(closings) == nullptr ? "open" : "closed";
}

std::string state_of_all(json const& partners)
{
    bool closed = !partners.empty();
    bool closing = false;
    for (auto const& partner : partners) {
        closed = closed && partner.at("state") == "closed";
        closing = closing || partner.at("state") == "closing";
    }
    return closed ? "closed" : closing ? "closing" : "open";
}

// What is different now from the version signed last; null when none was. Errors: books_broken, too_many.
boost::asio::awaitable<Result<json>> changes_since(ReconContext& context, Uuid partner, Day day, std::vector<stores::ReconClosing> closings)
{
    auto const* const newest = newest_signed(closings);
    CHO_CO_TRY(auto const known, co_await context.recon.partner(Id<qr_pay::RailAccountTag>(partner)));
    if (newest == nullptr || !known) co_return json();
    CHO_CO_TRY(auto const frozen, co_await context.closings.find(newest->id));
    CHO_CO_TRY(auto const signed_sheet, reconcile::read_sheet(frozen->sheet));
    CHO_CO_TRY(auto const facts, co_await facts_of_day(context, *known, day));
    if (!facts) co_return json();
    CHO_CO_TRY(auto const changes, reconcile::changes_between(signed_sheet, facts->sheet));
    co_return adjustments_json(changes);
}

}  // namespace

Answering read_recon_day(ReconContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, {"partner"}));
    CHO_CO_TRY(auto const day, Day::parse(request.path_value("date")));
    auto named = request.query_value("partner");
    bool const one_partner = named.has_value();
    CHO_CO_TRY(auto partners, co_await visible_partners(context, std::move(principal), std::move(named)));
    auto of = partners;
    CHO_CO_TRY(auto files, co_await context.recon.files(std::move(of), day, day));
    of = partners;
    CHO_CO_TRY(auto runs, co_await context.recon.newest_runs(std::move(of), day));
    of = std::move(partners);
    CHO_CO_TRY(auto const known, co_await context.recon.partners());
    std::map<Uuid, std::string> names;
    for (auto const& partner : known) names.emplace(partner.id.uuid, partner.name);
    CHO_CO_TRY(auto heads, co_await context.closings.heads(std::move(of), day, day));

    json file_list = json::array();
    std::map<Uuid, json> by_partner;
    std::string versions;  // whatever changes the sheet changes this
    for (auto const& file : files) {
        file_list.push_back(recon_file_json(file, file.result, request.language));
        by_partner[file.partner] = nullptr;
        versions += file.id.uuid.to_string();
    }
    for (auto const& run : runs) {
        auto view = json::parse(run.summary);
        view["run"] = http::to_text(run.id);
        by_partner[run.partner] = std::move(view);
        versions += run.id.uuid.to_string();
    }
    std::map<Uuid, std::vector<stores::ReconClosing>> closings;
    for (auto& closing : heads) {
        versions += closing.id.uuid.to_string() + closing_state(closing);
        closings[closing.partner].push_back(std::move(closing));
    }
    json partner_list = json::array();
    for (auto& [partner, view] : by_partner) {
        if (view.is_null()) {
            view = empty_summary();
            view["run"] = nullptr;
        }
        auto const& of_partner = closings[partner];
        view["partner"] = http::to_text(Id<qr_pay::RailAccountTag>(partner));
        view["name"] = names[partner];
        view["state"] = state_of(of_partner);
        view["closings"] = json::array();
        for (auto const& closing : of_partner) view["closings"].push_back(closing_head_json(closing));
        if (one_partner) {
            CHO_CO_TRY(view["changes"], co_await changes_since(context, partner, day, of_partner));
            versions += view["changes"].dump();
        }
        partner_list.push_back(std::move(view));
    }
    auto const version = static_cast<std::int64_t>(files.size() + runs.size());
    json sheet = {{"object", "recon_day"},
                  {"date", http::day_json(day)},
                  {"as_of", http::instant_json(context.clock.now())},
                  {"version", version},
                  {"state", state_of_all(partner_list)},
                  {"files", std::move(file_list)},
                  {"partners", std::move(partner_list)}};
    auto const tag = "\"" + to_hex(sha256(versions)).substr(0, 16) + "\"";
    if (http::none_match_hits(request, tag)) co_return http::Response(304).header("ETag", tag);
    co_return http::Response::json(sheet).header("ETag", tag);
}

}  // namespace cho40::api
