#include "etax/turnover.h"
#include <algorithm>

namespace cho40::etax {

Dong HouseholdTurnover::between(unsigned first_month, unsigned last_month) const
{
    std::int64_t sum = 0;  // sums of amounts that the ledger has already added up within 63 bits
    for (auto const& cell : cells) {
        if (cell.month >= first_month && cell.month <= last_month) sum += cell.sum.count();
    }
    return Dong(sum);
}

std::optional<std::int64_t> HouseholdTurnover::last_row(ledger::BookId book, unsigned last_month) const
{
    std::optional<std::int64_t> last;
    for (auto const& cell : cells) {
        if (cell.month <= last_month && stalls[cell.stall].stall.book == book) last = std::max(last.value_or(0), cell.last_seq);
    }
    return last;
}

std::vector<ActivityRevenue> revenue_lines(HouseholdTurnover const& turnover, unsigned first_month, unsigned last_month)
{
    std::vector<ActivityRevenue> lines;
    std::vector<std::size_t> line_of;
    for (auto const& [stall, market_name, market_address, ward_code, ward_name] : turnover.stalls) {
        auto const same = [&s = stall](ActivityRevenue const& l) {
            return l.location == s.location_code && l.group == s.activity_group && l.vat_cut == s.vat_reduced;
        };
        auto found = std::ranges::find_if(lines, same);
        if (found == lines.end()) {
            ActivityRevenue line;
            line.location = stall.location_code;
            line.group = stall.activity_group;
            line.vat_cut = stall.vat_reduced;
            found = lines.insert(lines.end(), std::move(line));
        }
        line_of.push_back(static_cast<std::size_t>(found - lines.begin()));
    }
    for (auto const& cell : turnover.cells) {
        if (cell.month < first_month || cell.month > last_month) continue;
        auto& line = lines[line_of[cell.stall]];
        line.revenue = Dong(line.revenue.count() + cell.sum.count());
    }
    for (auto& line : lines) line.revenue = std::max(line.revenue, Dong());
    bool const sold = std::ranges::any_of(lines, [](ActivityRevenue const& l) { return l.revenue.is_positive(); });
    if (sold) std::erase_if(lines, [](ActivityRevenue const& l) { return l.revenue.is_zero(); });
    return lines;
}

}  // namespace cho40::etax
