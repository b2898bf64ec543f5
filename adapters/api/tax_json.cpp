#include "adapters/api/tax_json.h"
#include "adapters/api/ids.h"
#include "adapters/http/json_writer.h"
#include "etax/tax_offices.h"
#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using etax::FilingState;
using http::Language;
using nlohmann::json;

struct ReasonText {
    std::string_view code, vi, en;
};
constexpr ReasonText reason_texts[] = {
    {"no_answer", "Chưa nhận được trả lời; hệ thống đang hỏi lại, không gửi trùng.",
     "No answer came; we ask again and send nothing twice."},
    {"not_arrived", "Cơ quan thuế chưa nhận được; gửi lại đúng tệp đã ký.", "It never arrived; the same bytes are sent again."},
    {"authority_differs", "Cơ quan thuế đang giữ một tờ khai khác; cần người xem.",
     "The authority holds another document; a person must look."},
    {"gateway_refused", "Cổng thuế không nhận thông điệp.", "The gateway refused the message."},
    {"not_received", "Cơ quan thuế không tiếp nhận hồ sơ.", "The authority did not take the dossier."},
    {"authority_refused", "Cơ quan thuế không chấp nhận hồ sơ.", "The authority refused the dossier."},
};

std::string reason_of(std::string const& code, std::vector<etax::NoticeReason> const& refusals, Language language)
{
    std::string text = code;
    for (auto const& row : reason_texts) {
        if (row.code == code) text = language == Language::vi ? row.vi : row.en;
    }
    bool const refused = code == "gateway_refused" || code == "not_received" || code == "authority_refused";
    if (refused && !refusals.empty() && !refusals.front().error.empty()) text += " " + refusals.front().error;
    return text;
}

json line_json(etax::FigureLine const& line)
{
    return {{"row", line.row},
            {"activity", {{"code", line.group}, {"name", line.group_name}}},
            {"ledger_turnover", http::money_json(line.ledger_turnover)},
            {"revenue", http::money_json(line.revenue)},
            {"vat_rate_bp", line.vat_bp},
            {"vat", http::money_json(line.vat)},
            {"pit_revenue", http::money_json(line.pit_revenue)},
            {"deducted", http::money_json(line.deducted)},
            {"pit_rate_bp", line.pit_bp},
            {"pit", http::money_json(line.pit)},
            {"rules", line.rules},
            {"explanation", line.explanation}};
}

// What stands in the bytes. A notice that cannot be read is shown all the same.
json notice_json(etax::StoredNotice const& stored, etax::Papers const& papers)
{
    auto const read = papers.read_notice(stored.raw);
    etax::Notice const n = read ? *read : etax::Notice();
    json reasons = json::array(), dues = json::array();
    for (auto const& r : n.reasons) {
        reasons.push_back({{"group", r.group}, {"error", r.error}, {"advice", http::text_or_null(r.guidance)}});
    }
    for (auto const& p : n.payables) dues.push_back({{"identifier", p.id}, {"amount", http::money_json(p.amount)}});
    auto const title = !read ? std::string("Thông báo không đọc được") : n.title;
    auto const issued = n.day.value_or(Day::of(stored.received_at));
    return {{"id", http::id_text("tnt", stored.id.uuid)},
            {"code", read ? n.code : "?"},
            {"title", title},
            {"positive", n.positive ? json(*n.positive) : json(nullptr)},
            {"transaction_code", http::text_or_null(n.transaction_code)},
            {"issued_on", http::day_json(issued)},
            {"received_at", http::instant_json(stored.received_at)},
            {"filed_at", http::instant_json(n.filed_at)},
            {"reasons", std::move(reasons)},
            {"dues", std::move(dues)}};
}

json figures_json(etax::ReturnFigures const& f)
{
    return {{"ledger_turnover", http::money_json(f.ledger_turnover)},
            {"revenue", http::money_json(f.revenue)},
            {"difference", http::money_json(Dong(f.revenue.count() - f.ledger_turnover.count()))},
            {"year_to_date_before", http::money_json(f.year_to_date_before)},
            {"threshold", http::money_json(f.threshold)},
            {"deducted", http::money_json(f.deducted)},
            {"vat", http::money_json(f.vat)},
            {"pit", http::money_json(f.pit)},
            {"total_due", http::money_json(f.total_due)}};
}

}  // namespace

