#include "adapters/api/fee_json.h"
#include "adapters/api/fees.h"
#include "adapters/api/lists.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include "base/text.h"
#include "fees/quote.h"
#include <algorithm>
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using fees::Rate;
using http::Request;
using http::Response;
using nlohmann::json;

json asks_json(fees::Unit const& unit)
{
    auto const asks = fees::asks_of(unit);
    json names = json::array();
    if (asks.quantity) names.push_back("quantity");
    if (asks.pages) names.push_back("pages");
    if (asks.value) names.push_back("value");
    return names;
}

// What an officer can count on before anything is entered: an amount that only lacks its value counts as known.
fees::Knowledge knowledge_of(fees::FeeTables const& tables, Rate const& rate, Day day)
{
    fees::AssessmentRequest request;
    request.fee_code = rate.fee_code;
    request.day = day;
    auto const assessed = fees::assess(tables, request);
    if (!assessed) return fees::Knowledge::unknown;
    return assessed->unknown_because == fees::UnknownBecause::value_missing ? fees::Knowledge::known : assessed->knowledge;
}

json item_json(fees::FeeTables const& tables, Rate const& rate, Day day, http::Language language)
{
    bool const vi = language == http::Language::vi || rate.procedure_name_en.empty();
    return {{"fee_code", rate.fee_code},
            {"object", "fee_item"},
            {"kind", fees::fee_kind_name(rate.kind)},
            {"procedure_code", http::text_or_null(rate.procedure_code)},
            {"procedure_name", vi ? rate.procedure_name_vi : rate.procedure_name_en},
            {"agency_kind", rate.agency},
            {"unit", rate.unit_text},
            {"asks", asks_json(rate.unit)},
            {"knowledge", fees::knowledge_name(knowledge_of(tables, rate, day))},
            {"legal_basis", rate.legal_basis}};
}

Result<Day> day_asked(Request const& request, Clock const& clock)
{
    auto const text = request.query_value("on_date");
    if (!text) return Day::of(clock.now());
    auto const day = Day::parse(*text);
    if (!day) return fail(Errc::invalid_date, "a day is written YYYY-MM-DD", "#query/on_date");
    return *day;
}

Answering list(FeeContext& context, Request request)
{
    CHO_CO_TRY_DO(co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, {"q", "on_date"}));
    CHO_CO_TRY(auto const day, day_asked(request, context.clock));
    auto const typed = request.query_value("q").value_or("");
    if (!is_valid_utf8(typed) || count_code_points(typed) > 120) co_return fail(Errc::text_too_long, "at most 120 characters", "#query/q");
    auto const tables = context.tables.current();
    auto const found = fees::find_fees(*tables, typed, day);
    // The list is small and in memory: the cursor holds the last fee code shown.
    CHO_CO_TRY(auto position, context.cursors.read(request));
    auto from = found.begin();
    if (!position.empty()) {
        from = std::ranges::find(found, position.front(), &Rate::rate_id);
        if (from == found.end()) co_return fail(Errc::invalid_cursor, "this cursor was not made here", "#query/cursor");
        ++from;
    }
    CHO_CO_TRY(auto const limit, http::page_limit(request));
    auto const end = std::min(found.end(), from + std::min<std::ptrdiff_t>(limit, found.end() - from));
    json data = json::array();
    for (auto it = from; it != end; ++it) data.push_back(item_json(*tables, **it, day, request.language));
    std::optional<std::string> next;
    if (end != found.end()) next = context.cursors.write(request, {(*(end - 1))->rate_id});
    WhyEmpty const why{"no_fee_found", "Không tìm thấy loại phí nào.", "No fee was found."};
    co_return list_response(request, std::move(data), next, context.clock.now(), why);
}

