#include "adapters/tax_gateway/form_layouts.h"
#include <array>

// For periods up to 31/12/2025 only. The form knows one place of business and four groups of activity, [28] to [31].
namespace cho40::tax_gateway {
namespace {

using xml::Writer;

struct GroupFigures {
    Dong vat_revenue, vat, pit_revenue, pit;
};

// Sums by the four rows of the form. The document's totals were added with overflow checks, so parts of them cannot overflow.
std::array<GroupFigures, 4> by_row(etax::ReturnDocument const& d)
{
    std::array<GroupFigures, 4> rows{};
    auto grow = [](Dong& sum, Dong amount) { sum = Dong(sum.count() + amount.count()); };
    for (auto const& location : d.locations) {
        for (auto const& row : location.rows) {
            auto& figures = rows[static_cast<std::size_t>(row.form.tt40_row.value_or(31) - 28)];
            grow(figures.vat_revenue, Dong(row.tax.vat_revenue.count() - row.tax.outside_vat.count()));
            grow(figures.vat, row.tax.vat);
            grow(figures.pit_revenue, row.tax.pit_revenue);
            grow(figures.pit, row.tax.pit);
        }
    }
    return rows;
}

void write_column(Writer& out, char const* name, std::array<GroupFigures, 4> const& rows, Dong GroupFigures::* column)
{
    static constexpr std::array names = {"ct28", "ct29", "ct30", "ct31"};
    Dong total;
    out.open(name);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        out.money(names[i], rows[i].*column);
        total = Dong(total.count() + (rows[i].*column).count());
    }
    out.money("ct32", total);
    out.close();
}

void write_header(Writer& out, etax::ReturnDocument const& d)
{
    auto const& place = d.locations.front().place;
    out.open("Header");
    out.flag("hkdcnkdnopthuekhoan", false);  // lump-sum payers do not file from turnover
    out.flag("cnkdnopps", d.input.per_occurrence);
    out.text("ct05", place.name);
    out.empty("ct06");
    out.text("CT08", d.input.trade);
    out.empty("CT11");
    out.text("CT12", place.address);
    out.empty("CT13");
    out.close();
}

}  // namespace

void write_tt40(Writer& out, etax::ReturnDocument const& d)
{
    auto const rows = by_row(d);
    write_header(out, d);
    out.open("KKThueGTGT_TNCN");
    write_column(out, "DoanhThuThueGTGT", rows, &GroupFigures::vat_revenue);
    write_column(out, "SoThueGTGT", rows, &GroupFigures::vat);
    write_column(out, "DoanhThuThueTNCN", rows, &GroupFigures::pit_revenue);
    write_column(out, "SoThueTNCN", rows, &GroupFigures::pit);
    out.close();
    write_amounts(out, "KKhaiThueTTDB", {{"tong_ct5", Dong()}, {"tong_ct7", Dong()}});
    out.open("KKhaiTBVMT_TN");
    out.empty("ThueTaiNguyen");
    out.empty("ThueBVMT");
    out.empty("PhiBVMT");
    out.close();
}

}  // namespace cho40::tax_gateway
