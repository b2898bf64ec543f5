#include "adapters/api/fee_json.h"
#include "adapters/api/ids.h"
#include "adapters/api/payment_json.h"
#include "adapters/http/json_writer.h"
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using fees::Assessment;
using fees::ReliefKind;
using fees::ReliefOutcome;
using nlohmann::json;

std::string what_it_does(fees::Relief const& relief, bool vi)
{
    auto const value = std::to_string(relief.value);
    switch (relief.kind) {
    case ReliefKind::pct: return (vi ? "Giảm còn " : "Reduced to ") + value + " %";
    case ReliefKind::off: return (vi ? "Giảm " : "Less ") + value + " %";
    case ReliefKind::free: return vi ? "Miễn" : "Free";
    case ReliefKind::cap: return (vi ? "Tối đa " : "At most ") + value + " đ";
    case ReliefKind::min: return (vi ? "Tối thiểu " : "At least ") + value + " đ";
    }
    return {};
}

json relief_json(Assessment const& line, fees::Relief const& relief, fees::FeeTables const& tables, bool vi)
{
    auto const* act = tables.act(relief.source);
    auto const* audience = relief.audience.empty() ? nullptr : tables.audience(relief.audience.front());
    auto text = what_it_does(relief, vi);
    if (audience) text += (vi ? ": " : ": ") + (vi ? audience->name_vi : audience->name_en);
    if (relief.to) text += (vi ? " tới " : " until ") + relief.to->to_vietnamese();
    return {{"relief_id", relief.id()},
            {"kind", fees::relief_kind_name(relief.kind)},
            {"value", relief.kind == ReliefKind::free ? json(nullptr) : json(relief.value)},
            {"audience", relief.audience.empty() ? json(nullptr) : json(relief.audience.front())},
            {"legal_basis", act ? (vi ? act->title_vi : act->title_en) : line.legal_basis},
            {"text", std::move(text)}};
}

json receipt_lines_json(fees::Receipt const& receipt, bool vi)
{
    json lines = json::array();
    for (std::size_t i = 0; i < receipt.lines.size(); ++i) {
        auto const& line = receipt.lines[i];
        auto const number = static_cast<std::int32_t>(i + 1);
        lines.push_back({{"line", number},
                         {"fee_code", line.fee_code},
                         {"name", vi || line.name_en.empty() ? line.name_vi : line.name_en},
                         {"amount", http::money_json(line.amount)},
                         {"refunded", http::money_json(receipt.given_back_of(number))}});
    }
    return lines;
}

}  // namespace

std::string receipt_number_text(fees::Receipt const& receipt) { return fmt::format("{:08}", receipt.number.number); }

json agency_json(fees::RegisteredAgency const& a, Instant now)
{
    auto const symbol = [&](std::string const& letters) {
        auto made = fees::receipt_symbol(Day::of(now).year(), letters);
        return made ? *made : letters;
    };
    return {{"id", http::to_text(a.id)},
            {"object", "agency"},
            {"mode", "live"},
            {"version", a.version},
            {"name", a.facts.name_vi},
            {"code", a.facts.code},
            {"tax_code", http::text_or_null(a.facts.tax_code)},
            {"receiving_account", receiving_account_json(a.account)},
            {"receipt_series", symbol(a.facts.letters_phi)},
            {"receipt_series_le_phi", symbol(a.facts.letters_le_phi)},
            {"created_at", http::instant_json(a.created_at)},
            {"updated_at", http::instant_json(a.created_at)}};
}

json fee_line_json(fees::AssessedLine const& line, fees::FeeTables const& tables, http::Language language)
{
    bool const vi = language == http::Language::vi;
    auto const& a = line.result;
    json used = nullptr;
    json alternatives = json::array();
    for (auto const& r : a.reliefs) {
        if (r.verdict == ReliefOutcome::Verdict::used) used = relief_json(a, r.relief, tables, vi);
        if (r.verdict == ReliefOutcome::Verdict::not_better) alternatives.push_back(relief_json(a, r.relief, tables, vi));
    }
    return {{"fee_code", a.fee_code},
            {"name", vi || a.name_en.empty() ? a.name_vi : a.name_en},
            {"kind", fees::fee_kind_name(a.kind)},
            {"knowledge", fees::knowledge_name(a.knowledge)},
            {"quantity", line.asked.quantity},
            {"pages", line.asked.pages ? json(*line.asked.pages) : json(nullptr)},
            {"value", http::money_json(line.asked.value)},
            {"unit", line.unit},
            {"base", http::money_json(a.base)},
            {"due", http::money_json(a.due)},
            {"rate_id", a.rate_id},
            {"relief", std::move(used)},
            {"alternatives", std::move(alternatives)},
            {"legal_basis", a.legal_basis},
            {"budget_subitem", a.budget_subitem},
            {"explanation", vi ? a.explanation_vi : a.explanation_en}};
}

