#include "adapters/api/recon_breaks.h"
#include "adapters/api/ids.h"
#include "adapters/api/lists.h"
#include "adapters/api/recon_json.h"
#include "adapters/http/json_writer.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using nlohmann::json;
using reconcile::BreakPolicy;
using stores::ReconBreak;
using stores::ReconPartner;

constexpr int attempts_max = 3;

struct Own {
    ReconBreak found;
    ReconPartner partner;
};

// The break, if the principal may act for whom its book belongs to. Error: not_found.
boost::asio::awaitable<Result<Own>> own_break(ReconContext& context, identity::Principal principal, std::string text)
{
    CHO_CO_TRY(auto const id, http::parse_id<ReconBreak>(text));
    CHO_CO_TRY(auto found, co_await context.breaks.find({id.uuid}));
    if (found.empty()) co_return fail(Errc::not_found, "no such break");
    CHO_CO_TRY(auto partner, co_await own_partner(context, std::move(principal), Id<qr_pay::RailAccountTag>(found.front().partner)));
    co_return Own{std::move(found.front()), std::move(partner)};
}

// What the newest act that can be taken back was. Comments stand beside the work and are passed over.
std::optional<reconcile::LastAct> last_act(std::vector<stores::ReconBreakAct> const& acts)
{
    for (auto act = acts.rbegin(); act != acts.rend(); ++act) {
        auto const verb = reconcile::break_verb_from(act->verb);
        if (verb == reconcile::BreakVerb::comment) continue;
        if (!verb) return std::nullopt;  // the machine's
        return reconcile::LastAct{*verb, act->by, act->before};
    }
    return std::nullopt;
}

// A break as it stands when an act on it is durable.
ReconBreak after(DecidedAct const& done, Instant now)
{
    auto out = done.read;
    out.standing = done.after;
    out.closed_at = reconcile::is_finished(out.standing.state) ? std::optional(out.closed_at.value_or(now)) : std::nullopt;
    out.updated_at = now;
    ++out.version;
    ++out.acts;
    return out;
}

Error moved_on(std::int64_t version)
{
    return Error(Errc::version_mismatch, "the break stands at version " + std::to_string(version) + "; read it again")
        .vi("Khoản lệch vừa thay đổi, hãy tải lại rồi làm tiếp.");
}

Answering act_once(ReconContext& context, Own own, reconcile::BreakAct act, identity::Principal principal, std::int64_t expected,
                   identity::Ticket ticket)
{
    for (int attempt = 1;; ++attempt) {
        if (own.found.version != expected) co_return fail(moved_on(own.found.version));
        auto const now = context.clock.now();
        CHO_CO_TRY(auto const actor, co_await actor_of(context, principal));
        CHO_CO_TRY(auto const acts, co_await context.breaks.acts(own.found.book, own.found.id));
        CHO_CO_TRY(auto decided, decide(context, own.partner, own.found, last_act(acts), act, actor, now));
        std::vector<ReconBreak> changed{after(decided, now)};
        CHO_CO_TRY(auto const names, co_await names_on(context, changed));
        std::vector<DecidedAct> all{std::move(decided)};
        CHO_CO_TRY(auto command, co_await command_of(context, all, principal.id, now));
        command.guards.push_back(ticket.guard());
        identity::Answer answer(200, http::dump_json(recon_break_json(changed.front(), names, now)),
                                identity::AuditTarget{"exc", own.found.id.uuid});
        answer.etag = http::etag(changed.front().version);
        for (auto& row : ticket.rows(std::move(answer))) command.rows.push_back(std::move(row));
        auto done = co_await context.ledger.submit(std::move(command));
        if (done) co_return ticket.response();
        if (done.error().code != Errc::stale || attempt == attempts_max) co_return tl::unexpected<Error>(std::move(done).error());
        CHO_CO_TRY(auto again, co_await context.breaks.find({own.found.id.uuid}));
        if (again.empty()) co_return fail(Errc::not_found, "no such break");
        own.found = std::move(again.front());
    }
}

