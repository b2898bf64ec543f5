#include "adapters/api/ids.h"
#include "adapters/api/recon.h"
#include "adapters/api/recon_json.h"
#include "adapters/http/json_writer.h"
#include <map>
#include <nlohmann/json.hpp>

namespace cho40::api {
using http::Request;
using nlohmann::json;

Answering read_recon_day(ReconContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, {"partner"}));
    CHO_CO_TRY(auto const day, Day::parse(request.path_value("date")));
    auto named = request.query_value("partner");
    CHO_CO_TRY(auto partners, co_await visible_partners(context, std::move(principal), std::move(named)));
    auto of = partners;
    CHO_CO_TRY(auto files, co_await context.recon.files(std::move(of), day, day));
    of = std::move(partners);
    CHO_CO_TRY(auto runs, co_await context.recon.newest_runs(std::move(of), day));

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
    json partner_list = json::array();
    for (auto& [partner, view] : by_partner) {
        if (view.is_null()) {
            view = empty_summary();
            view["run"] = nullptr;
        }
        view["partner"] = http::to_text(Id<qr_pay::RailAccountTag>(partner));
        partner_list.push_back(std::move(view));
    }
    auto const version = static_cast<std::int64_t>(files.size() + runs.size());
    json sheet = {{"object", "recon_day"},
                  {"date", http::day_json(day)},
                  {"as_of", http::instant_json(context.clock.now())},
                  {"version", version},
                  {"state", "open"},
                  {"files", std::move(file_list)},
                  {"partners", std::move(partner_list)}};
    auto const tag = "\"" + to_hex(sha256(versions)).substr(0, 16) + "\"";
    if (http::none_match_hits(request, tag)) co_return http::Response(304).header("ETag", tag);
    co_return http::Response::json(sheet).header("ETag", tag);
}

}  // namespace cho40::api
