#include "adapters/tax_gateway/filing_xml.h"
#include "adapters/tax_gateway/form_layouts.h"
#include "adapters/xml/document.h"
#include "base/text.h"
#include <array>
#include <fmt/format.h>

namespace cho40::tax_gateway {
namespace {

constexpr std::string_view ns = "http://kekhaithue.gdt.gov.vn/TKhaiThue";
constexpr std::string_view xsi = "http://www.w3.org/2001/XMLSchema-instance";
constexpr std::string_view part_id = "ID_1";

struct Layout {
    std::string_view version;
    void (*write)(xml::Writer&, etax::ReturnDocument const&);
};
constexpr std::array layouts = {Layout{"TT50/2026", write_tt50}, Layout{"TT18/2026", write_tt18}, Layout{"TT40/2021", write_tt40}};

void write_software(xml::Writer& out, etax::Software const& software)
{
    out.open("TTinDVu");
    out.text("maDVu", software.code);
    out.text("tenDVu", software.name);
    out.text("pbanDVu", software.version);
    out.text("ttinNhaCCapDVu", software.supplier);
    out.close();
}

std::string month_text(Day day) { return fmt::format("{:02}/{}", day.month(), day.year()); }

void write_period(xml::Writer& out, etax::Period period)
{
    out.open("KyKKhaiThue");
    out.text("kieuKy", period.form_kind());
    out.text("kyKKhai", period.form_text());
    out.text("kyKKhaiTuNgay", period.first_day().to_vietnamese());
    out.text("kyKKhaiDenNgay", period.last_day().to_vietnamese());
    out.text("kyKKhaiTuThang", month_text(period.first_day()));
    out.text("kyKKhaiDenThang", month_text(period.last_day()));
    out.close();
}

void write_form(xml::Writer& out, etax::ReturnDocument const& d)
{
    out.open("TKhaiThue");
    out.text("maTKhai", d.form.code);
    out.text("tenTKhai", d.form.title);
    out.text("moTaBMau", d.form.issued_by);
    out.text("pbanTKhaiXML", d.form.layout_version);
    out.text("loaiTKhai", std::string(1, d.input.number.letter()));
    out.number("soLan", d.input.number.number);
    write_period(out, d.key.period);
    out.text("maCQTNoiNop", d.input.office.code);
    out.text("tenCQTNoiNop", d.input.office.name);
    out.text("ngayLapTKhai", d.input.made_on.to_string());
    out.open("GiaHan");
    out.empty("maLyDoGiaHan");
    out.empty("lyDoGiaHan");
    out.close();
    out.text("nguoiKy", d.input.signer);
    out.text("ngayKy", d.input.signed_on.to_string());
    out.text("nganhNgheKD", d.input.trade);
    out.close();
}

void write_taxpayer(xml::Writer& out, etax::Taxpayer const& t)
{
    out.open("NNT");
    out.text("mst", t.tax_code);
    out.text("tenNNT", t.name);
    out.text("dchiNNT", t.address);
    out.text("phuongXa", t.ward);
    // Districts were abolished on 01/07/2025; the layout keeps their elements.
    out.empty("maHuyenNNT");
    out.empty("tenHuyenNNT");
    out.text("maTinhNNT", t.province_code);
    out.text("tenTinhNNT", t.province);
    out.text("dthoaiNNT", t.phone);
    out.text("faxNNT", t.fax);
    out.text("emailNNT", t.email);
    out.close();
}

}  // namespace

Result<std::string> write_filing(etax::ReturnDocument const& document)
{
    auto const layout = std::ranges::find(layouts, document.form.version, &Layout::version);
    if (layout == layouts.end()) return fail(Errc::form_version_missing, "the layout of " + document.form.version + " is not known here");

    xml::Writer out;
    out.open("HSoThueDTu", {{"xmlns", ns}, {"xmlns:xsi", xsi}});
    out.open("HSoKhaiThue", {{"id", part_id}});
    out.open("TTinChung");
    write_software(out, document.input.software);
    out.open("TTinTKhaiThue");
    write_form(out, document);
    write_taxpayer(out, document.input.taxpayer);
    out.close();
    out.close();
    out.open("CTieuTKhaiChinh");
    layout->write(out, document);
    out.close();
    out.close();
    out.empty("CKyDTu");
    out.close();

    CHO_TRY(auto bytes, to_nfc(std::move(out).finish()));
    // A control character in a name would make a file that nobody can read.
    if (auto const read = xml::Document::parse(bytes); !read) {
        return fail(Errc::invalid_input, "a text of the return cannot stand in XML: " + read.error().detail);
    }
    return bytes;
}

}  // namespace cho40::tax_gateway