Answering act(ReconContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto const expected, http::if_match_version(request));
    CHO_CO_TRY(auto own, co_await own_break(context, principal, request.path_value("break")));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    auto what = read_break_act(in);
    CHO_CO_TRY_DO(body.finish());
    if (what.assignee) {
        CHO_CO_TRY(auto const known, co_await context.breaks.names({*what.assignee}));
        if (known.empty()) co_return fail(Error(Errc::not_found, "no such user", "/assignee").vi("Không có người dùng này."));
    }
    auto const book = own.found.book;
    identity::Idempotency::Work work = [&context, own = std::move(own), what = std::move(what), principal,
                                        expected](identity::Ticket ticket) {
        return act_once(context, own, what, principal, expected, std::move(ticket));
    };
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), book, std::move(work));
}

Answering list(ReconContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, break_query_names));
    CHO_CO_TRY(auto query, read_break_query(request, principal));
    CHO_CO_TRY(auto const limit, http::page_limit(request));
    CHO_CO_TRY(auto position, context.cursors.read(request));
    std::optional<std::pair<Instant, Uuid>> behind;
    if (!position.empty()) {
        auto const at = parse_rfc3339(position.front());
        auto const id = position.size() == 2 ? Uuid::from_string(position[1]) : std::nullopt;
        if (!at || !id) co_return fail(Errc::invalid_cursor, "this cursor was not made here", "#query/cursor");
        behind.emplace(*at, *id);
    }
    CHO_CO_TRY(auto filter, co_await filter_of(context, std::move(principal), std::move(query)));
    CHO_CO_TRY(auto found, co_await context.breaks.list(std::move(filter), behind, limit + 1));
    bool const more = cut_to(found, limit);
    CHO_CO_TRY(auto const names, co_await names_on(context, found));
    auto const now = context.clock.now();
    json data = json::array();
    for (auto const& b : found) data.push_back(recon_break_json(b, names, now));
    std::optional<std::string> next;
    if (more) next = context.cursors.write(request, {to_rfc3339_micro(found.back().opened_at), found.back().id.uuid.to_string()});
    WhyEmpty const why{"no_break", "Không có khoản lệch nào.", "Nothing differs."};
    co_return list_response(request, std::move(data), next, now, why);
}

Answering read(ReconContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, {}));
    CHO_CO_TRY(auto own, co_await own_break(context, std::move(principal), request.path_value("break")));
    auto const tag = http::etag(own.found.version);
    CHO_CO_TRY(auto const acts, co_await context.breaks.acts(own.found.book, own.found.id));
    std::vector<ReconBreak> one{own.found};
    CHO_CO_TRY(auto const names, co_await names_on(context, one));
    auto view = recon_break_json(own.found, names, context.clock.now());
    view["acts"] = json::array();
    for (auto const& done : acts) view["acts"].push_back(break_act_json(done));
    view["resolutions"] = json::array();
    for (auto const& way : BreakPolicy::embedded().resolutions(own.found.kind))
        view["resolutions"].push_back(resolution_json(way, request.language));
    view["causes"] = json::array();
    for (auto const& cause : BreakPolicy::embedded().causes())
        view["causes"].push_back({{"cause", cause.code}, {"name", request.language == http::Language::en ? cause.name_en : cause.name_vi}});
    co_return http::Response::json(view).header("ETag", tag);
}

