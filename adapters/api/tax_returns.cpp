#include "adapters/api/ids.h"
#include "adapters/api/lists.h"
#include "adapters/api/tax_json.h"
#include "adapters/api/taxes.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using etax::StoredReturn;
using http::Request;
using http::Response;
using merchants::Household;
using nlohmann::json;

struct OwnReturn {
    std::optional<StoredReturn> ret;
    Household household;
};

// The return named in the path, if its household is the principal's to see.
boost::asio::awaitable<Result<OwnReturn>> own_return(TaxContext& context, identity::Principal principal, std::string id_text)
{
    CHO_CO_TRY(auto id, http::parse_id<etax::TaxReturn>(id_text));
    CHO_CO_TRY(auto found, co_await context.taxes.find(id));
    if (!found) co_return fail(Errc::not_found, "no such return");
    OwnReturn own;
    CHO_CO_TRY(own.household, co_await own_household(context, std::move(principal), found->household));
    own.ret = std::move(found);
    co_return own;
}

boost::asio::awaitable<Result<ReturnView>> view_of(TaxContext& context, StoredReturn ret)
{
    ReturnView view(ret);
    CHO_CO_TRY(view.steps, co_await context.taxes.steps(ret));
    CHO_CO_TRY(view.notices, co_await context.taxes.notices(ret));
    co_return view;
}

identity::Answer answer_of(TaxContext& context, ReturnView const& view, http::Language language, int status)
{
    identity::Answer answer(status, http::dump_json(return_json(view, context.tools.papers, language)),
                            identity::AuditTarget{"ret", view.ret.id.uuid});
    answer.location = "/v1/tax-returns/" + http::to_text(view.ret.id);
    answer.etag = http::etag(view.ret.version);
    return answer;
}

// 01/CNKD is filed for a quarter or a month.
Result<etax::Period> filing_period(std::string_view text)
{
    auto const period = etax::Period::parse(text);
    if (!period || period->kind() == etax::PeriodKind::year) {
        return fail(
            Error(Errc::invalid_period, "a quarter 2026-Q3 or a month 2026-07", "/period").vi("Kỳ tính thuế viết 2026-Q3 hoặc 2026-07."));
    }
    return *period;
}

Answering create(TaxContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    auto const household_id = in.id<Household>("household");
    auto const period_text = in.text("period", {6, 7});
    CHO_CO_TRY_DO(body.finish());
    CHO_CO_TRY(auto const period, filing_period(period_text));
    CHO_CO_TRY(auto household, co_await own_household(context, principal, household_id));
    auto const by = Id<qr_pay::UserTag>(principal.id);
    auto const language = request.language;
    auto const book = household.book;
    identity::UseCase<StoredReturn> work = [&context, household, period, by](auto extra) {
        return context.draft_return(household, period, by, std::move(extra));
    };
    identity::AnswerOf<StoredReturn> answer = [&context, language](StoredReturn const& made) {
        ReturnView view(made);
        view.steps.push_back({made.filing.state, "", made.since});
        return answer_of(context, view, language, 201);
    };
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), book, std::move(work), std::move(answer));
}

Answering submit(TaxContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    auto id = request.path_value("ret");
    CHO_CO_TRY(auto own, co_await own_return(context, principal, std::move(id)));
    auto const language = request.language;
    auto const ret_id = own.ret->id;
    auto const book = own.household.book;
    auto work = [&context, ret_id, language](identity::Ticket ticket) -> Answering {
        CHO_CO_TRY(auto stored, co_await context.taxes.find(ret_id));
        if (!stored) co_return fail(Errc::not_found, "no such return");
        CHO_CO_TRY(auto before, co_await view_of(context, *stored));
        auto extra = ticket.extra<StoredReturn>([&context, before, language](StoredReturn const& made) {
            auto view = before;
            using enum etax::FilingState;
            if (before.ret.filing.state == draft) view.steps.push_back({signed_, "", made.since});
            if (made.filing.state != signed_) view.steps.push_back({made.filing.state, "", made.since});
            view.ret = made;
            return answer_of(context, view, language, 202);
        });
        CHO_CO_TRY_DO(co_await context.submit_return(*std::move(stored), std::move(extra)));
        co_return ticket.response();
    };
    identity::Idempotency::Work named = std::move(work);
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), book, std::move(named));
}

Answering read(TaxContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    auto id = request.path_value("ret");
    CHO_CO_TRY(auto own, co_await own_return(context, std::move(principal), std::move(id)));
    auto const tag = http::etag(own.ret->version);
    if (http::none_match_hits(request, tag)) co_return Response(304).header("ETag", tag);
    CHO_CO_TRY(auto view, co_await view_of(context, *own.ret));
    co_return Response::json(return_json(view, context.tools.papers, request.language)).header("ETag", tag);
}

