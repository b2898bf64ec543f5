#include "adapters/api/recon_break_batch.h"
#include "adapters/api/ids.h"
#include "adapters/api/recon_json.h"
#include "adapters/http/json_writer.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using nlohmann::json;

constexpr std::size_t shown_max = 20;

std::string words_of(Error const& error, http::Language language)
{
    return language == http::Language::en || error.detail_vi.empty() ? error.detail : error.detail_vi;
}

}  // namespace

void BreakBatch::add(ReconContext& context, stores::ReconPartner const& partner, stores::ReconBreak found, reconcile::BreakAct const& act,
                     reconcile::BreakActor const& actor, Instant now, std::size_t row)
{
    at_stake_ = Dong(at_stake_.count() + found.at_stake.count());
    auto id = http::to_text(found.id);
    auto decided = decide(context, partner, std::move(found), std::nullopt, act, actor, now);
    if (decided) decided_.push_back(*std::move(decided));
    else refused_.push_back({row, std::move(id), std::move(decided).error()});
}

void BreakBatch::refuse(std::size_t row, std::string id, Error why) { refused_.push_back({row, std::move(id), std::move(why)}); }

Error BreakBatch::refusal() const
{
    Error error(Errc::validation_failed,
                std::to_string(refused_.size()) + " of " + std::to_string(size()) + " cannot be done; nothing was done");
    error.detail_vi = std::to_string(refused_.size()) + " trong " + std::to_string(size()) +
                      " khoản không làm được; chưa khoản nào thay đổi.";
    for (auto const& one : refused_) {
        if (error.fields.size() == shown_max) break;
        error.fields.push_back(
            FieldError{"#row/" + std::to_string(one.row), one.why.code, one.id + ": " + one.why.detail, one.why.detail_vi, {}});
    }
    return error;
}

json BreakBatch::view(bool applied, http::Language language) const
{
    std::map<std::string, std::int64_t> becomes;
    for (auto const& one : decided_) ++becomes[lower_name(reconcile::name_of(one.after.state))];
    json states = json::array();
    for (auto const& [state, count] : becomes) states.push_back({{"state", state}, {"count", count}});
    json refused = json::array();
    for (auto const& one : refused_) {
        if (refused.size() == shown_max) break;
        refused.push_back({{"row", one.row},
                           {"break", http::text_or_null(one.id)},
                           {"code", errc_name(one.why.code)},
                           {"detail", words_of(one.why, language)}});
    }
    return {{"object", "recon_break_batch"},           {"applied", applied},           {"count", size()},
            {"at_stake", http::money_json(at_stake_)}, {"allowed", decided_.size()},   {"becomes", std::move(states)},
            {"refused_count", refused_.size()},        {"refused", std::move(refused)}};
}

Answering BreakBatch::submit(ReconContext& context, identity::Principal principal, stores::ReconPartner partner, http::Language language,
                             identity::Ticket ticket)
{
    auto const shown = view(true, language);
    identity::Answer answer(200, http::dump_json(shown), identity::AuditTarget{"rla", partner.id.uuid});
    if (decided_.empty()) {
        // Nothing to do is done at once; the key remembers it all the same.
        ledger::Command command(partner.book);
        command.guards.push_back(ticket.guard());
        for (auto& row : ticket.rows(std::move(answer))) command.rows.push_back(std::move(row));
        CHO_CO_TRY_DO(co_await context.ledger.submit(std::move(command)));
        co_return ticket.response();
    }
    ticket.audit_details(http::dump_json({{"verb", reconcile::name_of(decided_.front().act.verb)}, {"breaks", decided_.size()}}));
    CHO_CO_TRY(auto command, co_await command_of(context, decided_, principal.id, context.clock.now()));
    command.guards.push_back(ticket.guard());
    for (auto& row : ticket.rows(std::move(answer))) command.rows.push_back(std::move(row));
    auto done = co_await context.ledger.submit(std::move(command));
    if (!done && done.error().code == Errc::stale) {
        co_return fail(Error(Errc::version_mismatch, "some of them changed meanwhile; look at them again")
                           .vi("Có khoản vừa thay đổi, hãy xem lại rồi làm tiếp."));
    }
    if (!done) co_return tl::unexpected<Error>(std::move(done).error());
    co_return ticket.response();
}

}  // namespace cho40::api