// How many and how much by class, state, age and cause, of the same filter as the list: what every cell of an overview is.
Answering overview(ReconContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, break_query_names));
    CHO_CO_TRY(auto query, read_break_query(request, principal));
    CHO_CO_TRY(auto filter, co_await filter_of(context, std::move(principal), std::move(query)));
    CHO_CO_TRY(auto const cells, co_await context.breaks.count(std::move(filter)));
    struct Sum {
        std::int64_t count = 0;
        std::int64_t delta = 0;
        std::int64_t at_stake = 0;
    };
    std::map<std::string, std::map<std::string, Sum>> sums;
    Sum all;
    auto const today = Day::of(context.clock.now());
    auto const add = [](Sum& sum, stores::BreakCount const& cell) {
        sum.count += cell.count;
        sum.delta += cell.delta.count();
        sum.at_stake += cell.at_stake.count();
    };
    for (auto const& cell : cells) {
        add(all, cell);
        add(sums["by_class"][cell.kind], cell);
        add(sums["by_state"][cell.state], cell);
        add(sums["by_cause"][cell.cause], cell);
        auto const kind = reconcile::break_class_from(cell.kind);
        auto const state = reconcile::break_state_from(cell.state);
        if (!kind || !state || reconcile::is_finished(*state)) continue;
        auto const aging = reconcile::aging_of(*kind, cell.date, today, BreakPolicy::embedded(), WorkingDays::embedded());
        add(sums["by_age"][std::string(aging.bucket)], cell);
        add(sums["by_escalation"][std::to_string(aging.escalation)], cell);
    }
    auto const sum_json = [](Sum const& sum) {
        return json{{"count", sum.count}, {"delta", http::money_json(Dong(sum.delta))}, {"at_stake", http::money_json(Dong(sum.at_stake))}};
    };
    json view = sum_json(all);
    view["object"] = "recon_break_overview";
    view["as_of"] = http::instant_json(context.clock.now());
    for (auto const* const of : {"by_class", "by_state", "by_cause", "by_age", "by_escalation"}) {
        view[of] = json::array();
        for (auto const& [name, sum] : sums[of]) {
            auto cell = sum_json(sum);
            cell["name"] = std::string_view(of) == "by_state" ? lower_name(name) : name;
            view[of].push_back(std::move(cell));
        }
    }
    co_return http::Response::json(view);
}

// How much one person may approve alone.
Answering set_limit(ReconContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(identity::may_act_for(principal, identity::Place::province()));
    CHO_CO_TRY(auto const user, http::parse_id_text("usr", request.path_value("user")));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    auto const amount = in.money("amount", {0, http::payment_amount.max});
    CHO_CO_TRY_DO(body.finish());
    CHO_CO_TRY(auto const known, co_await context.breaks.names({user}));
    if (known.empty()) co_return fail(Errc::not_found, "no such user");
    if (principal.id == user)
        co_return fail(Error(Errc::maker_cannot_check, "nobody sets their own limit").vi("Không tự đặt hạn mức cho mình."));
    identity::Idempotency::Work work = [&context, user, amount, by = principal.id](identity::Ticket ticket) -> Answering {
        ledger::Command command(ledger::BookId{0});
        command.guards.push_back(ticket.guard());
        auto const now = context.clock.now();
        command.rows.push_back(std::make_shared<stores::SetApprovalLimit>(user, amount, by, now));
        json view = {{"object", "approval_limit"},
                     {"user", http::id_text("usr", user)},
                     {"amount", http::money_json(amount)},
                     {"set_at", http::instant_json(now)}};
        ticket.audit_details(http::dump_json({{"amount", amount.count()}}));
        for (auto& row : ticket.rows(identity::Answer(200, http::dump_json(view), identity::AuditTarget{"usr", user})))
            command.rows.push_back(std::move(row));
        CHO_CO_TRY_DO(co_await context.ledger.submit(std::move(command)));
        co_return ticket.response();
    };
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), ledger::BookId{0}, std::move(work));
}

}  // namespace

boost::asio::awaitable<Result<PeopleNames>> names_on(ReconContext& context, std::vector<ReconBreak> const& breaks)
{
    std::vector<Uuid> people;
    for (auto const& b : breaks) {
        if (b.standing.assignee) people.push_back(*b.standing.assignee);
        if (b.standing.proposal) people.push_back(b.standing.proposal->by);
    }
    if (people.empty()) co_return PeopleNames();
    CHO_CO_TRY(auto known, co_await context.breaks.names(std::move(people)));
    co_return PeopleNames(known.begin(), known.end());
}

void add_recon_break_routes(http::Router& router, ReconContext& context)
{
    using enum http::Method;
    auto const with = handlers_of(context);
    router.add(get, "/v1/recon/breaks", "recon_breaks.list", with(list));
    router.add(get, "/v1/recon/break-overview", "recon_breaks.overview", with(overview));
    router.add(get, "/v1/recon/breaks/{break}", "recon_breaks.read", with(read));
    router.add(post, "/v1/recon/breaks/{break}/actions", "recon_breaks.act", with(act));
    router.add(post, "/v1/users/{user}/approval-limit", "users.approval_limit", with(set_limit));
}

}  // namespace cho40::api