std::string return_reason_text(etax::StoredReturn const& ret, Language language)
{
    return ret.reason.empty() ? std::string() : reason_of(ret.reason, ret.filing.reasons, language);
}

json return_state_json(etax::StoredReturn const& ret, Language language)
{
    auto state = http::state_json(etax::name_of(ret.filing.state), etax::is_finished(ret.filing.state), ret.since, ret.reason,
                                  return_reason_text(ret, language));
    state["next_check_at"] = http::instant_json(ret.next_check_at);
    return state;
}

json return_json(ReturnView const& view, etax::Papers const& papers, Language language)
{
    auto const& r = view.ret;
    auto const& f = r.filing;
    auto const id = http::to_text(r.id);
    json lines = json::array(), states = json::array(), notices = json::array(), acts = json::array();
    for (auto const& line : r.figures.lines) lines.push_back(line_json(line));
    for (auto const& s : view.steps) {
        json const reason = s.reason.empty() ? json(nullptr) : json{{"code", s.reason}, {"text", reason_of(s.reason, f.reasons, language)}};
        states.push_back({{"name", etax::name_of(s.state)}, {"since", http::instant_json(s.since)}, {"reason", reason}});
    }
    for (auto const& n : view.notices) notices.push_back(notice_json(n, papers));
    if (f.state == FilingState::draft || f.state == FilingState::signed_) acts.push_back("submission");
    json document = nullptr;
    if (f.digest) {
        document = {{"sha256", to_hex(*f.digest)},
                    {"bytes", r.document_bytes},
                    {"signed_at", http::instant_json(r.signed_at)},
                    {"path", "/v1/tax-returns/" + id + "/document"}};
    }
    return {{"id", id},
            {"object", "tax_return"},
            {"mode", "live"},
            {"version", r.version},
            {"state", return_state_json(r, language)},
            {"household", {{"id", http::to_text(r.household)}, {"name", r.household_name}, {"tax_code", f.key.tax_code}}},
            {"period", r.period().to_string()},
            {"form", {{"number", r.form}, {"version", r.form_version}, {"circular", r.form_version + "/TT-BTC"}}},
            {"kind", f.key.number.type == etax::FilingType::official ? "original" : "supplementary"},
            {"submission_number", f.key.number.number},
            {"due_date", http::day_json(f.due)},
            {"figures", figures_json(r.figures)},
            {"lines", std::move(lines)},
            {"states", std::move(states)},
            {"notices", std::move(notices)},
            {"transaction_code", http::text_or_null(f.transaction_code)},
            {"document", std::move(document)},
            {"acts", std::move(acts)},
            {"created_at", http::instant_json(r.created_at)},
            {"updated_at", http::instant_json(r.since)}};
}

std::optional<Dong> TaxPosition::difference() const
{
    if (!declared()) return std::nullopt;
    return Dong(ret->figures.revenue.count() - ledger_turnover.count());
}

std::string_view TaxPosition::tier() const
{
    if (!declared()) return must_file ? "not_filed" : "below_threshold";
    switch (ret->filing.state) {
    case FilingState::accepted:
    case FilingState::accepted_by_law:
    case FilingState::settled:
    case FilingState::superseded: return difference()->is_zero() ? "matched" : "different";
    case FilingState::refused_technical:
    case FilingState::refused_business: return "refused";
    case FilingState::draft:
    case FilingState::signed_:
    case FilingState::queued:
    case FilingState::sent:
    case FilingState::transport_unknown:
    case FilingState::received:
    case FilingState::conflict: break;
    }
    return "waiting";
}

Dong TaxPosition::weight() const
{
    if (auto const d = difference()) return Dong(d->count() < 0 ? -d->count() : d->count());
    return must_file ? ledger_turnover : Dong();
}