Result<json> assessment_json(std::vector<fees::AssessedLine> const& lines, fees::LinesOrder const& order, fees::FeeTables const& tables,
                             http::Language language)
{
    CHO_TRY(auto const totals, fees::totals_of(lines));
    json out_lines = json::array();
    for (auto const& line : lines) out_lines.push_back(fee_line_json(line, tables, language));
    return json{{"on_date", http::day_json(order.day)},
                {"channel", fees::channel_name(order.channel)},
                {"lines", std::move(out_lines)},
                {"total", http::money_json(totals.all)},
                {"payable", totals.payable_online}};
}

Answering preview(FeeContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    (void)in.optional_text("agency", {1, 64});  // for tariffs of places, which are not known yet
    (void)in.optional_text("procedure_code", {1, 40});
    auto const tables = context.tables.current();
    auto order = read_lines_order(in, *tables);
    order.day = in.optional_day("on_date").value_or(Day::of(context.clock.now()));
    CHO_CO_TRY_DO(body.finish());
    CHO_CO_TRY(auto lines, fees::assess_lines(*tables, order));
    CHO_CO_TRY(auto out, assessment_json(lines, order, *tables, request.language));
    out["object"] = "fee_assessment";
    co_return Response::json(out);
}

// The same for anybody: what is due, and of every relief of the fee whether it counts and why not.
Answering quote(FeeContext& context, Request request)
{
    CHO_CO_TRY_DO(co_await context.gate.admit(request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    auto const tables = context.tables.current();
    auto order = read_lines_order(in, *tables);
    order.conditions_confirmed = false;  // nobody here has seen a paper
    order.vnd_per_usd = in.optional_money("vnd_per_usd");
    order.day = in.optional_day("on_date").value_or(Day::of(context.clock.now()));
    CHO_CO_TRY_DO(body.finish());
    CHO_CO_TRY(auto lines, fees::assess_lines(*tables, order));
    CHO_CO_TRY(auto out, assessment_json(lines, order, *tables, request.language));
    CHO_CO_TRY(auto const totals, fees::totals_of(lines));
    out["object"] = "fee_quote";
    out["total_phi"] = http::money_json(totals.phi);
    out["total_le_phi"] = http::money_json(totals.le_phi);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        out["lines"][i]["unknown_because"] = http::text_or_null(fees::unknown_because_name(lines[i].result.unknown_because));
        out["lines"][i]["open_condition"] = http::text_or_null(lines[i].result.open_condition);
        out["lines"][i]["reliefs"] = relief_outcomes_json(lines[i].result, *tables, request.language);
    }
    co_return Response::json(out);
}

}  // namespace

fees::LinesOrder read_lines_order(http::ObjectReader& in, fees::FeeTables const& tables)
{
    fees::LinesOrder order;
    order.channel = in.one_of<fees::Channel>("channel", {{"online", fees::Channel::online}, {"counter", fees::Channel::counter}});
    for (auto const& text : in.optional_texts("persona", {0, 10}, {0, 40})) {
        auto const persona = fees::parse_persona(tables, text);
        if (!persona) in.refuse("persona", Errc::unknown_value, persona.error().detail, persona.error().detail_vi);
        else if (*persona) order.personas.push_back(**persona);
    }
    order.conditions_confirmed = in.optional_truth("conditions_confirmed").value_or(false);
    in.each("lines", {1, 20}, [&](http::ObjectReader line) {
        fees::LineOrder one;
        one.fee_code = line.text("fee_code", {1, 60});
        one.quantity = line.optional_whole("quantity", {1, 100000}).value_or(1);
        one.pages = line.optional_whole("pages", {1, 100000});
        one.value = line.optional_money("value");
        order.lines.push_back(std::move(one));
    });
    return order;
}

void add_fee_item_routes(http::Router& router, FeeContext& context)
{
    using enum http::Method;
    auto const with = handlers_of(context);
    router.add(get, "/v1/fee-items", "fee_items.list", with(list));
    router.add(post, "/v1/fee-assessments", "fee_assessments.preview", with(preview));
    router.add(post, "/v1/fee-quotes", "fee_quotes.preview", with(quote));
}

}  // namespace cho40::api
