#include "adapters/api/ids.h"
#include "adapters/api/recon_break_batch.h"
#include "adapters/http/json_writer.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using nlohmann::json;
using stores::ReconBreak;

struct Expected {
    std::int64_t count = 0;
    Dong at_stake;
};

struct Wish {
    BreakQuery query;
    reconcile::BreakAct act;
    std::optional<Expected> expected;  // absent: a preview
    bool skip_refused = false;
};

Result<Wish> read_wish(Request const& request, identity::Principal const& principal)
{
    CHO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    Wish wish;
    wish.query = read_break_query(in.object("filter"), principal);
    auto action = in.object("action");
    wish.act = read_break_act(action);
    if (wish.act.verb == reconcile::BreakVerb::undo)
        action.refuse("verb", Errc::unknown_value, "acts are undone one by one", "Chỉ hoàn tác từng khoản.");
    if (auto expected = in.optional_object("expected")) {
        wish.expected.emplace();
        wish.expected->count = expected->whole("count", {1, break_batch_max});
        wish.expected->at_stake = expected->money("at_stake", {0, std::numeric_limits<std::int64_t>::max()});
    }
    wish.skip_refused = in.optional_truth("skip_refused").value_or(false);
    CHO_TRY_DO(body.finish());
    return wish;
}

// Everything the filter finds now, and what the act would make of each.
boost::asio::awaitable<Result<BreakBatch>> gather(ReconContext& context, stores::ReconPartner partner, Wish wish,
                                                  identity::Principal principal)
{
    CHO_CO_TRY(auto filter, co_await filter_of(context, principal, wish.query));
    CHO_CO_TRY(auto found, co_await context.breaks.list(std::move(filter), std::nullopt, break_batch_max + 1));
    if (found.size() > break_batch_max) {
        co_return fail(
            Error(Errc::too_many, "the filter finds more than " + std::to_string(break_batch_max) + " breaks; narrow it", "/filter")
                .vi("Bộ lọc có hơn " + std::to_string(break_batch_max) + " khoản, hãy thu hẹp."));
    }
    CHO_CO_TRY(auto const actor, co_await actor_of(context, std::move(principal)));
    auto const now = context.clock.now();
    BreakBatch batch;
    for (auto& one : found) batch.add(context, partner, std::move(one), wish.act, actor, now, batch.size() + 1);
    co_return batch;
}

Answering apply(ReconContext& context, stores::ReconPartner partner, Wish wish, identity::Principal principal, http::Language language,
                identity::Ticket ticket)
{
    CHO_CO_TRY(auto batch, co_await gather(context, partner, wish, principal));
    auto const& expected = *wish.expected;
    if (static_cast<std::int64_t>(batch.size()) != expected.count || batch.at_stake() != expected.at_stake) {
        co_return fail(Error(Errc::version_mismatch,
                             "the filter finds " + std::to_string(batch.size()) + " breaks with " +
                                 std::to_string(batch.at_stake().count()) + " đồng now; look at them again",
                             "/expected")
                           .vi("Danh sách vừa thay đổi (" + std::to_string(batch.size()) + " khoản), hãy xem lại trước khi làm."));
    }
    if (!batch.refused().empty() && !wish.skip_refused) co_return fail(batch.refusal());
    co_return co_await batch.submit(context, std::move(principal), partner, language, std::move(ticket));
}

Answering act(ReconContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto wish, read_wish(request, principal));
    CHO_CO_TRY(auto const id, http::parse_id<qr_pay::RailAccountTag>(*wish.query.partner));
    CHO_CO_TRY(auto partner, co_await own_partner(context, principal, id));
    auto const language = request.language;
    if (!wish.expected) {
        CHO_CO_TRY(auto batch, co_await gather(context, std::move(partner), std::move(wish), std::move(principal)));
        co_return http::Response::json(batch.view(false, language));
    }
    auto const book = partner.book;
    identity::Idempotency::Work work = [&context, partner = std::move(partner), wish = std::move(wish), principal,
                                        language](identity::Ticket ticket) {
        return apply(context, partner, wish, principal, language, std::move(ticket));
    };
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), book, std::move(work));
}

}  // namespace

void add_recon_break_bulk_routes(http::Router& router, ReconContext& context)
{
    using enum http::Method;
    auto const with = handlers_of(context);
    router.add(post, "/v1/recon/break-actions", "recon_breaks.act_on_many", with(act));
    add_recon_break_sheet_routes(router, context);
}

}  // namespace cho40::api
