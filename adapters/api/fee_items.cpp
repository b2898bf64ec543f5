#include "adapters/api/fee_json.h"
#include "adapters/api/fees.h"
#include "adapters/api/lists.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include "base/text.h"
#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using fees::Rate;
using http::Request;
using http::Response;
using nlohmann::json;

json asks_of(fees::Unit const& unit)
{
    json asks = json::array();
    if (auto const* thing = std::get_if<fees::PerThing>(&unit); thing && !thing->once_per_case) asks.push_back("quantity");
    if (std::holds_alternative<fees::PerPage>(unit)) asks = {"quantity", "pages"};
    if (std::holds_alternative<fees::PercentOf>(unit) || std::holds_alternative<fees::ByBands>(unit)) asks.push_back("value");
    return asks;
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
            {"asks", asks_of(rate.unit)},
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
    auto const wanted = fold_for_search(typed);
    auto const tables = context.tables.current();
    std::vector<Rate const*> found;
    for (auto const& rate : tables->rates()) {
        if (rate.kind == fees::FeeKind::gia) continue;
        if ((rate.from && day < *rate.from) || (rate.to && *rate.to < day)) continue;
        auto const text = fold_for_search(rate.procedure_code + ' ' + rate.procedure_name_vi + ' ' + rate.procedure_name_en + ' ' +
                                          rate.fee_code);
        if (text.find(wanted) != text.npos) found.push_back(&rate);
    }
    std::ranges::sort(found, [](Rate const* a, Rate const* b) {
        return std::tie(a->procedure_name_vi, a->fee_code, a->rate_id) < std::tie(b->procedure_name_vi, b->fee_code, b->rate_id);
    });
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
    json out_lines = json::array();
    std::optional<Dong> total = Dong();
    bool payable = true;
    for (auto const& line : lines) {
        out_lines.push_back(fee_line_json(line, *tables, request.language));
        payable = payable && line.result.payable_online();
        if (!line.result.due) total.reset();
        if (total) { CHO_CO_TRY(total, add(*total, *line.result.due)); }
    }
    json out = {{"object", "fee_assessment"},    {"on_date", http::day_json(order.day)}, {"channel", fees::channel_name(order.channel)},
                {"lines", std::move(out_lines)}, {"total", http::money_json(total)},     {"payable", payable}};
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
}

}  // namespace cho40::api