Answering document(TaxContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    auto id = request.path_value("ret");
    CHO_CO_TRY(auto own, co_await own_return(context, principal, std::move(id)));
    CHO_CO_TRY_DO(co_await note_look(context, std::move(principal), request.request_id, own.household));
    auto const tag = http::etag(own.ret->version);
    std::string bytes;
    if (own.ret->filing.digest) {
        CHO_CO_TRY(bytes, co_await context.taxes.document(*own.ret));
    } else {
        CHO_CO_TRY(auto input, co_await context.taxes.input(*own.ret));
        CHO_CO_TRY(auto const prepared, etax::document_of(std::move(input), context.tools));
        CHO_CO_TRY(bytes, context.tools.papers.write(prepared));
    }
    auto const& period = own.ret->period();
    co_return Response::bytes(std::move(bytes), "application/xml")
        .header("ETag", tag)
        .header("Content-Disposition", "attachment; filename=\"01-CNKD-" + period.to_string() + ".xml\"");
}

// Of the newest row that the figures were made of. It is one of the household's own sales: a proof holds its row, and the
// book's newest may be a neighbour's.
Answering proof(TaxContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    auto id = request.path_value("ret");
    CHO_CO_TRY(auto own, co_await own_return(context, principal, std::move(id)));
    if (!own.ret->ledger_seq) {
        co_return fail(Error(Errc::not_found, "there is no row in the household's book that this return's figures were made of")
                           .vi("Tờ khai này không có dòng sổ cái nào để chứng minh: hộ chưa có doanh thu trong sổ khi lập tờ khai."));
    }
    CHO_CO_TRY(auto const proof, co_await ledger::proof_of_row(context.proofs.reader, own.ret->book, *own.ret->ledger_seq));
    CHO_CO_TRY_DO(co_await note_look(context, std::move(principal), request.request_id, own.household));
    co_return proof_file(proof, context.proofs.key, "01-CNKD-" + own.ret->period().to_string() + "-proof");
}

Result<std::vector<std::string>> states_named(std::string_view names)
{
    std::vector<std::string> states;
    for (auto const name : names_in(names)) {
        if (!etax::filing_state_from(name)) return fail(Errc::unknown_value, "not a state of a return", "#query/state");
        states.emplace_back(name);
    }
    return states;
}

// Whose returns a principal may list without naming a household: everybody's, or those of its own stalls.
boost::asio::awaitable<Result<std::vector<Uuid>>> households_of(TaxContext& context, identity::Principal principal)
{
    std::vector<Uuid> none;
    if (identity::may_act_for(principal, identity::Place::province())) co_return none;
    auto places = principal.places_as(identity::Role::vendor);
    if (principal.is_key()) places = {principal.key_place};
    CHO_CO_TRY(auto const stalls, co_await context.merchants.stalls(places));
    std::vector<Uuid> out;
    for (auto const& s : stalls) out.push_back(s.stall.household.uuid);
    if (out.empty()) out.push_back(Uuid{});  // nobody's: an empty list, not everybody's
    co_return out;
}

Answering list(TaxContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, {"household", "period", "state"}));
    stores::TaxStore::ListFilter filter;
    if (auto const text = request.query_value("household")) {
        CHO_CO_TRY(auto const id, http::parse_id<Household>(*text));
        CHO_CO_TRY(auto household, co_await own_household(context, principal, id));
        filter.households = {household.id.uuid};
    } else {
        CHO_CO_TRY(filter.households, co_await households_of(context, principal));
    }
    if (auto const period = request.query_value("period")) {
        CHO_CO_TRY(auto const known, filing_period(*period));
        filter.period = known.to_string();
    }
    if (auto const states = request.query_value("state")) { CHO_CO_TRY(filter.states, states_named(*states)); }
    CHO_CO_TRY(auto const limit, http::page_limit(request));
    CHO_CO_TRY(filter.before, id_before(request, context.cursors));
    filter.limit = limit + 1;
    CHO_CO_TRY(auto found, co_await context.taxes.list(filter));
    bool const more = cut_to(found, limit);
    json data = json::array();
    for (auto const& ret : found) {
        CHO_CO_TRY(auto view, co_await view_of(context, ret));
        data.push_back(return_json(view, context.tools.papers, request.language));
    }
    std::optional<std::string> next;
    if (more) {
        std::vector<std::string> const last = {found.back().id.uuid.to_string()};
        next = context.cursors.write(request, last);
    }
    WhyEmpty const why{"no_return_yet", "Chưa có tờ khai nào.", "No return yet."};
    co_return list_response(request, std::move(data), next, context.clock.now(), why);
}

}  // namespace

void add_tax_return_routes(http::Router& router, TaxContext& context)
{
    using enum http::Method;
    auto const with = handlers_of(context);
    router.add(post, "/v1/tax-returns", "tax_returns.create", with(create));
    router.add(get, "/v1/tax-returns", "tax_returns.list", with(list));
    router.add(get, "/v1/tax-returns/{ret}", "tax_returns.read", with(read));
    router.add(post, "/v1/tax-returns/{ret}/submission", "tax_returns.submit", with(submit));
    router.add(get, "/v1/tax-returns/{ret}/document", "tax_returns.document", with(document));
    router.add(get, "/v1/tax-returns/{ret}/proof", "tax_returns.proof", with(proof));
}

}  // namespace cho40::api
