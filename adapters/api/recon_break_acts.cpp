#include "adapters/api/ids.h"
#include "adapters/api/recon_breaks.h"
#include <nlohmann/json.hpp>
#include <set>

namespace cho40::api {

using reconcile::BreakVerb;

reconcile::BreakAct read_break_act(http::ObjectReader& in)
{
    reconcile::BreakAct act;
    act.verb = in.one_of<BreakVerb>("verb", {{"assign", BreakVerb::assign},
                                             {"investigate", BreakVerb::investigate},
                                             {"comment", BreakVerb::comment},
                                             {"name_cause", BreakVerb::name_cause},
                                             {"propose", BreakVerb::propose},
                                             {"approve", BreakVerb::approve},
                                             {"reject", BreakVerb::reject},
                                             {"reopen", BreakVerb::reopen},
                                             {"undo", BreakVerb::undo}});
    act.reason = in.optional_text("reason", {1, 1000}).value_or("");
    act.resolution = in.optional_text("resolution", {1, 64}).value_or("");
    act.cause = in.optional_text("cause", {1, 64}).value_or("");
    if (auto const text = in.optional_text("assignee", {1, 64})) {
        auto const id = http::parse_id_text("usr", *text);
        if (!id) in.refuse("assignee", Errc::invalid_format, "is not a user's id", "Mã người dùng không đúng.");
        else act.assignee = *id;
    }
    if (auto evidence = in.optional_object("evidence")) {
        auto name = evidence->text("name", {1, 200});
        act.evidence = reconcile::evidence_of(std::move(name), evidence->text("sha256", {64, 64}));
        if (!act.evidence) evidence->refuse("sha256", Errc::invalid_format, "64 lower-case hex digits", "64 chữ số hệ 16, chữ thường.");
    }
    return act;
}

boost::asio::awaitable<Result<reconcile::BreakActor>> actor_of(ReconContext& context, identity::Principal principal)
{
    reconcile::BreakActor actor;
    actor.id = principal.id;
    actor.is_person = principal.is_user();
    actor.approval_limit = context.approval_limit;
    if (actor.is_person) {
        CHO_CO_TRY(auto const own, co_await context.breaks.approval_limit(principal.id));
        if (own) actor.approval_limit = *own;
    }
    co_return actor;
}

Result<DecidedAct> decide(ReconContext& context, stores::ReconPartner const& partner, stores::ReconBreak found,
                          std::optional<reconcile::LastAct> const& last, reconcile::BreakAct act, reconcile::BreakActor const& actor,
                          Instant now)
{
    reconcile::BreakFacts facts;
    facts.kind = found.kind;
    facts.delta = found.delta;
    facts.at_stake = found.at_stake;
    facts.public_money = partner.agency.has_value();
    CHO_TRY(auto after,
            reconcile::act_on(facts, found.standing, last, act, actor, context.write_off_limit, now, reconcile::BreakPolicy::embedded()));
    if (act.verb == BreakVerb::assign) act.assignee = after.assignee;
    return DecidedAct{std::move(found), std::move(act), std::move(after)};
}

boost::asio::awaitable<Result<ledger::Command>> command_of(ReconContext& context, std::vector<DecidedAct> const& acts, Uuid by, Instant now)
{
    auto const book = acts.front().read.book;
    ledger::Command command(book);
    std::set<std::pair<Uuid, Day>> days;
    for (auto const& one : acts) days.emplace(one.read.partner, one.read.date);
    for (auto const& [partner, day] : days) {
        CHO_CO_TRY(auto const runs, co_await context.recon.count_runs(book, partner, day));
        command.guards.push_back({stores::runs_of_day(partner, day), runs, runs});  // no run has changed what was read
    }
    for (auto const& one : acts) {
        command.guards.push_back(stores::break_act_guard(one.read));
        command.rows.push_back(std::make_shared<stores::DoneBreakAct>(book, one.read.id, one.read.standing, one.after, one.act, by, now));
    }
    co_return command;
}

}  // namespace cho40::api
