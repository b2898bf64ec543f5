#include "adapters/stores/fee_lines_json.h"
#include <nlohmann/json.hpp>

namespace cho40::stores {
namespace {

using fees::Assessment;
using fees::LineOrder;
using fees::Relief;
using fees::ReliefOutcome;
using nlohmann::json;

json number_or_null(std::optional<std::int64_t> const& n) { return n ? json(*n) : json(nullptr); }
json dong_or_null(std::optional<Dong> const& d) { return d ? json(d->count()) : json(nullptr); }
json day_or_null(std::optional<Day> const& d) { return d ? json(d->to_string()) : json(nullptr); }

std::optional<std::int64_t> number_of(json const& j) { return j.is_null() ? std::nullopt : std::optional(j.get<std::int64_t>()); }
std::optional<Dong> dong_of(json const& j) { return j.is_null() ? std::nullopt : std::optional(Dong(j.get<std::int64_t>())); }
std::optional<Day> day_of(json const& j)
{
    if (j.is_null()) return std::nullopt;
    auto day = Day::parse(j.get<std::string>());
    return day ? std::optional(*day) : std::nullopt;
}

// Enumerations are stored by their place; the lists in fees/ only ever grow at the end.
template <class E>
int place(E value)
{
    return static_cast<int>(value);
}
template <class E>
E enum_of(json const& j)
{
    return static_cast<E>(j.get<int>());
}

json relief_json(ReliefOutcome const& outcome)
{
    auto const& r = outcome.relief;
    return {{"kind", place(r.kind)},           {"value", r.value},   {"audience", r.audience},   {"from", day_or_null(r.from)},
            {"to", day_or_null(r.to)},         {"source", r.source}, {"condition", r.condition}, {"verdict", place(outcome.verdict)},
            {"due", dong_or_null(outcome.due)}};
}

ReliefOutcome relief_of(json const& j)
{
    ReliefOutcome out{};
    out.relief.kind = enum_of<fees::ReliefKind>(j.at("kind"));
    out.relief.value = j.at("value").get<std::int64_t>();
    out.relief.audience = j.at("audience").get<std::vector<std::string>>();
    out.relief.from = day_of(j.at("from"));
    out.relief.to = day_of(j.at("to"));
    out.relief.source = j.at("source").get<std::string>();
    out.relief.condition = j.at("condition").get<std::string>();
    out.verdict = enum_of<ReliefOutcome::Verdict>(j.at("verdict"));
    out.due = dong_of(j.at("due"));
    return out;
}

json number_json(fees::ReceiptNumber const& number)
{
    return {{"form", fees::form_code(number.form)}, {"symbol", number.symbol}, {"number", number.number}};
}

fees::ReceiptNumber number_of_receipt(json const& j)
{
    return {receipt_form(j.at("form").get<std::string>()), j.at("symbol").get<std::string>(), j.at("number").get<std::int64_t>()};
}

}  // namespace

std::string lines_json(fees::StoredNotice const& stored)
{
    json out = json::array();
    for (std::size_t i = 0; i < stored.notice.lines.size(); ++i) {
        auto const& a = stored.notice.lines[i];
        auto const& asked = stored.asked[i];
        json reliefs = json::array();
        for (auto const& r : a.reliefs) reliefs.push_back(relief_json(r));
        out.push_back({{"fee_code", a.fee_code},
                       {"rate_id", a.rate_id},
                       {"kind", place(a.kind)},
                       {"name_vi", a.name_vi},
                       {"name_en", a.name_en},
                       {"budget_subitem", a.budget_subitem},
                       {"subitem_inferred", a.subitem_inferred},
                       {"legal_basis", a.legal_basis},
                       {"confidence", a.confidence},
                       {"day", a.day.to_string()},
                       {"channel", place(a.channel)},
                       {"knowledge", place(a.knowledge)},
                       {"unknown_because", place(a.unknown_because)},
                       {"base", dong_or_null(a.base)},
                       {"due", dong_or_null(a.due)},
                       {"working", a.working},
                       {"reliefs", std::move(reliefs)},
                       {"open_condition", a.open_condition},
                       {"explanation_vi", a.explanation_vi},
                       {"explanation_en", a.explanation_en},
                       {"quantity", asked.quantity},
                       {"pages", number_or_null(asked.pages)},
                       {"value", dong_or_null(asked.value)},
                       {"unit", stored.units[i]}});
    }
    return out.dump();
}

void read_lines(fees::StoredNotice& stored, std::string_view text)
{
    for (auto const& j : json::parse(text)) {
        Assessment a{};
        a.fee_code = j.at("fee_code").get<std::string>();
        a.rate_id = j.at("rate_id").get<std::string>();
        a.kind = enum_of<fees::FeeKind>(j.at("kind"));
        a.name_vi = j.at("name_vi").get<std::string>();
        a.name_en = j.at("name_en").get<std::string>();
        a.budget_subitem = j.at("budget_subitem").get<std::string>();
        a.subitem_inferred = j.at("subitem_inferred").get<bool>();
        a.legal_basis = j.at("legal_basis").get<std::string>();
        a.confidence = j.at("confidence").get<std::string>();
        a.day = day_of(j.at("day")).value_or(Day());
        a.channel = enum_of<fees::Channel>(j.at("channel"));
        a.knowledge = enum_of<fees::Knowledge>(j.at("knowledge"));
        a.unknown_because = enum_of<fees::UnknownBecause>(j.at("unknown_because"));
        a.base = dong_of(j.at("base"));
        a.due = dong_of(j.at("due"));
        a.working = j.at("working").get<std::string>();
        for (auto const& r : j.at("reliefs")) a.reliefs.push_back(relief_of(r));
        a.open_condition = j.at("open_condition").get<std::string>();
        a.explanation_vi = j.at("explanation_vi").get<std::string>();
        a.explanation_en = j.at("explanation_en").get<std::string>();
        LineOrder asked;
        asked.fee_code = a.fee_code;
        asked.quantity = j.at("quantity").get<std::int64_t>();
        asked.pages = number_of(j.at("pages"));
        asked.value = dong_of(j.at("value"));
        stored.units.push_back(j.at("unit").get<std::string>());
        stored.asked.push_back(std::move(asked));
        stored.notice.lines.push_back(std::move(a));
    }
}

std::string printed_json(fees::Receipt const& r)
{
    json lines = json::array();
    for (auto const& line : r.lines) {
        lines.push_back({{"fee_code", line.fee_code},
                         {"name_vi", line.name_vi},
                         {"name_en", line.name_en},
                         {"budget_subitem", line.budget_subitem},
                         {"amount", line.amount.count()}});
    }
    json out = {{"agency_code", r.agency_code},
                {"collector_name", r.collector_name},
                {"collector_tax_code", r.collector_tax_code},
                {"collector_address", r.collector_address},
                {"payer_name", r.payer_name},
                {"dossier_code", r.dossier_code},
                {"notice_code", r.notice_code},
                {"words", r.words},
                {"lines", std::move(lines)}};
    if (r.replaces) out["replaces"] = number_json(*r.replaces);
    return out.dump();
}

void read_printed(fees::Receipt& r, std::string_view text)
{
    auto const j = json::parse(text);
    r.agency_code = j.at("agency_code").get<std::string>();
    r.collector_name = j.at("collector_name").get<std::string>();
    r.collector_tax_code = j.at("collector_tax_code").get<std::string>();
    r.collector_address = j.at("collector_address").get<std::string>();
    r.payer_name = j.at("payer_name").get<std::string>();
    r.dossier_code = j.at("dossier_code").get<std::string>();
    r.notice_code = j.at("notice_code").get<std::string>();
    r.words = j.at("words").get<std::string>();
    if (auto const replaces = j.find("replaces"); replaces != j.end()) r.replaces = number_of_receipt(*replaces);
    for (auto const& line : j.at("lines")) {
        r.lines.push_back({line.at("fee_code").get<std::string>(), line.at("name_vi").get<std::string>(),
                           line.at("name_en").get<std::string>(), line.at("budget_subitem").get<std::string>(),
                           Dong(line.at("amount").get<std::int64_t>())});
    }
}

std::string entry_lines_json(fees::ReceiptEntry const& entry)
{
    json out = json::array();
    for (auto const& one : entry.lines) out.push_back({{"line", one.line}, {"amount", one.amount.count()}});
    return out.dump();
}

std::vector<fees::ReceiptEntry> read_entries(std::string_view text)
{
    std::vector<fees::ReceiptEntry> entries;
    for (auto const& one : json::parse(text)) {
        fees::ReceiptEntry entry;
        entry.kind = enum_of<fees::ReceiptEntryKind>(one.at("kind"));
        entry.refund = Uuid::from_string(one.at("refund").get<std::string>()).value_or(Uuid{});
        entry.amount = Dong(one.at("amount").get<std::int64_t>());
        entry.at = Instant(std::chrono::microseconds(one.at("at").get<std::int64_t>()));
        for (auto const& line : one.at("lines"))
            entry.lines.push_back({line.at("line").get<std::int32_t>(), Dong(line.at("amount").get<std::int64_t>())});
        entries.push_back(std::move(entry));
    }
    return entries;
}

fees::ReceiptForm receipt_form(std::string_view code)
{
    using enum fees::ReceiptForm;
    return code == fees::form_code(printed_value) ? printed_value : no_printed_value;
}

fees::ReceiptNumber read_receipt_number(std::string_view text) { return number_of_receipt(json::parse(text)); }

std::string texts_json(std::vector<std::string> const& texts) { return json(texts).dump(); }
std::vector<std::string> read_texts(std::string_view text) { return json::parse(text).get<std::vector<std::string>>(); }

}  // namespace cho40::stores
