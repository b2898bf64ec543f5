#include "adapters/api/fee_json.h"
#include "adapters/api/fees.h"
#include "adapters/api/ids.h"
#include "adapters/api/lists.h"
#include "adapters/api/refund_json.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include "fees/refund_notice.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using fees::FeeNotice;
using fees::RegisteredAgency;
using fees::StoredNotice;
using http::Request;
using http::Response;
using nlohmann::json;

boost::asio::awaitable<Result<RegisteredAgency>> own_agency(FeeContext& context, identity::Principal principal, Id<fees::Agency> id)
{
    CHO_CO_TRY_DO(identity::may_act_for(principal, identity::Place::agency(id.uuid)));
    CHO_CO_TRY(auto agency, co_await context.store.find_agency(id));
    if (!agency) co_return fail(Errc::not_found, "no such agency");
    co_return *std::move(agency);
}

identity::Answer answer_of(StoredNotice const& made, RegisteredAgency const& agency, fees::FeeTables const& tables, http::Language language)
{
    auto const body = notice_json(made, agency, {}, tables, language);
    identity::Answer answer(201, http::dump_json(body), identity::AuditTarget{"ntc", made.notice.id.uuid});
    answer.location = "/v1/fee-notices/" + http::to_text(made.notice.id);
    answer.etag = http::etag(made.version);
    return answer;
}

Answering create(FeeContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    auto const agency_id = in.id<fees::Agency>("agency");
    fees::NoticeOrder order;
    auto dossier = in.object("dossier");
    order.dossier_code = dossier.text("code", {3, 40});
    if (order.dossier_code.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-") != std::string::npos) {
        dossier.refuse("code", Errc::invalid_format, "letters, digits, '.' and '-' only", "Chỉ dùng chữ, số, '.' và '-'.");
    }
    order.procedure_code = dossier.text("procedure_code", {0, 40});
    order.payer_name = dossier.text("applicant_name", {1, 120});
    order.lines = read_lines_order(in, *context.tables.current());
    order.due_day = in.day("due_date");
    order.lines.day = Day::of(context.clock.now());
    bool const day_given = in.has("due_date");
    if (day_given && order.due_day < order.lines.day)
        in.refuse("due_date", Errc::invalid_date, "the due date has passed", "Hạn nộp đã qua.");
    CHO_CO_TRY_DO(body.finish());
    CHO_CO_TRY(order.agency, co_await own_agency(context, principal, agency_id));
    order.created_by = Id<qr_pay::UserTag>(principal.id);
    auto const book = order.agency.book;
    auto const language = request.language;
    identity::UseCase<StoredNotice> work = [&context, order](auto extra) { return context.create_notice(order, std::move(extra)); };
    identity::AnswerOf<StoredNotice> answer = [&context, agency = order.agency, language](StoredNotice const& made) {
        return answer_of(made, agency, *context.tables.current(), language);
    };
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), book, std::move(work), std::move(answer));
}

boost::asio::awaitable<Result<json>> view_of(FeeContext& context, fees::NoticeWithAgency found, identity::Principal reader,
                                             http::Language language)
{
    CHO_CO_TRY(auto receipts, co_await context.store.receipts_of(found.stored.book, found.stored.notice.id));
    CHO_CO_TRY(auto newest, co_await newest_request(context, found.stored));
    auto view = notice_json(found.stored, found.agency, receipts, *context.tables.current(), language);
    view["state"] = notice_state_json(found.stored, newest, context.clock.now());
    CHO_CO_TRY(auto refunds, co_await context.refunds.told_of(found.stored.book, found.stored.notice.id.uuid));
    std::vector<qr_pay::StoredRefund> stored;
    for (auto const& one : refunds) stored.push_back(one.stored);
    auto const refundable = fees::refund_basis(found, stored).refundable();
    // What waits for its rest has no receipt yet: only what is owed back anyhow can be given.
    bool const is_paid = found.stored.life.state == fees::NoticeState::paid;
    add_refunds(view, is_paid ? refundable.left() : refundable.owed_left(), refunds,
                {identity::Place::agency(found.agency.id.uuid), std::move(reader), language});
    view["surplus"] = http::money_json(refundable.owed_left());
    co_return view;
}

Answering read(FeeContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto id, http::parse_id<FeeNotice>(request.path_value("notice")));
    CHO_CO_TRY(auto found, co_await context.store.find_notice(id));
    if (!found) co_return fail(Errc::not_found, "no such notice");
    CHO_CO_TRY_DO(identity::may_act_for(principal, identity::Place::agency(found->agency.id.uuid)));
    auto const version = found->stored.version;
    CHO_CO_TRY(auto view, co_await view_of(context, *std::move(found), principal, request.language));
    co_return Response::json(view).header("ETag", http::etag(version));
}

// ?agency=, or the one agency the caller acts for.
Result<Id<fees::Agency>> agency_asked(Request const& request, identity::Principal const& principal)
{
    if (auto const text = request.query_value("agency")) return http::parse_id<fees::Agency>(*text);
    if (principal.is_key() && !principal.key_place.is_nil()) return Id<fees::Agency>(principal.key_place);
    auto const places = principal.places_as(identity::Role::agency);
    if (!places.empty() && !places.front().is_nil()) return Id<fees::Agency>(places.front());
    return fail(Errc::invalid_input, "say which agency: ?agency=agc_…", "#query/agency");
}

Result<std::vector<std::int16_t>> states_named(std::string_view names)
{
    std::vector<std::int16_t> states;
    for (auto const name : names_in(names)) {
        std::optional<fees::NoticeState> state;
        using enum fees::NoticeState;
        for (auto const one : {unpaid, waiting, paid, refunded, cancelled}) {
            if (fees::notice_state_name(one) == name) state = one;
        }
        if (!state) return fail(Errc::unknown_value, "not a state of a notice", "#query/state");
        states.push_back(static_cast<std::int16_t>(*state));
    }
    return states;
}

Answering list(FeeContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, {"agency", "state"}));
    CHO_CO_TRY(auto id, agency_asked(request, principal));
    CHO_CO_TRY(auto agency, co_await own_agency(context, principal, id));
    stores::FeesStore::ListFilter filter;
    filter.book = agency.book;
    filter.agency = agency.id;
    if (auto const states = request.query_value("state")) { CHO_CO_TRY(filter.states, states_named(*states)); }
    CHO_CO_TRY(auto const limit, http::page_limit(request));
    CHO_CO_TRY(filter.before, id_before(request, context.cursors));
    filter.limit = limit + 1;
    CHO_CO_TRY(auto found, co_await context.store.list(filter));
    bool const more = cut_to(found, limit);
    std::optional<std::string> next;
    if (more) next = context.cursors.write(request, {found.back().stored.notice.id.uuid.to_string()});
    json data = json::array();
    for (auto& one : found) {
        CHO_CO_TRY(auto view, co_await view_of(context, std::move(one), principal, request.language));
        data.push_back(std::move(view));
    }
    WhyEmpty const why{"no_notice_yet", "Chưa có thông báo nào.", "No notice yet."};
    co_return list_response(request, std::move(data), next, context.clock.now(), why);
}

}  // namespace

void add_fee_notice_routes(http::Router& router, FeeContext& context)
{
    using enum http::Method;
    auto const with = handlers_of(context);
    router.add(post, "/v1/fee-notices", "fee_notices.create", with(create));
    router.add(get, "/v1/fee-notices", "fee_notices.list", with(list));
    router.add(get, "/v1/fee-notices/{notice}", "fee_notices.read", with(read));
}

}  // namespace cho40::api
