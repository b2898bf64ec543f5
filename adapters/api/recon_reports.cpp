#include "adapters/api/recon_reports.h"
#include "adapters/api/ids.h"
#include "adapters/api/recon_closing.h"
#include "base/sealed_csv.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using http::Response;
using reconcile::BreakLife;
using reconcile::Month;

// The API's names for breaks that the store names by their bytes.
void name_breaks(std::vector<BreakLife>& breaks)
{
    for (auto& one : breaks) {
        if (auto const id = Uuid::from_string(one.id)) one.id = http::to_text(Id<stores::ReconBreak>(*id));
    }
}

boost::asio::awaitable<Result<std::vector<reconcile::SignedSheet>>> signed_sheets(ReconContext& context, Uuid partner, Month month)
{
    CHO_CO_TRY(auto const versions, co_await context.closings.signed_versions(partner, month.first, month.last));
    std::vector<reconcile::SignedSheet> out;
    for (auto const& version : versions) {
        reconcile::SignedSheet one;
        one.closing = http::to_text(version.id);
        one.digest = version.digest;
        one.signed_at = version.decision->at;
        CHO_CO_TRY(one.sheet, reconcile::read_sheet(version.sheet));
        out.push_back(std::move(one));
    }
    co_return out;
}

Answering read_minutes(ReconContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, {"partner", "format"}));
    CHO_CO_TRY(auto const format, report_format(request));
    CHO_CO_TRY(auto const month, Month::parse(request.path_value("month")));
    auto const named = request.query_value("partner");
    if (!named) co_return fail(Error(Errc::required, "say with which partner: partner=rla_…", "#query/partner").vi("Hãy ghi đối tác."));
    CHO_CO_TRY(auto const id, http::parse_id<qr_pay::RailAccountTag>(*named));
    PaperOrder const order{principal.name, context.clock.now()};
    CHO_CO_TRY(auto partner, co_await own_partner(context, std::move(principal), id));
    CHO_CO_TRY(auto sheets, co_await signed_sheets(context, id.uuid, month));
    auto const ended = std::min(context.clock.now(), month.last.end());
    std::vector<Uuid> of{id.uuid};
    CHO_CO_TRY(auto lives, co_await context.breaks.lives(std::move(of), month.first.begin(), ended, std::nullopt));
    auto breaks = std::move(lives[id.uuid]);
    name_breaks(breaks);
    CHO_CO_TRY(auto const minutes, reconcile::minutes_of(month, http::to_text(id), partner.name, std::move(sheets), std::move(breaks)));
    CHO_CO_TRY(auto csv, reconcile::minutes_csv(minutes));
    CHO_CO_TRY(auto const digest, sealed_digest(csv));
    auto const name = "bien-ban-doi-soat-" + month.to_string();
    if (format == ReportFormat::csv) co_return report_file(std::move(csv), format, name, digest);
    if (format == ReportFormat::pdf) {
        auto paper = minutes_paper(minutes, digest, order);
        co_return co_await drawn_report(context.computing, std::move(paper), name, digest);
    }
    co_return Response::json(minutes_json(minutes, digest));
}

Answering read_league(ReconContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, {"from", "to", "format"}));
    CHO_CO_TRY(auto const format, report_format(request));
    CHO_CO_TRY(auto const period, report_period(request));
    auto const now = context.clock.now();
    PaperOrder const order{principal.name, now};
    CHO_CO_TRY(auto const partners, co_await context.recon.partners());
    std::vector<Uuid> visible;
    std::map<Uuid, reconcile::LeagueEntry> entries;
    for (auto const& partner : partners) {
        if (!may_see(principal, partner)) continue;
        visible.push_back(partner.id.uuid);
        entries[partner.id.uuid] = {http::to_text(partner.id), partner.name, {}, {}};
    }
    auto of = visible;
    CHO_CO_TRY(auto const files, co_await context.recon.files(std::move(of), period.from, period.to));
    for (auto const& file : files)
        entries[file.partner].files.push_back({http::to_text(file.id), file.date, file.result, file.lines, file.digest});
    CHO_CO_TRY(auto lives, co_await context.breaks.lives(std::move(visible), period.from.begin(), now, std::pair(period.from, period.to)));
    for (auto& [partner, breaks] : lives) {
        name_breaks(breaks);
        entries[partner].breaks = std::move(breaks);
    }
    std::vector<reconcile::LeagueEntry> players;
    for (auto& [partner, entry] : entries) {
        if (!entry.files.empty() || !entry.breaks.empty()) players.push_back(std::move(entry));
    }
    CHO_CO_TRY(auto const league, reconcile::league_of(period.from, period.to, std::move(players), Day::of(now),
                                                       reconcile::BreakPolicy::embedded(), WorkingDays::embedded()));
    auto csv = reconcile::league_csv(league);
    CHO_CO_TRY(auto const digest, sealed_digest(csv));
    auto const name = "xep-hang-doi-tac-" + period.from.to_string() + "-" + period.to.to_string();
    if (format == ReportFormat::csv) co_return report_file(std::move(csv), format, name, digest);
    if (format == ReportFormat::pdf) {
        auto paper = league_paper(league, digest, order);
        co_return co_await drawn_report(context.computing, std::move(paper), name, digest);
    }
    co_return Response::json(league_json(league, digest));
}

}  // namespace

void add_recon_report_routes(http::Router& router, ReconContext& context)
{
    using enum http::Method;
    auto const with = handlers_of(context);
    router.add(get, "/v1/recon/minutes/{month}", "recon_minutes.read", with(read_minutes));
    router.add(get, "/v1/recon/provider-league", "recon_league.read", with(read_league));
}

}  // namespace cho40::api
