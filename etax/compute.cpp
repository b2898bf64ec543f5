#include "etax/compute.h"
#include "base/text.h"
#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace cho40::etax {
namespace {

constexpr std::int64_t basis_points = 10000;

// A line with what the law says of it.
struct Rated {
    ActivityRevenue const* activity;
    Rate rate;
};

// Revenue that is measured against one threshold: all business, or the rent of real estate.
struct Pool {
    Dong before;  // of the year
    Dong period;
    bool taxed = false;
    Dong left;    // of the deduction
};

struct Working {
    ComputeInput const& input;
    RateBook const& rates;
    Day day;
    Threshold threshold;
    std::vector<Rated> lines;
    std::vector<Rated> earlier;
    Pool business;
    Pool real_estate;
    PeriodTax tax;

    Pool& pool_of(Rate const& rate) { return rate.own_threshold ? real_estate : business; }

    void used(std::string const& rule)
    {
        if (std::ranges::find(tax.rules, rule) == tax.rules.end()) tax.rules.push_back(rule);
    }
};

Result<Done> check_amounts(ActivityRevenue const& line, std::string const& at)
{
    if (line.revenue < Dong())
        return fail(Errc::invalid_input, "revenue cannot be negative; returned goods reduce the period in which they were sold",
                    at + "/revenue");
    if (line.outside_vat < Dong()) return fail(Errc::invalid_input, "cannot be negative", at + "/outside_vat");
    if (line.zero_rated < Dong()) return fail(Errc::invalid_input, "cannot be negative", at + "/zero_rated");
    CHO_TRY(auto const parts, add(line.outside_vat, line.zero_rated));
    if (parts > line.revenue)
        return fail(Errc::invalid_input, "the parts outside VAT and at 0 % are larger than the revenue", at + "/revenue");
    return Done{};
}

Result<Done> read_lines(Working& w, std::vector<ActivityRevenue> const& from, std::vector<Rated>& to, std::string const& name,
                        Dong Pool::* sum)
{
    for (std::size_t i = 0; i < from.size(); ++i) {
        auto const at = "/" + name + "/" + std::to_string(i);
        CHO_TRY_DO(check_amounts(from[i], at));
        auto rate = w.rates.rate(from[i].group, w.day);
        if (!rate) {
            rate.error().pointer = at + "/group";
            return fail(std::move(rate).error());
        }
        auto& pool = w.pool_of(*rate);
        CHO_TRY(pool.*sum, add(pool.*sum, from[i].revenue));
        to.push_back(Rated{&from[i], *std::move(rate)});
    }
    return Done{};
}

// Whether the pool's revenue is taxed at all. Exactly the threshold is exempt.
Result<Done> measure(Working& w, Pool& pool)
{
    CHO_TRY(auto const total, add(pool.before, pool.period));
    // What the owner expects matters only while the year is not over.
    bool const expected = w.input.expects_above && w.input.period.kind() != PeriodKind::year && pool.period.is_positive();
    pool.taxed = total > w.threshold.amount || expected;
    pool.left = std::max(Dong(), Dong(w.threshold.amount.count() - std::min(w.threshold.amount, pool.before).count()));
    return Done{};
}

// VAT percentages may be cut; the cut multiplies the percentage, so one rounding serves both.
Result<Dong> vat_of(Working& w, Rate const& rate, Dong base, bool cut_wanted)
{
    auto const cut = cut_wanted ? w.rates.vat_cut(w.day) : std::nullopt;
    if (cut && rate.vat_bp > 0) w.used(cut->id);
    std::int64_t const pct = cut ? cut->multiplier_pct : 100;
    return multiply_half_up(base, rate.vat_bp * pct, basis_points * 100);
}

bool same_row(ActivityRevenue const& a, ActivityRevenue const& b)
{
    return a.location == b.location && a.group == b.group && a.vat_cut == b.vat_cut;
}

TaxLine line_of(Rated const& rated)
{
    auto const& a = *rated.activity;
    TaxLine line{a,
                 rated.rate.name_vi,
                 rated.rate.id,
                 rated.rate.vat_bp,
                 rated.rate.pit_bp,
                 a.revenue,
                 a.outside_vat,
                 a.zero_rated,
                 Dong(),
                 a.revenue,
                 Dong(),
                 Dong()};
    return line;
}

// In a catch-up return the rows carry the VAT revenue of the earlier periods too; their PIT was settled by the deduction.
Result<Done> add_earlier_vat(Working& w, std::vector<Rated>& rows)
{
    for (auto const& before : w.earlier) {
        if (!w.pool_of(before.rate).taxed || before.activity->revenue.is_zero()) continue;
        auto row = std::ranges::find_if(w.tax.lines, [&](TaxLine const& l) { return same_row(l.activity, *before.activity); });
        if (row == w.tax.lines.end()) {
            auto line = line_of(before);
            line.activity.revenue = line.pit_revenue = Dong();
            w.tax.lines.push_back(std::move(line));
            rows.push_back(before);
            continue;
        }
        CHO_TRY(row->vat_revenue, add(row->vat_revenue, before.activity->revenue));
        CHO_TRY(row->outside_vat, add(row->outside_vat, before.activity->outside_vat));
        CHO_TRY(row->zero_rated, add(row->zero_rated, before.activity->zero_rated));
    }
    return Done{};
}

bool is_first_return(Working const& w, Pool const& pool) { return !w.input.expects_above && pool.before <= w.threshold.amount; }

Result<Done> compute_vat(Working& w, std::vector<Rated>& rows)
{
    bool const catch_up = w.input.first_vat_scope == FirstVatScope::ytd_catch_up && is_first_return(w, w.business);
    if (catch_up) CHO_TRY_DO(add_earlier_vat(w, rows));
    for (std::size_t i = 0; i < w.tax.lines.size(); ++i) {
        auto& line = w.tax.lines[i];
        if (!w.pool_of(rows[i].rate).taxed) continue;
        auto const base = Dong(line.vat_revenue.count() - line.outside_vat.count() - line.zero_rated.count());
        CHO_TRY(line.vat, vat_of(w, rows[i].rate, base, line.activity.vat_cut));
        CHO_TRY(w.tax.vat, add(w.tax.vat, line.vat));
    }
    return Done{};
}

// Rows in the order the deduction is taken from them: the taxpayer's choice, then the highest PIT rate.
std::vector<std::size_t> deduction_order(Working const& w, std::vector<Rated> const& rows)
{
    std::vector<std::size_t> order(rows.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    auto rank = [&w](std::string const& group) {
        auto const& wanted = w.input.allocation;
        return std::ranges::find(wanted, group) - wanted.begin();
    };
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
        auto const ra = rank(rows[a].rate.group), rb = rank(rows[b].rate.group);
        if (ra != rb) return ra < rb;
        if (rows[a].rate.pit_bp != rows[b].rate.pit_bp) return rows[a].rate.pit_bp > rows[b].rate.pit_bp;
        return a < b;
    });
    return order;
}