json relief_outcomes_json(Assessment const& line, fees::FeeTables const& tables, http::Language language)
{
    json outcomes = json::array();
    for (auto const& outcome : line.reliefs) {
        auto one = relief_json(line, outcome.relief, tables, language == http::Language::vi);
        one["verdict"] = fees::verdict_name(outcome.verdict);
        one["due"] = http::money_json(outcome.due);
        outcomes.push_back(std::move(one));
    }
    return outcomes;
}

json receipt_json(fees::Receipt const& r, bool vi)
{
    auto const number_or_null = [](std::optional<fees::ReceiptNumber> const& number) {
        return number ? json(number->to_string()) : json(nullptr);
    };
    return {{"id", http::to_text(r.id)},
            {"code", r.lookup_code},
            {"form", fees::form_code(r.number.form)},
            {"series", r.number.symbol},
            {"number", receipt_number_text(r)},
            {"kind", fees::fee_kind_name(r.kind)},
            {"amount", http::money_json(r.total)},
            {"lines", receipt_lines_json(r, vi)},
            {"refunded", http::money_json(r.given_back())},
            {"refunded_at", http::instant_json(r.given_back_at())},
            {"validity", fees::receipt_state_name(r.state)},
            {"replaces", number_or_null(r.replaces)},
            {"replaced_by", number_or_null(r.replaced_by)},
            {"issued_at", http::instant_json(r.issued_at)}};
}

json notice_state_json(fees::StoredNotice const& s, std::optional<qr_pay::StoredRequest> const& newest, Instant now)
{
    auto name = std::string(fees::notice_state_name(s.life.state));
    auto since = s.since;
    bool const open = s.life.state == fees::NoticeState::unpaid || s.life.state == fees::NoticeState::waiting;
    if (open && s.life.received.is_positive()) name = "underpaid";
    else if (open && now >= s.notice.valid_until) name = "expired";
    else if (open && newest && newest->request.state == qr_pay::PaymentState::in_doubt) name = "in_doubt";
    else if (s.life.state == fees::NoticeState::waiting && newest && !qr_pay::is_open(newest->request.state)) {
        name = "unpaid";  // the code that was shown has ended; a new one can be made
        since = newest->since;
    }
    return http::state_json(name, !open, since);
}

json notice_json(fees::StoredNotice const& s, fees::RegisteredAgency const& agency, std::vector<fees::Receipt> const& receipts,
                 fees::FeeTables const& tables, http::Language language)
{
    bool const vi = language == http::Language::vi;
    auto const& n = s.notice;
    json lines = json::array();
    for (std::size_t i = 0; i < n.lines.size(); ++i) lines.push_back(fee_line_json({s.asked[i], s.units[i], n.lines[i]}, tables, language));
    json papers = json::array();
    for (auto const& r : receipts) papers.push_back(receipt_json(r, vi));
    return {{"id", http::to_text(n.id)},
            {"object", "fee_notice"},
            {"mode", "live"},
            {"version", s.version},
            {"state", notice_state_json(s, std::nullopt, n.issued_at)},
            {"code", n.code},
            {"pay_url", "/pay/" + n.code},
            {"agency",
             {{"id", http::to_text(agency.id)},
              {"name", vi || agency.facts.name_en.empty() ? agency.facts.name_vi : agency.facts.name_en},
              {"code", agency.facts.code}}},
            {"dossier",
             {{"code", n.dossier_code},
              {"procedure_code", n.procedure_code},
              {"procedure_name", vi || n.procedure_name_en.empty() ? n.procedure_name_vi : n.procedure_name_en},
              {"applicant_name", n.payer_name}}},
            {"channel", fees::channel_name(s.channel)},
            {"persona", s.personas},
            {"lines", std::move(lines)},
            {"total", http::money_json(n.total)},
            {"due_date", http::day_json(n.due_day)},
            {"received_at", http::instant_json(s.life.paid_at)},
            {"written_at", http::instant_json(s.life.told_at)},
            {"receipts", std::move(papers)},
            {"acts", json::array()},
            {"created_at", http::instant_json(n.issued_at)},
            {"updated_at", http::instant_json(std::max(s.since, s.life.told_at.value_or(s.since)))}};
}

}  // namespace cho40::api
