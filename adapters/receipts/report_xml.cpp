#include "adapters/receipts/report_xml.h"
#include "adapters/xml/writer.h"

namespace cho40::receipts {

using fees::ReceiptReport;
using fees::ReportRow;
using xml::Writer;

namespace {

void write_row(Writer& out, ReportRow const& row, std::int64_t place)
{
    out.open("BLai");
    out.number("STT", place);
    out.text("KHMSBLai", form_code(row.number.form));
    out.text("KHBLai", row.number.symbol);
    out.number("SBLai", row.number.number);
    out.text("NLap", row.issued_on.to_string());
    out.text("MKThu", row.fee_code);
    out.text("TKThu", row.fee_name);
    out.money("STien", row.amount);
    bool const is_replacement = row.as == fees::ReportedAs::issued && row.related;
    out.text("TThai", is_replacement ? "Thay thế" : reported_as_vi(row.as));
    if (row.earlier) {
        out.text("KDChinh", row.earlier->day.to_string());
        out.number("SBTHop", row.earlier->number);  // of the report that told of the receipt first
    }
    if (row.related) {
        out.open("BLLQuan");
        out.text("KHMSBLai", form_code(row.related->form));
        out.text("KHBLai", row.related->symbol);
        out.number("SBLai", row.related->number);
        out.close();
    }
    if (!row.explanation.empty()) out.text("GTrinh", row.explanation);
    out.close();
}

}  // namespace

std::string report_xml(ReceiptReport const& report)
{
    Writer out;
    out.open("THBLDTu", {{"xmlns", report_namespace}});
    out.open("THBLai", {{"id", "bang-tong-hop"}});
    out.open("TTChung");
    out.text("MSo", "01/TH-BLĐT");
    out.text("MCQThu", report.agency_code);
    out.text("Ten", report.collector_name);
    if (!report.collector_tax_code.empty()) out.text("MST", report.collector_tax_code);
    out.text("Ngay", report.day.to_string());
    out.number("SBTHop", report.number);
    out.number("Phan", report.part);
    out.text("TDLap", to_rfc3339_micro(report.made_at));
    out.text("DVTTe", "VND");
    out.close();
    out.open("DSBLai");
    std::int64_t place = 0;
    for (auto const& row : report.rows) write_row(out, row, ++place);
    out.close();
    out.open("TCong");
    out.number("SDong", place);
    out.money("TgTien", report.total);
    out.close();
    out.close();
    out.empty("CKyDTu");
    out.close();
    return std::move(out).finish();
}

}  // namespace cho40::receipts
