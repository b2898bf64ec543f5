#include "adapters/api/ids.h"
#include "adapters/api/lists.h"
#include "adapters/api/recon_closing.h"
#include "adapters/http/json_writer.h"
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>

// From a figure to the raw line: the pairs of a run, and the file's bytes as they were received.
namespace cho40::api {
namespace {

using http::Request;
using http::Response;
using nlohmann::json;

// "stm_…:12" as the file, its line and the file's hash.
json line_json(std::string const& name, std::map<std::string, std::string> const& hashes)
{
    auto const colon = name.rfind(':');
    auto const file = name.substr(0, colon);
    auto const hash = hashes.find(file);
    return {{"file", file},
            {"line", colon == name.npos ? json() : json::parse(name.substr(colon + 1), nullptr, false)},
            {"sha256", hash == hashes.end() ? json() : json(hash->second)},
            {"content", "/v1/recon/files/" + file + "/content"}};
}

json match_json(json const& match, std::map<std::string, std::string> const& hashes)
{
    json view = {{"rule", match.at("rule")}, {"flags", match.at("flags")}};
    if (match.contains("internal")) {
        auto const id = Uuid::from_string(match.at("internal").get<std::string>());
        view["internal"] = id ? json(http::to_text(Id<qr_pay::CreditTag>(*id))) : match.at("internal");
    }
    if (match.contains("provider")) view["provider"] = line_json(match.at("provider").get<std::string>(), hashes);
    if (match.contains("batch")) {
        view["batch"] = match.at("batch");
        view["expected_net"] = http::money_json(Dong(match.at("expected_net_vnd").get<std::int64_t>()));
    }
    if (match.contains("bank")) view["bank"] = match.at("bank").is_array() ? match.at("bank") : json::array({match.at("bank")});
    return view;
}

Answering list_matches(ReconContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, {"leg"}));
    CHO_CO_TRY(auto const limit, http::page_limit(request));
    CHO_CO_TRY(auto const position, context.cursors.read(request));
    std::int64_t from = 0;
    if (!position.empty()) std::from_chars(position.front().data(), position.front().data() + position.front().size(), from);
    auto const leg = request.query_value("leg").value_or("internal_provider");
    if (leg != "internal_provider" && leg != "provider_bank" && leg != "internal_bank") {
        co_return fail(Error(Errc::unknown_value, "internal_provider, provider_bank or internal_bank", "#query/leg")
                           .vi("internal_provider, provider_bank hoặc internal_bank."));
    }
    CHO_CO_TRY(auto const id, http::parse_id<stores::ReconRun>(request.path_value("run")));
    CHO_CO_TRY(auto const found, co_await context.recon.matches(id, leg, from, limit + 1));
    if (!found) co_return fail(Errc::not_found, "no such run");
    CHO_CO_TRY_DO(co_await own_partner(context, std::move(principal), Id<qr_pay::RailAccountTag>(found->run.partner)));
    std::map<std::string, std::string> hashes;
    auto const summary = json::parse(found->run.summary);
    for (auto const& file : summary.value("files", json::array()))
        hashes.emplace(file.at("id").get<std::string>(), file.at("sha256").get<std::string>());
    json data = json::array();
    for (auto const& match : json::parse(found->matches)) data.push_back(match_json(match, hashes));
    std::optional<std::string> next;
    if (data.size() > static_cast<std::size_t>(limit)) {
        data.erase(data.end() - 1);
        next = context.cursors.write(request, {std::to_string(from + limit)});
    }
    WhyEmpty const why{"no_match", "Không có cặp nào khớp.", "Nothing was paired here."};
    co_return list_response(request, std::move(data), next, context.clock.now(), why);
}

// The bytes as they came. They name payers: only for those who reconcile.
Answering read_content(ReconContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, {}));
    CHO_CO_TRY(auto const id, http::parse_id<stores::ReconFile>(request.path_value("file")));
    CHO_CO_TRY(auto const file, co_await context.recon.file(id));
    if (!file) co_return fail(Errc::not_found, "no such file");
    CHO_CO_TRY_DO(co_await own_partner(context, std::move(principal), Id<qr_pay::RailAccountTag>(file->partner)));
    CHO_CO_TRY(auto bytes, co_await context.recon.bytes(file->book, file->id));
    co_return Response::bytes(std::move(bytes), "application/octet-stream")
        .header("Content-Disposition", "attachment; filename=\"" + http::to_text(file->id) + "\"")
        .header("Content-Sha256", to_hex(file->digest));
}

}  // namespace

void add_recon_drill_routes(http::Router& router, ReconContext& context)
{
    using enum http::Method;
    auto const with = handlers_of(context);
    router.add(get, "/v1/recon/runs/{run}/matches", "recon_runs.matches", with(list_matches));
    router.add(get, "/v1/recon/files/{file}/content", "recon_files.content", with(read_content));
}

}  // namespace cho40::api
