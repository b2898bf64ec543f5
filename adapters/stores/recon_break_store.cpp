#include "adapters/stores/recon_break_store.h"
#include "adapters/stores/recon_break_statements.h"
#include "adapters/stores/row_readers.h"
#include "base/check.h"
#include <nlohmann/json.hpp>

namespace cho40::stores {
namespace {

using nlohmann::json;
using postgres::Bytea;
using postgres::Json;
using postgres::Params;
using postgres::Row;
using reconcile::BreakStanding;
using reconcile::Evidence;
using reconcile::Proposal;

json to_json(std::optional<Uuid> const& id) { return id ? json(id->to_string()) : json(); }

json to_json(std::optional<Evidence> const& evidence)
{
    if (!evidence) return nullptr;
    return {{"name", evidence->name}, {"sha256", to_hex(evidence->digest)}};
}

json to_json(std::optional<Proposal> const& proposal)
{
    if (!proposal) return nullptr;
    return {{"resolution", proposal->resolution},
            {"reason", proposal->reason},
            {"evidence", to_json(proposal->evidence)},
            {"by", proposal->by.to_string()},
            {"at", to_rfc3339_micro(proposal->at)}};
}

json to_json(BreakStanding const& standing)
{
    return {{"state", reconcile::name_of(standing.state)},
            {"assignee", to_json(standing.assignee)},
            {"proposal", to_json(standing.proposal)},
            {"cause", standing.cause}};
}

// What stands in the database was written above: anything else is damage, and said so.
Result<Uuid> uuid_in(json const& text)
{
    auto const id = Uuid::from_string(text.get<std::string>());
    if (!id) return fail(Errc::books_broken, "an id of a break's history cannot be read");
    return *id;
}

Result<std::optional<Evidence>> evidence_in(json const& value)
{
    if (value.is_null()) return std::nullopt;
    auto evidence = reconcile::evidence_of(value.at("name").get<std::string>(), value.at("sha256").get<std::string>());
    if (!evidence) return fail(Errc::books_broken, "a hash of a break's history cannot be read");
    return evidence;
}

Result<std::optional<Proposal>> proposal_in(json const& value)
{
    if (value.is_null()) return std::nullopt;
    Proposal proposal;
    proposal.resolution = value.at("resolution").get<std::string>();
    proposal.reason = value.at("reason").get<std::string>();
    CHO_TRY(proposal.evidence, evidence_in(value.at("evidence")));
    CHO_TRY(proposal.by, uuid_in(value.at("by")));
    CHO_TRY(proposal.at, parse_rfc3339(value.at("at").get<std::string>()));
    return proposal;
}

Result<BreakStanding> standing_in(json const& value)
{
    BreakStanding standing;
    auto const state = reconcile::break_state_from(value.at("state").get<std::string>());
    if (!state) return fail(Errc::books_broken, "a break has a state nobody knows");
    standing.state = *state;
    if (!value.at("assignee").is_null()) { CHO_TRY(standing.assignee, uuid_in(value.at("assignee"))); }
    CHO_TRY(standing.proposal, proposal_in(value.at("proposal")));
    standing.cause = value.at("cause").get<std::string>();
    return standing;
}

Result<ReconBreak> read_break(Row const& row)
{
    ReconBreak b;
    b.book = ledger::BookId{row.get<std::int64_t>(0)};
    b.id = row.get<Id<ReconBreak>>(1);
    b.partner = row.get<Uuid>(2);
    b.date = row.get<Day>(3);
    auto const kind = reconcile::break_class_from(row.get<std::string>(4));
    auto const state = reconcile::break_state_from(row.get<std::string>(10));
    if (!kind || !state) return fail(Errc::books_broken, "a break has a class or a state nobody knows");
    b.kind = *kind;
    b.members = row.get<Json>(5).text;
    b.delta = row.get<Dong>(6);
    b.at_stake = row.get<Dong>(7);
    b.summary = row.get<std::string>(8);
    b.owner = row.get<std::string>(9);
    b.standing.state = *state;
    b.standing.assignee = row.get<std::optional<Uuid>>(11);
    auto const proposal = row.get<std::optional<Json>>(12);
    if (proposal) { CHO_TRY(b.standing.proposal, proposal_in(json::parse(proposal->text))); }
    b.standing.cause = row.get<std::string>(13);
    b.acts = row.get<std::int64_t>(14);
    b.last_run = row.get<Id<ReconRun>>(15);
    b.opened_at = row.get<Instant>(16);
    b.updated_at = row.get<Instant>(17);
    b.closed_at = row.get<std::optional<Instant>>(18);
    b.version = row.get<std::int64_t>(19);
    return b;
}

Result<ReconBreakAct> read_act(Row const& row)
{
    ReconBreakAct a;
    a.number = row.get<std::int64_t>(0);
    a.verb = row.get<std::string>(1);
    a.by = row.get<Uuid>(2);
    a.by_name = row.get<std::string>(3);
    a.at = row.get<Instant>(4);
    a.from_state = row.get<std::string>(5);
    a.to_state = row.get<std::string>(6);
    a.reason = row.get<std::string>(7);
    a.resolution = row.get<std::string>(8);
    a.cause = row.get<std::string>(9);
    a.assignee = row.get<std::optional<Uuid>>(10);
    if (auto const digest = row.get<std::optional<Sha256>>(12)) a.evidence = Evidence{row.get<std::string>(11), *digest};
    a.run = row.get<std::optional<Id<ReconRun>>>(13);
    CHO_TRY(a.before, standing_in(json::parse(row.get<Json>(14).text)));
    return a;
}

constexpr std::int64_t lives_max = 200'000;

Result<reconcile::BreakLife> read_life(Row const& row)
{
    reconcile::BreakLife life;
    life.id = row.get<Uuid>(1).to_string();
    life.date = row.get<Day>(2);
    auto const kind = reconcile::break_class_from(row.get<std::string>(3));
    auto const after = reconcile::break_state_from(row.get<std::string>(9));
    if (!kind || !after) return fail(Errc::books_broken, "a break has a class or a state nobody knows");
    life.kind = *kind;
    life.delta = row.get<Dong>(4);
    life.at_stake = row.get<Dong>(5);
    life.cause = row.get<std::string>(6);
    life.opened_at = row.get<Instant>(7);
    if (auto const before = row.get<std::optional<std::string>>(8)) life.before = reconcile::break_state_from(*before);
    life.after = *after;
    if (reconcile::is_finished(life.after)) life.ended_at = row.get<std::optional<Instant>>(10);
    return life;
}

Params filter_params(BreakFilter const& filter)
{
    Params params(filter.partners, filter.from, filter.classes, filter.states, filter.assignee, filter.cause);
    params.add(filter.due_until ? std::optional(filter.due_until->first) : std::nullopt);
    params.add(filter.due_until ? std::optional(filter.due_until->second) : std::nullopt);
    params.add(filter.to);
    return params;
}

Result<std::vector<ReconBreak>> read_breaks(postgres::Rows const& rows)
{
    std::vector<ReconBreak> out;
    out.reserve(static_cast<std::size_t>(rows.size()));
    for (auto const row : rows) {
        CHO_TRY(auto found, read_break(row));
        out.push_back(std::move(found));
    }
    return out;
}

}  // namespace

boost::asio::awaitable<Result<std::vector<ReconBreak>>> ReconBreakStore::list(BreakFilter filter,
                                                                              std::optional<std::pair<Instant, Uuid>> after, int limit)
{
    auto params = filter_params(filter);
    params.add(after ? std::optional(after->first) : std::nullopt);
    params.add(after ? std::optional(after->second) : std::nullopt);
    params.add(static_cast<std::int64_t>(limit));
    CHO_CO_TRY(auto const rows, postgres::to_result(co_await pool_.read_one(sql::recon_list_breaks, std::move(params))));
    co_return read_breaks(rows);
}

boost::asio::awaitable<Result<std::vector<BreakCount>>> ReconBreakStore::count(BreakFilter filter)
{
    auto params = filter_params(filter);
    CHO_CO_TRY(auto const rows, postgres::to_result(co_await pool_.read_one(sql::recon_count_breaks, std::move(params))));
    std::vector<BreakCount> out;
    for (auto const row : rows) {
        BreakCount c;
        c.partner = row.get<Uuid>(0);
        c.date = row.get<Day>(1);
        c.kind = row.get<std::string>(2);
        c.state = row.get<std::string>(3);
        c.cause = row.get<std::string>(4);
        c.count = row.get<std::int64_t>(5);
        c.delta = row.get<Dong>(6);
        c.at_stake = row.get<Dong>(7);
        out.push_back(std::move(c));
    }
    co_return out;
}

boost::asio::awaitable<Result<std::vector<ReconBreak>>> ReconBreakStore::find(std::vector<Uuid> ids)
{
    Params params;
    params.add(ids);
    CHO_CO_TRY(auto const rows, postgres::to_result(co_await pool_.read_one(sql::recon_find_breaks, std::move(params))));
    co_return read_breaks(rows);
}

boost::asio::awaitable<Result<ReconBreakStore::Lives>> ReconBreakStore::lives(std::vector<Uuid> partners, Instant began, Instant ended,
                                                                              std::optional<std::pair<Day, Day>> days)
{
    Params params(partners, began, ended, days ? std::optional(days->first) : std::nullopt,
                  days ? std::optional(days->second) : std::nullopt);
    params.add(lives_max + 1);
    CHO_CO_TRY(auto const rows, postgres::to_result(co_await pool_.read_one(sql::recon_break_lives, std::move(params))));
    if (rows.size() > lives_max) co_return fail(Errc::too_many, "the period has more than " + std::to_string(lives_max) + " breaks");
    Lives out;
    for (auto const row : rows) {
        CHO_CO_TRY(auto life, read_life(row));
        out[row.get<Uuid>(0)].push_back(std::move(life));
    }
    co_return out;
}

boost::asio::awaitable<Result<std::vector<ReconBreakAct>>> ReconBreakStore::acts(ledger::BookId book, Id<ReconBreak> id)
{
    Params params(book.value, id.uuid);
    CHO_CO_TRY(auto const rows, postgres::to_result(co_await pool_.read_one(sql::recon_break_acts, std::move(params))));
    std::vector<ReconBreakAct> out;
    for (auto const row : rows) {
        CHO_CO_TRY(auto act, read_act(row));
        out.push_back(std::move(act));
    }
    co_return out;
}

boost::asio::awaitable<Result<std::optional<Dong>>> ReconBreakStore::approval_limit(Uuid user)
{
    Params params(user);
    CHO_CO_TRY(auto const rows, postgres::to_result(co_await pool_.read_one(sql::recon_approval_limit, std::move(params))));
    co_return rows.size() == 0 ? std::nullopt : std::optional(rows[0].get<Dong>(0));
}

boost::asio::awaitable<Result<std::vector<std::pair<Uuid, std::string>>>> ReconBreakStore::names(std::vector<Uuid> users)
{
    Params params;
    params.add(users);
    CHO_CO_TRY(auto const rows, postgres::to_result(co_await pool_.read_one(sql::recon_user_names, std::move(params))));
    std::vector<std::pair<Uuid, std::string>> out;
    for (auto const row : rows) out.emplace_back(row.get<Uuid>(0), row.get<std::string>(1));
    co_return out;
}

void add_recon_break_writers(RowWriters& writers)
{
    writers.add<FoundReconBreak>(
        sql::upsert_recon_breaks,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.found.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.found.id.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.found.partner; }));
            p.add(column<Day>(rows, [](auto const& r) { return r.found.date; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return reconcile::name_of(r.found.kind); }));
            p.add(column<Json>(rows, [](auto const& r) { return Json(r.found.members); }));
            p.add(column<Dong>(rows, [](auto const& r) { return r.found.delta; }));
            p.add(column<Dong>(rows, [](auto const& r) { return r.found.at_stake; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.found.summary); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.found.owner); }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.found.last_run.uuid; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.found.opened_at; }));
            return p;
        },
        40);
    writers.add<FinishedReconRun>(
        sql::resolve_recon_breaks,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.run.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.run.partner; }));
            p.add(column<Day>(rows, [](auto const& r) { return r.run.date; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.run.id.uuid; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.run.created_at; }));
            return p;
        },
        50);
    // Before a run of the same batch: an act that came after it would have been refused.
    writers.add<DoneBreakAct>(
        sql::write_break_acts,
        [](auto rows) {
            auto const digest = [](auto const& r) { return r.act.evidence ? std::optional(r.act.evidence->digest) : std::nullopt; };
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.id.uuid; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return reconcile::name_of(r.act.verb); }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.by; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.at; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return reconcile::name_of(r.before.state); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return reconcile::name_of(r.after.state); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.act.reason); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.act.resolution); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.act.cause); }));
            p.add(column<std::optional<Uuid>>(rows, [](auto const& r) { return r.act.assignee; }));
            p.add(
                column<std::string_view>(rows, [](auto const& r) { return r.act.evidence ? std::string_view(r.act.evidence->name) : ""; }));
            p.add(column<std::optional<Sha256>>(rows, digest));
            p.add(column<std::optional<Uuid>>(rows, [](auto const& r) { return r.after.assignee; }));
            p.add(column<std::optional<Json>>(rows, [](auto const& r) {
                return r.after.proposal ? std::optional(Json(to_json(r.after.proposal).dump())) : std::nullopt;
            }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.after.cause); }));
            p.add(column<bool>(rows, [](auto const& r) { return reconcile::is_finished(r.after.state); }));
            p.add(column<Json>(rows, [](auto const& r) { return Json(to_json(r.before).dump()); }));
            return p;
        },
        35);
    writers.add<SetApprovalLimit>(sql::set_approval_limits, [](auto rows) {
        Params p;
        p.add(column<Uuid>(rows, [](auto const& r) { return r.user; }));
        p.add(column<Dong>(rows, [](auto const& r) { return r.amount; }));
        p.add(column<Uuid>(rows, [](auto const& r) { return r.by; }));
        p.add(column<Instant>(rows, [](auto const& r) { return r.at; }));
        return p;
    });
}

}  // namespace cho40::stores
