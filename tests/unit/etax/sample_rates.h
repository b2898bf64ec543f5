#pragma once
#include "base/check.h"
#include "etax/rates.h"

namespace cho40::etax {

// A small rate book written by hand: two laws, three groups. Tests of rules should not change when the rate file grows.
inline RateTables sample_tables()
{
    Validity const old{Day::from(2021, 8, 1), Day::from(2025, 12, 31)};
    Validity const now{Day::from(2026, 1, 1), std::nullopt};
    RateTables t;
    t.thresholds = {
        {"t100", ThresholdKind::vat_and_pit_exempt, Dong(100'000'000), old, Day::from(2021, 6, 1), true},
        {"t500", ThresholdKind::vat_and_pit_exempt, Dong(500'000'000), now, Day::from(2025, 12, 11), false},
        {"t1000", ThresholdKind::vat_and_pit_exempt, Dong(1'000'000'000), now, Day::from(2026, 4, 29), true},
        {"t3000", ThresholdKind::income_method_compulsory_above, Dong(3'000'000'000), now, Day::from(2025, 12, 10), true},
        {"t50000", ThresholdKind::monthly_filing_above, Dong(50'000'000'000), now, Day::from(2026, 3, 5), true},
        {"x50k", ThresholdKind::small_amount_exempt_per_dossier, Dong(50'000), {Day::from(2026, 7, 1), std::nullopt}, std::nullopt, true},
    };
    auto rate = [](char const* id, Validity v, char const* group, int vat, int pit, std::int64_t threshold, PitBase base, bool own) {
        return Rate{id, v, "", group, group, group, vat, pit, Dong(threshold), base, own};
    };
    t.rates = {
        rate("old-1", old, "1", 100, 50, 100'000'000, PitBase::whole_revenue, false),
        rate("a", now, "a", 100, 50, 1'000'000'000, PitBase::above_threshold, false),
        rate("b", now, "b", 500, 200, 1'000'000'000, PitBase::above_threshold, false),
        rate("d", now, "d", 300, 150, 1'000'000'000, PitBase::above_threshold, false),
        rate("re", now, "re", 500, 500, 1'000'000'000, PitBase::above_threshold, true),
    };
    t.vat_cuts = {{"cut", {Day::from(2025, 7, 1), Day::from(2026, 12, 31)}, 80}};
    t.income_rule_id = "income";
    t.income_from = Day::from(2026, 1, 1);
    t.income_brackets = {{Dong(1'000'000'000), Dong(3'000'000'000), 1500},
                         {Dong(3'000'000'000), Dong(50'000'000'000), 1700},
                         {Dong(50'000'000'000), std::nullopt, 2000}};
    t.form_versions = {{"01/CNKD", "TT40/2021", old},
                       {"01/CNKD", "TT18/2026", {Day::from(2026, 3, 5), Day::from(2026, 5, 12)}},
                       {"01/CNKD", "TT50/2026", {Day::from(2026, 5, 13), std::nullopt}}};
    t.budget_codes = {{"1003", "PIT"}, {"1701", "VAT"}};
    t.late_ppm_per_day = 300;
    return t;
}

inline RateBook sample_rates()
{
    auto book = RateBook::make(sample_tables());
    CHO_CHECK(book.has_value());
    return *std::move(book);
}

}  // namespace cho40::etax
