#include "adapters/api/ids.h"
#include "adapters/api/lists.h"
#include "adapters/api/recon.h"
#include "adapters/api/recon_json.h"
#include "adapters/http/json_writer.h"
#include "base/text.h"
#include <map>
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using nlohmann::json;

// Ids of the partners the principal may see; only the one named, if one is.
boost::asio::awaitable<Result<std::vector<Uuid>>> visible_partners(ReconContext& context, identity::Principal principal,
                                                                   std::optional<std::string> named)
{
    std::optional<Uuid> only;
    if (named) {
        CHO_CO_TRY(auto const id, http::parse_id<qr_pay::RailAccountTag>(*named));
        only = id.uuid;
    }
    CHO_CO_TRY(auto all, co_await context.recon.partners());
    std::vector<Uuid> out;
    for (auto const& partner : all) {
        if ((!only || *only == partner.id.uuid) && may_see(principal, partner)) out.push_back(partner.id.uuid);
    }
    if (only && out.empty()) co_return fail(Errc::not_found, "no such partner");
    co_return out;
}

// "OPEN", "REOPENED" of "open,reopened".
Result<std::vector<std::string>> known_names(std::optional<std::string> const& list, std::initializer_list<std::string_view> known,
                                             std::string pointer)
{
    std::vector<std::string> out;
    if (!list) return out;
    for (auto const written : names_in(*list)) {
        auto name = to_ascii_upper(written);
        if (std::ranges::find(known, std::string_view(name)) == known.end())
            return fail(Errc::unknown_value, "not one of the known values", pointer);
        out.push_back(std::move(name));
    }
    return out;
}

}  // namespace

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

Answering list_recon_breaks(ReconContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, {"date", "class", "state"}));
    stores::ReconStore::BreakFilter filter;
    if (auto const date = request.query_value("date")) { CHO_CO_TRY(filter.date, Day::parse(*date)); }
#define CHO40_BREAK_NAME(name) #name,
    CHO_CO_TRY(filter.classes, known_names(request.query_value("class"), {CHO40_BREAK_CLASSES(CHO40_BREAK_NAME)}, "#query/class"));
#undef CHO40_BREAK_NAME
    CHO_CO_TRY(filter.states,
               known_names(request.query_value("state"),
                           {"OPEN", "ASSIGNED", "INVESTIGATING", "PROPOSED", "RESOLVED", "WRITTEN_OFF", "REOPENED", "AUTO_RESOLVED"},
                           "#query/state"));
    CHO_CO_TRY(auto const limit, http::page_limit(request));
    CHO_CO_TRY(auto position, context.cursors.read(request));
    if (!position.empty()) {
        auto const at = parse_rfc3339(position.front());
        auto const id = position.size() == 2 ? Uuid::from_string(position[1]) : std::nullopt;
        if (!at || !id) co_return fail(Errc::invalid_cursor, "this cursor was not made here", "#query/cursor");
        filter.after.emplace(*at, *id);
    }
    CHO_CO_TRY(filter.partners, co_await visible_partners(context, std::move(principal), std::nullopt));
    filter.limit = limit + 1;
    CHO_CO_TRY(auto found, co_await context.recon.breaks(std::move(filter)));
    bool const more = cut_to(found, limit);
    auto const now = context.clock.now();
    json data = json::array();
    for (auto const& b : found) data.push_back(recon_break_json(b, now));
    std::optional<std::string> next;
    if (more) next = context.cursors.write(request, {to_rfc3339_micro(found.back().opened_at), found.back().id.uuid.to_string()});
    WhyEmpty const why{"no_break", "Không có khoản lệch nào.", "Nothing differs."};
    co_return list_response(request, std::move(data), next, now, why);
}

}  // namespace cho40::api