Result<Done> compute_pit_on_revenue(Working& w, std::vector<Rated> const& rows, bool deduct)
{
    for (auto const i : deduction_order(w, rows)) {
        auto& line = w.tax.lines[i];
        auto& pool = w.pool_of(rows[i].rate);
        if (!pool.taxed) continue;
        if (deduct && rows[i].rate.pit_base == PitBase::above_threshold) {
            line.deducted = std::min(pool.left, line.pit_revenue);
            pool.left = Dong(pool.left.count() - line.deducted.count());
        }
        CHO_TRY(line.pit, multiply_half_up(Dong(line.pit_revenue.count() - line.deducted.count()), line.pit_bp, basis_points));
        CHO_TRY(w.tax.pit, add(w.tax.pit, line.pit));
        CHO_TRY(w.tax.deducted, add(w.tax.deducted, line.deducted));
    }
    return Done{};
}

// The finalisation of the income method. Rent of real estate keeps its own rule.
Result<Done> compute_pit_on_income(Working& w, std::vector<Rated> const& rows)
{
    if (w.input.expenses < Dong()) return fail(Errc::invalid_input, "cannot be negative", "/expenses");
    if (w.business.taxed) {
        CHO_TRY(auto const bracket, w.rates.income_bracket(w.business.period, w.day));
        w.tax.income = std::max(Dong(), Dong(w.business.period.count() - w.input.expenses.count()));
        CHO_TRY(auto const pit, multiply_half_up(w.tax.income, bracket.rate_bp, basis_points));
        CHO_TRY(w.tax.pit, add(w.tax.pit, pit));
        w.used(w.rates.income_rule_id());
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!rows[i].rate.own_threshold || !w.real_estate.taxed) continue;
        auto& line = w.tax.lines[i];
        line.deducted = std::min(w.real_estate.left, line.pit_revenue);
        w.real_estate.left = Dong(w.real_estate.left.count() - line.deducted.count());
        CHO_TRY(line.pit, multiply_half_up(Dong(line.pit_revenue.count() - line.deducted.count()), line.pit_bp, basis_points));
        CHO_TRY(w.tax.pit, add(w.tax.pit, line.pit));
        CHO_TRY(w.tax.deducted, add(w.tax.deducted, line.deducted));
    }
    return Done{};
}

