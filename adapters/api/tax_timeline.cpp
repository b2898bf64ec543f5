#include "adapters/api/tax_timeline.h"
#include "adapters/api/ids.h"
#include "adapters/http/json_writer.h"
#include "base/text.h"
#include <algorithm>
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using etax::FilingState;
using etax::Period;
using http::Language;
using nlohmann::json;

struct Step {
    std::string_view what, vi, en;  // the form and the period follow the words
};

std::optional<Step> step_of(FilingState state)
{
    switch (state) {
    case FilingState::draft: return Step{"return_drafted", "Lập nháp tờ khai", "Return drafted:"};
    case FilingState::signed_: return Step{"return_signed", "Ký số tờ khai", "Return signed:"};
    case FilingState::sent: return Step{"return_sent", "Gửi tờ khai", "Return sent:"};
    case FilingState::accepted:
    case FilingState::accepted_by_law:
        return Step{"return_accepted", "Cơ quan thuế chấp nhận tờ khai", "Return accepted by the authority:"};
    case FilingState::refused_technical:
    case FilingState::refused_business:
        return Step{"return_refused", "Cơ quan thuế không chấp nhận tờ khai", "Return refused by the authority:"};
    case FilingState::settled: return Step{"tax_paid", "Đã nộp đủ thuế theo tờ khai", "Tax paid for the return"};
    case FilingState::queued:
    case FilingState::transport_unknown:
    case FilingState::received:
    case FilingState::conflict:
    case FilingState::superseded: break;
    }
    return std::nullopt;
}

std::string period_words(Period period, Language language)
{
    bool const vi = language == Language::vi;
    switch (period.kind()) {
    case etax::PeriodKind::month: return (vi ? "tháng " : "") + period.form_text();
    case etax::PeriodKind::quarter: return (vi ? "quý " : "Q") + period.form_text();
    case etax::PeriodKind::year: break;
    }
    return (vi ? "năm " : "") + period.form_text();
}

std::string month_words(int year, unsigned month, bool running, Language language)
{
    auto const name = std::to_string(month) + '/' + std::to_string(year);
    if (language == Language::vi) return "Doanh thu tháng " + name + (running ? ", tính đến hôm nay" : "");
    return "Turnover of " + name + (running ? ", counted to today" : "");
}

}  // namespace

void add_months(etax::HouseholdTurnover const& turnover, Instant now, Dong threshold, Language language, std::vector<TimelineStep>& out)
{
    auto const today = Day::of(now);
    if (turnover.year > today.year()) return;
    Dong total;
    for (unsigned month = 1; month <= 12; ++month) {
        auto const sum = turnover.between(month, month);
        if (sum.is_zero()) continue;
        auto const last = Period::month(turnover.year, month)->last_day();
        bool const running = last >= today;
        auto const at = running ? now : last.end();
        auto const counted = running ? today : last;
        out.push_back({at, counted, "turnover_month", month_words(turnover.year, month, running, language), std::max(sum, Dong()), {}});
        auto const so_far = Dong(total.count() + sum.count());
        if (total <= threshold && so_far > threshold) {
            auto const words = language == Language::vi ? "Doanh thu năm vượt " : "Turnover of the year passed ";
            out.push_back({at, counted, "threshold_passed", words + dong_text(threshold.count()), so_far, {}});
        }
        total = so_far;
    }
}

void add_return(etax::StoredReturn const& ret, std::vector<etax::ReturnStep> const& steps, std::vector<etax::StoredNotice> const& notices,
                etax::Papers const& papers, Language language, std::vector<TimelineStep>& out)
{
    // The notices first: the state they led to has the same time, and comes after them.
    for (auto const& n : notices) {
        auto const read = papers.read_notice(n.raw);
        if (!read || (read->code != "843" && read->code != "844")) continue;
        out.push_back({n.received_at, std::nullopt, read->code == "843" ? "notice_843" : "notice_844", read->code + " · " + read->title,
                       std::nullopt, http::id_text("tnt", n.id.uuid)});
    }
    auto const form = " 01/CNKD " + period_words(ret.period(), language);
    for (auto const& s : steps) {
        auto const step = step_of(s.state);
        if (!step) continue;
        auto const words = std::string(language == Language::vi ? step->vi : step->en);
        out.push_back({s.since, std::nullopt, step->what, words + form, ret.figures.total_due, http::to_text(ret.id)});
    }
}

json timeline_json(std::vector<TimelineStep> steps)
{
    std::ranges::stable_sort(steps, {}, &TimelineStep::at);
    std::ranges::reverse(steps);
    json out = json::array();
    for (auto const& s : steps) {
        out.push_back({{"at", http::instant_json(s.at)},
                       {"on", s.counted ? http::day_json(*s.counted) : json(nullptr)},
                       {"what", s.what},
                       {"text", s.text},
                       {"amount", s.amount ? http::money_json(*s.amount) : json(nullptr)},
                       {"ref", s.ref.empty() ? json(nullptr) : json(s.ref)}});
    }
    return out;
}

}  // namespace cho40::api
