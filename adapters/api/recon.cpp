#include "adapters/api/recon.h"
#include "adapters/api/ids.h"

namespace cho40::api {

using stores::ReconPartner;

bool may_see(identity::Principal const& principal, ReconPartner const& partner)
{
    if (partner.market) return identity::may_act_for(principal, identity::Place::market_of(*partner.market)).has_value();
    if (partner.agency) return identity::may_act_for(principal, identity::Place::agency(*partner.agency)).has_value();
    return identity::may_act_for(principal, identity::Place::province()).has_value();
}

boost::asio::awaitable<Result<ReconPartner>> own_partner(ReconContext& context, identity::Principal principal,
                                                         Id<qr_pay::RailAccountTag> id)
{
    CHO_CO_TRY(auto partner, co_await context.recon.partner(id));
    if (!partner || !may_see(principal, *partner)) co_return fail(Errc::not_found, "no such partner");
    co_return *std::move(partner);
}

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

Result<reconcile::Settings> settings_of(ReconPartner const& partner, Day day)
{
    CHO_TRY(auto settings, reconcile::settings_for("", day));
    settings.partner = partner.id.uuid.to_string();
    settings.counterparties.push_back(partner.name);
    return settings;
}

void add_recon_routes(http::Router& router, ReconContext& context)
{
    using enum http::Method;
    auto const with = handlers_of(context);
    http::RouteOptions files;
    files.body_bytes_max = http::day_file_bytes_max;
    router.add(post, "/v1/recon/files", "recon_files.create", with(import_recon_file), files);
    router.add(post, "/v1/recon/runs", "recon_runs.create", with(start_recon_run));
    router.add(get, "/v1/recon/days/{date}", "recon_days.read", with(read_recon_day));
}

}  // namespace cho40::api