void explain(Working& w)
{
    auto const threshold = dong_text(w.threshold.amount.count());
    auto const total = dong_text(w.tax.year_to_date.count());
    if (!w.tax.file) {
        w.tax.why_en = fmt::format("Revenue of {} so far is {}, not above {}: no VAT, no PIT, no return.", w.input.period.year(), total,
                                   threshold);
        w.tax.why_vi = fmt::format("Doanh thu năm {} đến nay là {}, không vượt {}: không phải nộp thuế, không phải kê khai.",
                                   w.input.period.year(), total, threshold);
        return;
    }
    bool const above = w.tax.year_to_date > w.threshold.amount;
    auto const reason_en = above ? fmt::format("Revenue of {} reaches {}, above {}", w.input.period.year(), total, threshold)
                                 : fmt::format("The owner expects the year to pass {}", threshold);
    auto const reason_vi = above ? fmt::format("Doanh thu năm {} là {}, vượt {}", w.input.period.year(), total, threshold)
                                 : fmt::format("Chủ hộ xác định doanh thu cả năm sẽ vượt {}", threshold);
    std::string pit_en, pit_vi;
    if (w.input.method == Method::income && w.input.period.kind() == PeriodKind::year) {
        pit_en = fmt::format("PIT on the income of {}", dong_text(w.tax.income.count()));
        pit_vi = fmt::format("thuế TNCN trên thu nhập {}", dong_text(w.tax.income.count()));
    } else if (w.input.method == Method::income) {
        pit_en = "provisional PIT as a percentage of revenue, settled at year end";
        pit_vi = "thuế TNCN tạm nộp theo tỷ lệ trên doanh thu, quyết toán cuối năm";
    } else if (std::ranges::any_of(w.lines, [](Rated const& r) { return r.rate.pit_base == PitBase::above_threshold; })) {
        pit_en = fmt::format("PIT on revenue after deducting {}", dong_text(w.tax.deducted.count()));
        pit_vi = fmt::format("thuế TNCN trên doanh thu sau khi trừ {}", dong_text(w.tax.deducted.count()));
    } else {
        pit_en = "PIT on the whole revenue";
        pit_vi = "thuế TNCN trên toàn bộ doanh thu";
    }
    w.tax.why_en = fmt::format("{}: VAT {} on revenue, {}: {}.", reason_en, dong_text(w.tax.vat.count()), pit_en,
                               dong_text(w.tax.pit.count()));
    w.tax.why_vi = fmt::format("{}: thuế GTGT {} trên doanh thu, {}: {}.", reason_vi, dong_text(w.tax.vat.count()), pit_vi,
                               dong_text(w.tax.pit.count()));
}

Result<Done> note_income_method(Working& w)
{
    auto const rule = w.rates.threshold(ThresholdKind::income_method_compulsory_above, w.day, w.input.known_on);
    if (!rule) return Done{};  // before 2026 there was no such method
    CHO_TRY(auto const total, add(w.business.before, w.business.period));
    if (w.input.method == Method::revenue && total > rule->amount) {
        w.tax.must_use_income_next_year = true;
        w.used(rule->id);
    }
    return Done{};
}

}  // namespace

Result<PeriodTax> compute(ComputeInput const& input, RateBook const& rates)
{
    auto const day = input.period.last_day();
    if (input.lines.empty()) return fail(Errc::invalid_input, "at least one line of revenue is needed", "/lines");
    if (input.period.kind() == PeriodKind::year && !input.earlier.empty()) {
        return fail(Errc::invalid_input, "a whole year has no earlier revenue", "/earlier");
    }
    if (input.method == Method::income) CHO_TRY_DO(rates.income_bracket(Dong(INT64_MAX), day));
    CHO_TRY(auto threshold, rates.threshold(ThresholdKind::vat_and_pit_exempt, day, input.known_on));

    Working w{input, rates, day, std::move(threshold), {}, {}, {}, {}, {}};
    CHO_TRY_DO(read_lines(w, input.lines, w.lines, "lines", &Pool::period));
    CHO_TRY_DO(read_lines(w, input.earlier, w.earlier, "earlier", &Pool::before));
    CHO_TRY_DO(measure(w, w.business));
    CHO_TRY_DO(measure(w, w.real_estate));

    CHO_TRY(w.tax.revenue, add(w.business.period, w.real_estate.period));
    CHO_TRY(auto const before, add(w.business.before, w.real_estate.before));
    CHO_TRY(w.tax.year_to_date, add(before, w.tax.revenue));
    w.tax.file = w.business.taxed || w.real_estate.taxed || (input.expects_above && input.period.kind() != PeriodKind::year);
    w.used(w.threshold.id);

    auto rows = w.lines;
    for (auto const& rated : rows) {
        w.tax.lines.push_back(line_of(rated));
        w.used(rated.rate.id);
    }
    CHO_TRY_DO(compute_vat(w, rows));
    if (input.method == Method::income && input.period.kind() == PeriodKind::year) {
        CHO_TRY_DO(compute_pit_on_income(w, rows));
    } else {
        CHO_TRY_DO(compute_pit_on_revenue(w, rows, input.method == Method::revenue));
    }
    CHO_TRY_DO(note_income_method(w));
    explain(w);
    return std::move(w.tax);
}

}  // namespace cho40::etax
