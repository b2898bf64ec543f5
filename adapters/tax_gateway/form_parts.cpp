#include "adapters/tax_gateway/form_layouts.h"

namespace cho40::tax_gateway {

void write_boxes(xml::Writer& out, etax::ReturnInput const& in)
{
    bool const by_income = in.figures.method == etax::Method::income;
    out.flag("nopThueTNCNDoanhThu", !by_income);
    out.flag("nopThueTNCNThunhapTinhThue", by_income);
    out.flag("hoatDongTMDT", in.sells_online);
    out.flag("hoatDongKhac", in.sells_otherwise);
    out.flag("hoatDongLPS", in.per_occurrence);
}

void write_amounts(xml::Writer& out, std::string_view name, std::initializer_list<NamedAmount> amounts)
{
    out.open(name);
    for (auto const& one : amounts) out.money(one.name, one.amount);
    out.close();
}

}  // namespace cho40::tax_gateway