json position_json(TaxPosition const& p, Language language)
{
    auto const difference = p.difference();
    return {{"period", p.period.to_string()},
            {"ledger_turnover", http::money_json(p.ledger_turnover)},
            {"year_to_date_before", http::money_json(p.year_to_date_before)},
            {"must_file", p.must_file},
            {"declared_revenue", p.declared() ? http::money_json(p.ret->figures.revenue) : json(nullptr)},
            {"difference", http::money_json(difference)},
            {"return", p.ret ? json(http::to_text(p.ret->id)) : json(nullptr)},
            {"return_state", p.ret ? return_state_json(*p.ret, language) : json(nullptr)},
            {"due_date", http::day_json(p.due)},
            {"tier", p.tier()}};
}

json activity_json(std::string_view group, etax::RateBook const& rates, Day day)
{
    auto const rate = rates.rate(group, day);
    return {{"code", group}, {"name", rate ? rate->name_vi : std::string(group)}};
}

namespace {

json stall_brief(etax::TurnoverStall const& s)
{
    return {{"id", http::to_text(s.stall.id)}, {"name", s.stall.name}, {"number", s.stall.number}, {"market_name", s.market_name}};
}

}  // namespace

json household_json(merchants::Household const& h, std::vector<etax::TurnoverStall> const& stalls, TaxPosition const& position,
                    etax::RateBook const& rates, Language language)
{
    auto const day = position.period.last_day();
    auto const office = etax::tax_office_of(h.ward_code, day);
    json briefs = json::array();
    std::map<std::string, json> activities;
    for (auto const& s : stalls) {
        briefs.push_back(stall_brief(s));
        activities.emplace(s.stall.activity_group, activity_json(s.stall.activity_group, rates, day));
    }
    json named = json::array();
    for (auto& [group, activity] : activities) named.push_back(std::move(activity));
    return {{"id", http::to_text(h.id)},
            {"object", "household"},
            {"version", 1},
            {"name", h.name},
            {"owner_name", h.owner_name},
            {"tax_code", h.tax_code},
            {"ward", h.ward_name},
            {"tax_office", office ? office->name : std::string()},
            {"activities", std::move(named)},
            {"stalls", std::move(briefs)},
            {"position", position_json(position, language)}};
}

json turnover_json(etax::HouseholdTurnover const& t, etax::Period period, Dong threshold, etax::RateBook const& rates)
{
    struct Sum {
        std::int64_t count = 0, amount = 0;
    };
    std::map<std::string, Sum> activities;
    std::map<std::size_t, Sum> stalls;
    std::map<unsigned, Sum> months;
    Sum qr, cash;
    auto const first = period.first_day().month(), last = period.last_day().month();
    for (auto month = first; month <= last; ++month) months[month];
    for (auto const& c : t.cells) {
        if (c.month < first || c.month > last) continue;
        for (auto* sum : {&activities[t.stalls[c.stall].stall.activity_group], &stalls[c.stall], &months[c.month],
                          c.channel == etax::SalesChannel::cash ? &cash : &qr}) {
            sum->count += c.count;
            sum->amount += c.sum.count();
        }
    }
    auto with = [](json head, Sum const& s) {
        head["count"] = s.count;
        head["sum"] = http::money_json(Dong(s.amount));
        return head;
    };
    json by_activity = json::array(), by_month = json::array(), by_stall = json::array();
    for (auto const& [group, sum] : activities) {
        by_activity.push_back({{"activity", activity_json(group, rates, period.last_day())}, {"sum", http::money_json(Dong(sum.amount))}});
    }
    for (auto const& [month, sum] : months) by_month.push_back(with({{"month", fmt::format("{:04}-{:02}", t.year, month)}}, sum));
    for (std::size_t i = 0; i < t.stalls.size(); ++i) by_stall.push_back(with({{"stall", stall_brief(t.stalls[i])}}, stalls[i]));
    auto const total = t.of(period), before = t.before(period);
    return {{"object", "turnover"},
            {"period", period.to_string()},
            {"total", http::money_json(total)},
            {"year_to_date_before", http::money_json(before)},
            {"year_to_date", http::money_json(Dong(total.count() + before.count()))},
            {"threshold", http::money_json(threshold)},
            {"by_activity", std::move(by_activity)},
            {"by_channel", json::array({with({{"channel", "qr"}}, qr), with({{"channel", "cash"}}, cash)})},
            {"by_month", std::move(by_month)},
            {"by_stall", std::move(by_stall)}};
}

}  // namespace cho40::api
