#include "adapters/api/ids.h"
#include "adapters/api/recon_breaks.h"
#include "adapters/api/recon_json.h"
#include "adapters/api/resource_json.h"
#include "adapters/http/json_writer.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using nlohmann::json;

json person_json(std::optional<Uuid> const& id, PeopleNames const& names)
{
    if (!id) return nullptr;
    auto const found = names.find(*id);
    return {{"id", http::id_text("usr", *id)}, {"name", http::text_or_null(found == names.end() ? "" : found->second)}};
}

json evidence_json(std::optional<reconcile::Evidence> const& evidence)
{
    if (!evidence) return nullptr;
    return {{"name", evidence->name}, {"sha256", to_hex(evidence->digest)}};
}

json proposal_json(std::optional<reconcile::Proposal> const& proposal, PeopleNames const& names)
{
    if (!proposal) return nullptr;
    return {{"resolution", proposal->resolution},
            {"reason", proposal->reason},
            {"evidence", evidence_json(proposal->evidence)},
            {"by", person_json(proposal->by, names)},
            {"at", http::instant_json(proposal->at)}};
}

}  // namespace

json recon_break_json(stores::ReconBreak const& found, PeopleNames const& names, Instant now)
{
    auto const& standing = found.standing;
    auto const until = found.closed_at.value_or(now);
    auto const aging = reconcile::aging_of(found.kind, found.date, Day::of(until), reconcile::BreakPolicy::embedded(),
                                           WorkingDays::embedded());
    json view = {{"id", http::to_text(found.id)},
                 {"class", reconcile::name_of(found.kind)},
                 {"state", http::state_json(lower_name(reconcile::name_of(standing.state)), reconcile::is_finished(standing.state),
                                            found.updated_at)},
                 {"date", http::day_json(found.date)},
                 {"partner", http::to_text(Id<qr_pay::RailAccountTag>(found.partner))},
                 {"delta", http::money_json(found.delta)},
                 {"at_stake", http::money_json(found.at_stake)},
                 {"owner", found.owner},
                 {"assignee", person_json(standing.assignee, names)},
                 {"proposal", proposal_json(standing.proposal, names)},
                 {"cause", http::text_or_null(standing.cause)},
                 {"age_days", aging.working_days},
                 {"aging",
                  {{"due_date", http::day_json(aging.due)},
                   {"bucket", aging.bucket},
                   {"target_date", http::day_json(aging.target)},
                   {"escalation", aging.escalation}}},
                 {"summary", found.summary},
                 {"records", json::parse(found.members)}};
    stamp(view, "recon_break", found.version, found.opened_at, found.updated_at);
    return view;
}

json break_act_json(stores::ReconBreakAct const& act)
{
    bool const machine = act.by == Uuid{};
    return {{"number", act.number},
            {"verb", act.verb},
            {"by", machine ? json() : json{{"id", http::id_text("usr", act.by)}, {"name", http::text_or_null(act.by_name)}}},
            {"at", http::instant_json(act.at)},
            {"from", lower_name(act.from_state)},
            {"to", lower_name(act.to_state)},
            {"reason", http::text_or_null(act.reason)},
            {"resolution", http::text_or_null(act.resolution)},
            {"cause", http::text_or_null(act.cause)},
            {"assignee", act.assignee ? json(http::id_text("usr", *act.assignee)) : json()},
            {"evidence", evidence_json(act.evidence)},
            {"run", act.run ? json(http::to_text(*act.run)) : json()}};
}

json resolution_json(reconcile::Resolution const& resolution, http::Language language)
{
    return {{"resolution", resolution.code},
            {"name", language == http::Language::en ? resolution.name_en : resolution.name_vi},
            {"writes_off", resolution.writes_off},
            {"needs_evidence", resolution.needs_evidence}};
}

}  // namespace cho40::api
