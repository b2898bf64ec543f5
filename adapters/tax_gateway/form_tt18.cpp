#include "adapters/tax_gateway/form_layouts.h"

// The layout is known from the style sheet of the official viewer only: the paths are certain, the members of the totals
// are named by analogy with the form that followed.
namespace cho40::tax_gateway {
namespace {

using xml::Writer;

void write_header(Writer& out, etax::ReturnInput const& in)
{
    out.open("Header");
    write_boxes(out, in);
    out.open("ToChucNopThueThay");
    out.empty("ct7_ten");
    out.empty("ct7_1_ma");
    out.empty("ct7_2_so");
    out.empty("ct7_2_ngay");
    out.close();
    out.close();
}

// [11] of this form is the revenue subject to VAT; what lies outside has no column.
Dong vat_revenue(etax::TaxLine const& line) { return Dong(line.vat_revenue.count() - line.outside_vat.count()); }

void write_location(Writer& out, etax::ReturnLocation const& location, std::size_t id)
{
    auto const& place = location.place;
    out.open("DoanhThuThueGTGTTNCN", {{"id", std::to_string(id)}});
    out.flag("truSoChinh", place.is_head);
    out.text("ma_diaDiemKD", place.code);
    out.text("ten_diaDiemKD", place.name);
    out.open("diaChi_diaDiemKD");
    out.text("diaChi", place.address);
    out.text("ten_xaPhuong", place.ward);
    out.text("ten_tinh", place.province);
    out.close();
    std::size_t row_id = 0;
    for (auto const& row : location.rows) {
        out.open("CTietDoanhThu", {{"id", std::to_string(++row_id)}});
        out.text("ct09_ten", row.tax.group_name_vi);
        out.text("ct10", row.form.letter);
        out.money("ct11", vat_revenue(row.tax));
        out.money("ct12_soThue", row.tax.vat);
        out.money("ct13", row.tax.pit_revenue);
        out.money("ct14", row.tax.deducted);
        out.money("ct15_soThue", row.tax.pit);
        out.close();
    }
    out.close();
}

void write_totals(Writer& out, etax::ReturnTotals const& t)
{
    write_amounts(out, "TongCongCT16",
                  {{"tongCT11", Dong(t.revenue.count() - t.outside_vat.count())},
                   {"tongCT12", t.vat},
                   {"tongCT13", t.pit_revenue},
                   {"tongCT14", t.deducted},
                   {"tongCT15", t.pit}});
    write_amounts(out, "SoThueMienCT17", {{"soThueGTGT_ct12", t.exempt_vat}, {"soThueTNCN_ct15", t.exempt_pit}});
    write_amounts(out, "SoThueConPhaiNopCT18", {{"soThueGTGT_ct12", t.payable_vat}, {"soThueTNCN_ct15", t.payable_pit}});
}

void write_payment(Writer& out, etax::ReturnPayment const& payment, etax::Office const& office, std::size_t id)
{
    out.open("ChiTietThongTinNopTHue", {{"id", std::to_string(id)}});
    out.text("ct36_ma", payment.place.code);
    out.text("ct37", payment.subitem.name);
    out.money("ct38", payment.amount);
    out.text("ct39_ma", payment.subitem.chapter);
    out.text("ct40_ma", payment.subitem.code);
    out.text("ct41_maDBHC", payment.place.ward_code);
    out.empty("ct42_maCQThu");
    out.text("ct43_maCQThue", office.code);
    out.text("ct44", payment.due.to_string());
    out.close();
}

}  // namespace

void write_tt18(Writer& out, etax::ReturnDocument const& d)
{
    write_header(out, d.input);
    out.open("KhaiThueGTGTTNCN");
    out.open("KinhDoanhDiaDiemCoDinh");
    std::size_t id = 0;
    for (auto const& location : d.locations) write_location(out, location, ++id);
    out.close();
    write_totals(out, d.totals);
    out.close();
    out.empty("KKhaiThueTTDB");
    out.empty("KKhaiTaiNguyen");
    out.open("HoTroThongTinNopThue");
    id = 0;
    for (auto const& payment : d.payments) write_payment(out, payment, d.input.office, ++id);
    out.money("tongTienCT44", d.to_pay);
    out.money("soTienTruKyTiep", Dong());
    out.close();
}

}  // namespace cho40::tax_gateway
