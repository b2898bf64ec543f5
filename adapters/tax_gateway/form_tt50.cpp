#include "adapters/tax_gateway/form_layouts.h"

namespace cho40::tax_gateway {
namespace {

using etax::ReturnDocument;
using xml::Writer;

void write_header(Writer& out, etax::ReturnInput const& in)
{
    out.open("Header");
    write_boxes(out, in);
    out.close();
}

void write_row(Writer& out, etax::ReturnRow const& row, std::size_t id)
{
    out.open("CTietDoanhThu", {{"id", std::to_string(id)}});
    out.text("ct09_ma", row.form.code);
    out.text("ct09_ten", row.tax.group_name_vi);
    out.text("ct10", row.form.letter);
    out.money("ct11", row.tax.vat_revenue);
    out.money("ct12", row.tax.outside_vat);
    out.money("ct13", row.tax.zero_rated);
    out.text("ct14_maTieuMuc", row.vat_subitem.code);
    out.text("ct14_tenTieuMuc", row.vat_subitem.name);
    out.money("ct14_soThue", row.tax.vat);
    out.money("ct15", row.tax.pit_revenue);
    out.money("ct16", row.tax.deducted);
    out.text("ct17_maTieuMuc", row.pit_subitem.code);
    out.text("ct17_tenTieuMuc", row.pit_subitem.name);
    out.money("ct17_soThue", row.tax.pit);
    out.close();
}

void write_location(Writer& out, etax::ReturnLocation const& location, std::size_t id)
{
    auto const& place = location.place;
    out.open("DoanhThuThueGTGTTNCN", {{"id", std::to_string(id)}});
    out.number("stt", static_cast<std::int64_t>(id));
    out.flag("truSoChinh", place.is_head);
    out.text("mst_diaDiemKD", place.tax_code);
    out.text("ma_diaDiemKD", place.code);
    out.text("ten_diaDiemKD", place.name);
    out.open("diaChi_diaDiemKD");
    out.text("diaChi", place.address);
    out.text("ma_xaPhuong", place.ward_code);
    out.text("ten_xaPhuong", place.ward);
    out.text("ma_tinh", place.province_code);
    out.text("ten_tinh", place.province);
    out.close();
    std::size_t row_id = 0;
    for (auto const& row : location.rows) write_row(out, row, ++row_id);
    out.close();
}

void write_totals(Writer& out, etax::ReturnTotals const& t)
{
    write_amounts(out, "TongCongCT18",
                  {{"tongCT11", t.revenue},
                   {"tongCT12", t.outside_vat},
                   {"tongCT13", t.zero_rated},
                   {"tongCT14", t.vat},
                   {"tongCT15", t.pit_revenue},
                   {"tongCT16", t.deducted},
                   {"tongCT17", t.pit}});
    write_amounts(out, "SoThueMienCT19", {{"soThueDuocMienCT14", t.exempt_vat}, {"soThueDuocMienCT17", t.exempt_pit}});
    write_amounts(out, "SoThueConPhaiNopCT20", {{"soThueGTGT_ct14", t.payable_vat}, {"soThueTNCN_ct17", t.payable_pit}});
}

// Special consumption tax, resource tax, environment tax and fee: a market stall has none, the form wants the zeros.
void write_other_taxes(Writer& out)
{
    Dong const none;
    out.open("KKhaiThueTTDB");
    write_amounts(out, "TongCongCT22", {{"tongCT5", none}, {"tongCT7", none}});
    out.money("soThueMienCT23", none);
    out.money("soThueConPhaiNopCT24", none);
    out.close();
    out.open("KKhaiTaiNguyen");
    write_amounts(out, "ThueTaiNguyen", {{"tongCongCT26", none}, {"soThueMienCT27", none}, {"soThueConPhaiNopCT28", none}});
    write_amounts(out, "ThueBVMT", {{"tongCongCT30", none}, {"soThueMienCT31", none}, {"soThueConPhaiNopCT32", none}});
    write_amounts(out, "PhiBVMT", {{"tongCongCT34", none}, {"soThueMienCT35", none}, {"soThueConPhaiNopCT36", none}});
    out.close();
}

void write_payment(Writer& out, etax::ReturnPayment const& payment, etax::Office const& office, std::size_t id)
{
    out.open("ChiTietThongTinNopTHue", {{"id", std::to_string(id)}});
    out.text("ct38_mst", payment.place.tax_code);
    out.text("ct38_ma", payment.place.code);
    out.text("ct38_ten", payment.place.name);
    out.text("ct39", payment.subitem.name);
    out.money("ct40", payment.amount);
    out.money("soTienChenhLech", payment.difference);
    out.text("ct41_ma", payment.subitem.chapter);
    out.text("ct42_ma", payment.subitem.code);
    out.text("ct43_maDBHC", payment.place.ward_code);
    out.text("ct43_tenDBHC", payment.place.ward);
    out.empty("ct44_maCQThu");
    out.empty("ct44_tenCQThu");
    out.text("ct45_maCQThue", office.code);
    out.text("ct45_tenCQThue", office.name);
    out.text("ct46", payment.due.to_string());
    out.close();
}

}  // namespace

void write_tt50(Writer& out, ReturnDocument const& d)
{
    out.text("mst_cu", d.input.taxpayer.old_tax_code);
    write_header(out, d.input);
    out.open("KhaiThueGTGTTNCN");
    out.open("KinhDoanhDiaDiemCoDinh");
    std::size_t id = 0;
    for (auto const& location : d.locations) write_location(out, location, ++id);
    out.close();
    write_totals(out, d.totals);
    out.close();
    write_other_taxes(out);
    out.open("HoTroThongTinNopThue");
    id = 0;
    for (auto const& payment : d.payments) write_payment(out, payment, d.input.office, ++id);
    out.money("tongTienCT47", d.to_pay);
    out.close();
}

}  // namespace cho40::tax_gateway
