#include "adapters/strict_json/strict_json.h"
#include "apps/cli/fee/schedule.h"
#include "apps/cli/io.h"
#include "base/time.h"
#include "fees/assess.h"
#include "fees/explain.h"
#include <CLI/CLI.hpp>
#include <array>
#include <nlohmann/json.hpp>

namespace cho40::cli {
namespace {

using Json = nlohmann::ordered_json;
using namespace fees;

constexpr std::array known_members = {"fee_code",
                                      "quantity",
                                      "cases",
                                      "pages",
                                      "copies",
                                      "value",
                                      "value_paid_before",
                                      "vnd_per_usd",
                                      "exchange_rate",
                                      "channel",
                                      "persona",
                                      "day",
                                      "conditions_confirmed",
                                      "id",
                                      "client_ref"};

tl::unexpected<Error> wrong(char const* member, std::string detail)
{
    return fail(Errc::validation_failed, std::move(detail), std::string("/") + member);
}

Result<std::optional<std::int64_t>> whole(Json const& in, char const* member)
{
    auto const it = in.find(member);
    if (it == in.end() || it->is_null()) return std::optional<std::int64_t>();
    if (!it->is_number_integer() || (it->is_number_unsigned() && it->get<std::uint64_t>() > INT64_MAX)) {
        return wrong(member, "must be a whole number");
    }
    return std::optional(it->get<std::int64_t>());
}

Result<std::optional<Dong>> amount(Json const& in, char const* member)
{
    CHO_TRY(auto number, whole(in, member));
    return number ? std::optional(Dong(*number)) : std::nullopt;
}

// 3 or "120.5": thousandths, so that cubic metres are not rounded by a float.
Result<std::optional<std::int64_t>> milli(Json const& in, char const* member)
{
    auto const it = in.find(member);
    if (it == in.end() || it->is_null()) return std::optional<std::int64_t>();
    auto const text = it->is_string() ? it->get<std::string>() : it->is_number_integer() ? it->dump() : std::string();
    auto const dot = text.find('.');
    auto decimals = dot == std::string::npos ? std::string() : text.substr(dot + 1);
    auto const units = parse_count(text.substr(0, dot));
    if (!units || *units > 1'000'000 || decimals.size() > 3 || (dot != std::string::npos && decimals.empty())) {
        return wrong(member, "must be a whole number, or a decimal as text like \"120.5\" (at most 1000000, three decimals)");
    }
    decimals.resize(3, '0');
    auto const rest = parse_count(decimals);
    if (!rest) return wrong(member, "must be a whole number, or a decimal as text like \"120.5\"");
    return std::optional(*units * 1000 + *rest);
}

Result<std::string> text(Json const& in, char const* member, std::string otherwise)
{
    auto const it = in.find(member);
    if (it == in.end() || it->is_null()) return otherwise;
    if (!it->is_string()) return wrong(member, "must be text");
    return it->get<std::string>();
}

Result<std::vector<std::string>> personas(FeeTables const& tables, Json const& in)
{
    std::vector<std::string> keys;
    auto const it = in.find("persona");
    if (it == in.end() || it->is_null()) return keys;
    auto const list = it->is_array() ? *it : Json::array({*it});
    for (auto const& one : list) {
        if (!one.is_string()) return wrong("persona", "must be text or a list of texts");
        CHO_TRY(auto key, parse_persona(tables, one.get<std::string>()));
        if (key) keys.push_back(*std::move(key));
    }
    return keys;
}

// `quantity` means the pages of the original where a fee is charged by the page and `pages` is not given, and the copies
// where `pages` is.
Result<Done> read_quantities(FeeTables const& tables, Json const& in, AssessmentRequest& request)
{
    CHO_TRY(auto quantity, milli(in, "quantity"));
    CHO_TRY(auto pages, whole(in, "pages"));
    CHO_TRY(auto copies, whole(in, "copies"));
    CHO_TRY(auto cases, whole(in, "cases"));
    auto const* rate = tables.any_rate(request.fee_code);
    if (quantity && rate && std::holds_alternative<PerPage>(rate->unit)) {
        if (*quantity % 1000 != 0) return wrong("quantity", "pages and copies are whole numbers");
        auto& meant = pages ? copies : pages;
        if (meant) return wrong("quantity", "pages and copies are given already");
        meant = *quantity / 1000;
    }
    request.quantity_milli = quantity.value_or(1000);
    request.pages = pages.value_or(1);
    request.copies = copies.value_or(1);
    request.cases = cases.value_or(1);
    return Done{};
}

Result<AssessmentRequest> read_request(FeeTables const& tables, Json const& in)
{
    if (!in.is_object()) return fail(Errc::validation_failed, "an object is needed");
    for (auto const& [member, ignored] : in.items()) {
        if (std::ranges::find(known_members, member) == known_members.end()) {
            return fail(Errc::unknown_field, "the member is not known", "/" + member);
        }
    }
    AssessmentRequest request;
    CHO_TRY(request.fee_code, text(in, "fee_code", ""));
    if (request.fee_code.empty()) return wrong("fee_code", "is needed");
    CHO_TRY(auto day, text(in, "day", Day::of(SystemClock().now()).to_string()));
    auto const parsed = Day::parse(day);
    if (!parsed) return wrong("day", "must be a day like 2026-11-22");
    request.day = *parsed;
    CHO_TRY(auto way, text(in, "channel", "counter"));
    auto const channel = parse_channel(way);
    if (!channel) return wrong("channel", "must be counter or online");
    request.channel = *channel;
    CHO_TRY(request.personas, personas(tables, in));
    CHO_TRY_DO(read_quantities(tables, in, request));
    CHO_TRY(request.value, amount(in, "value"));
    CHO_TRY(request.value_paid_before, amount(in, "value_paid_before"));
    CHO_TRY(request.vnd_per_usd, amount(in, "vnd_per_usd"));
    if (!request.vnd_per_usd) { CHO_TRY(request.vnd_per_usd, amount(in, "exchange_rate")); }
    if (auto const it = in.find("conditions_confirmed"); it != in.end()) {
        if (!it->is_boolean()) return wrong("conditions_confirmed", "must be true or false");
        request.conditions_confirmed = it->get<bool>();
    }
    return request;
}

Json amount_json(std::optional<Dong> value) { return value ? Json(value->count()) : Json(nullptr); }

Json relief_json(FeeTables const& tables, ReliefOutcome const& outcome)
{
    auto const& r = outcome.relief;
    auto const* act = tables.act(r.source);
    return {{"rule", r.id()},
            {"kind", relief_kind_name(r.kind)},
            {"audience", r.audience},
            {"valid_from", r.from ? Json(r.from->to_string()) : Json(nullptr)},
            {"valid_to", r.to ? Json(r.to->to_string()) : Json(nullptr)},
            {"legal_basis", act ? Json(act->title_vi) : Json(nullptr)},
            {"due_vnd", amount_json(outcome.due)},
            {"text_vi", relief_text_vi(tables, r)},
            {"text_en", relief_text_en(tables, r)}};
}

Json rate_json(FeeTables const& tables, Assessment const& a)
{
    for (auto const* rate : tables.rates_on(a.fee_code, a.day)) {
        return {{"rate_id", rate->rate_id},
                {"line", rate->line},
                {"amount_vnd", amount_json(rate->amount)},
                {"online_amount_vnd", amount_json(rate->online_amount)},
                {"unit", rate->unit_text},
                {"effective_from", rate->from ? Json(rate->from->to_string()) : Json(nullptr)},
                {"effective_to", rate->to ? Json(rate->to->to_string()) : Json(nullptr)},
                {"confidence", rate->confidence.text}};
    }
    return nullptr;
}

Json to_json(FeeTables const& tables, Assessment const& a)
{
    Json out = {{"fee_code", a.fee_code},
                {"kind", fee_kind_name(a.kind)},
                {"name_vi", a.name_vi},
                {"name_en", a.name_en},
                {"day", a.day.to_string()},
                {"channel", channel_name(a.channel)},
                {"knowledge", knowledge_name(a.knowledge)},
                {"base_vnd", amount_json(a.base)},
                {"due_vnd", amount_json(a.due)},
                {"payable_online", a.payable_online()}};
    if (a.knowledge == Knowledge::unknown) out["unknown_because"] = unknown_because_name(a.unknown_because);
    if (!a.working.empty()) out["working"] = a.working;
    out["budget_subitem"] = a.budget_subitem.empty() ? Json(nullptr) : Json(a.budget_subitem);
    out["budget_subitem_inferred"] = a.subitem_inferred;
    out["legal_basis"] = a.legal_basis;
    out["rate"] = rate_json(tables, a);
    auto const* used = a.relief_used();
    out["relief"] = used ? relief_json(tables, *used) : Json(nullptr);
    out["alternatives_not_used"] = Json::array();
    for (auto const& outcome : a.reliefs) {
        if (&outcome == used) continue;
        auto other = relief_json(tables, outcome);
        other["why"] = verdict_name(outcome.verdict);
        out["alternatives_not_used"].push_back(std::move(other));
    }
    if (!a.open_condition.empty()) out["open_condition"] = a.open_condition;
    out["explanation_vi"] = a.explanation_vi;
    out["explanation_en"] = a.explanation_en;
    return out;
}

struct Answer {
    Json json;
    Exit exit;
};

// The caller's own names for a request come back with its answer.
Json named_as_asked(Json const& in)
{
    Json out = Json::object();
    for (auto const* name : {"id", "client_ref"}) {
        if (in.is_object() && in.contains(name)) out[name] = in[name];
    }
    return out;
}

// A request that cannot be answered gives its error in the place of the line, so that the lines beside it still count.
Answer answer(FeeTables const& tables, Json const& in)
{
    auto request = read_request(tables, in);
    auto assessment = request ? assess(tables, *request) : Result<Assessment>(fail(std::move(request).error()));
    auto out = named_as_asked(in);
    if (assessment) {
        out.update(to_json(tables, *assessment));
        return {std::move(out), Exit::done};
    }
    auto const& e = assessment.error();
    Json error = {{"code", errc_name(e.code)}, {"detail", e.detail}};
    if (!e.pointer.empty()) error["pointer"] = e.pointer;
    if (!e.detail_vi.empty()) error["detail_vi"] = e.detail_vi;
    if (in.is_object() && in.contains("fee_code")) out["fee_code"] = in["fee_code"];
    out["due_vnd"] = nullptr;
    out["payable_online"] = false;
    out["error"] = std::move(error);
    bool const understood = e.code == Errc::fee_unknown || e.code == Errc::not_a_fee || e.code == Errc::fee_rate_ambiguous;
    return {std::move(out), understood ? Exit::negative : Exit::usage};
}

void assess_command(std::string const& path, std::string const& schedule)
{
    Json const in = value_or_stop(strict_json::parse(read_input(path)), path);
    if (!in.is_object() && !in.is_array()) throw Stop{Exit::usage, path + ": an object or an array of objects is needed"};
    auto const tables = value_or_stop(schedule.empty() ? FeeTables::embedded() : FeeTables::with_schedule(read_input(schedule)),
                                      schedule.empty() ? "fee schedule" : schedule);
    auto exit = Exit::done;
    Json out;
    if (in.is_array()) {
        out = Json::array();
        for (auto const& one : in) {
            auto result = answer(tables, one);
            exit = std::max(exit, result.exit);
            out.push_back(std::move(result.json));
        }
    } else {
        auto result = answer(tables, in);
        exit = result.exit;
        out = std::move(result.json);
    }
    print_json(out, 2);
    if (exit != Exit::done) throw Stop{exit, exit == Exit::usage ? "a request is not valid; see \"error\" in the answer" : ""};
}

}  // namespace

void add_fee_commands(CLI::App& app)
{
    auto* fee = app.add_subcommand("fee", "Fees and charges of administrative procedures");
    fee->require_subcommand(1);
    auto* command = fee->add_subcommand(
        "assess", "What is due for a fee on a day: the amount, the rate row, the relief used and those not used, the act.\n"
                  "Input: one object or an array. Members: fee_code, day (today), channel (counter, online), persona (text or list),\n"
                  "quantity, cases, pages, copies, value, value_paid_before, vnd_per_usd (or exchange_rate), conditions_confirmed,\n"
                  "id and client_ref (come back with the answer). quantity is counted in the fee's unit: persons, m³, copies; for fees\n"
                  "by the page it is the pages of the original, or the copies when pages is given.\n"
                  "Exit 1 when a line is not a fee or not in the schedule, 2 when a request is not valid.");
    command->footer(
        "Example:\n  echo '{\"fee_code\":\"PP_NEW\",\"channel\":\"online\",\"persona\":\"digital_citizen\",\"day\":\"2026-11-22\"}' | cho40 fee assess\n"
        "  echo '{\"fee_code\":\"CERT_COPY\",\"pages\":5,\"copies\":3}' | cho40 fee assess");
    auto path = std::make_shared<std::string>("-");
    command->add_option("FILE", *path, "JSON file; - or nothing reads standard input");
    command->add_flag_callback("--json", [] {}, "accepted for symmetry: the answer is always JSON");
    auto schedule = std::make_shared<std::string>();
    command->add_option("--schedule", *schedule, "reckon by this schedule (CSV) instead of the program's");
    command->callback([path, schedule] { assess_command(*path, *schedule); });
    add_fee_schedule_commands(*fee);
}

}  // namespace cho40::cli
