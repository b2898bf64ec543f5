#pragma once
#include "base/dong.h"
#include "base/time.h"
#include "fees/fraction.h"
#include "fees/reference.h"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::fees {

// A value in [from, to] pays `fixed` plus `rate_ppm` of the part over `over`.
struct Band {
    Dong from;
    std::optional<Dong> to;  // both ends belong to the band; the last is open
    Dong fixed;
    std::int64_t rate_ppm;
    Dong over;

    [[nodiscard]] Fraction fee(Dong value) const
    {
        return Fraction(fixed).plus(Fraction(Dong(value.count() - over.count())).times(rate_ppm, 1'000'000));
    }
};

// A fee that grows with a value, as one act sets it (TT 257/2016, TT 216/2016). Bands follow each other without a hole;
// where the file says `continuous` a band starts with the fee at which the one below ends, and the reader proves it.
struct BandTable {
    std::string name;
    std::optional<Day> from, to;
    std::optional<Dong> cap;
    std::int64_t free_up_to_base_salaries = 0;  // 2: nothing is due up to twice the base salary
    std::string legal_basis;
    std::vector<Band> bands;

    // The band a value lies in, or nothing when the act read does not say (lease values up to 100 million).
    [[nodiscard]] Band const* band_of(Dong value) const;
    // Before the free limit is looked at; after the cap.
    [[nodiscard]] std::optional<Fraction> fee(Dong value) const;
};

// From band-tables.csv and bands.csv. Errors: invalid_csv.
[[nodiscard]] Result<std::vector<BandTable>> read_band_tables(std::string_view tables_csv, std::string_view bands_csv);

}  // namespace cho40::fees
