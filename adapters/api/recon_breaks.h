#pragma once
#include "adapters/api/recon.h"
#include "adapters/http/json_reader.h"
#include "reconcile/workflow/aging.h"
#include <map>

namespace cho40::api {

// Which breaks are meant, as a list's query and as the filter of a bulk act say it.
struct BreakQuery {
    std::optional<std::string> partner;   // "rla_…"
    std::optional<Day> from;  // business days, both included
    std::optional<Day> to;
    std::vector<std::string> classes;
    std::vector<std::string> states;
    std::optional<Uuid> assignee;
    std::optional<std::string> cause;
    std::optional<int> age_above;         // working days
};
inline constexpr std::initializer_list<std::string_view> break_query_names = {"partner", "date",     "date_from", "date_to", "class",
                                                                              "state",   "assignee", "cause",     "age_gt"};

// Errors: unknown_value, invalid_date, not_found with the parameter's name. `assignee=me` is the principal.
[[nodiscard]] Result<BreakQuery> read_break_query(http::Request const& request, identity::Principal const& principal);
[[nodiscard]] BreakQuery read_break_query(http::ObjectReader in, identity::Principal const& principal);
// With what the principal may see. Error: not_found.
[[nodiscard]] boost::asio::awaitable<Result<stores::BreakFilter>> filter_of(ReconContext& context, identity::Principal principal,
                                                                            BreakQuery query);

// Names of people by id, for views.
using PeopleNames = std::map<Uuid, std::string>;
[[nodiscard]] boost::asio::awaitable<Result<PeopleNames>> names_on(ReconContext& context, std::vector<stores::ReconBreak> const& breaks);

[[nodiscard]] nlohmann::json recon_break_json(stores::ReconBreak const& found, PeopleNames const& names, Instant now);
// "lệch"'s members as the API writes them, its history, and what may be done with it.
[[nodiscard]] nlohmann::json break_act_json(stores::ReconBreakAct const& act);
[[nodiscard]] nlohmann::json resolution_json(reconcile::Resolution const& resolution, http::Language language);

// {"verb", "reason", "resolution", "cause", "assignee", "evidence": {"name", "sha256"}}
[[nodiscard]] reconcile::BreakAct read_break_act(http::ObjectReader& in);

// One act on one break that was read, decided.
struct DecidedAct {
    stores::ReconBreak read;
    reconcile::BreakAct act;
    reconcile::BreakStanding after;
};
// What limits and second pairs of eyes depend on.
[[nodiscard]] boost::asio::awaitable<Result<reconcile::BreakActor>> actor_of(ReconContext& context, identity::Principal principal);
[[nodiscard]] Result<DecidedAct> decide(ReconContext& context, stores::ReconPartner const& partner, stores::ReconBreak found,
                                        std::optional<reconcile::LastAct> const& last, reconcile::BreakAct act,
                                        reconcile::BreakActor const& actor, Instant now);
// Acts of one book as one command: all are done, or none. Error of the ledger: stale when anything moved since it was read.
[[nodiscard]] boost::asio::awaitable<Result<ledger::Command>> command_of(ReconContext& context, std::vector<DecidedAct> const& acts,
                                                                         Uuid by, Instant now);

void add_recon_break_routes(http::Router& router, ReconContext& context);
void add_recon_break_bulk_routes(http::Router& router, ReconContext& context);

}  // namespace cho40::api
