#include "adapters/receipts/receipt_xml.h"
#include "adapters/xml/writer.h"

namespace cho40::receipts {

using fees::Receipt;
using xml::Writer;

namespace {

// Texts that are empty are left out, as the authority's own documents do.
void text(Writer& out, std::string_view name, std::string_view value)
{
    if (!value.empty()) out.text(name, value);
}

void write_number(Writer& out, fees::ReceiptNumber const& number)
{
    out.text("KHMSBLai", form_code(number.form));
    out.text("KHBLai", number.symbol);
    out.number("SBLai", number.number);
}

void write_heading(Writer& out, Receipt const& r)
{
    out.open("TTChung");
    out.text("TBLai", r.kind == fees::FeeKind::phi ? "Biên lai thu phí" : "Biên lai thu lệ phí");
    write_number(out, r.number);
    out.text("NLap", Day::of(r.issued_at).to_string());
    out.text("TDLap", to_rfc3339_micro(r.issued_at));
    out.text("DVTTe", "VND");
    out.text("MTCuu", r.lookup_code);
    if (r.replaces) {
        out.open("BLLQuan");  // the receipt that this one replaces
        write_number(out, *r.replaces);
        out.close();
    }
    out.close();
}

void write_people(Writer& out, Receipt const& r)
{
    out.open("NThu");
    out.text("Ten", r.collector_name);
    text(out, "MST", r.collector_tax_code);
    text(out, "DChi", r.collector_address);
    out.text("MCQThu", r.agency_code);
    out.close();
    if (r.delegate) {
        out.open("NUQThu");
        out.text("Ten", r.delegate->name);
        text(out, "DChi", r.delegate->address);
        out.close();
    }
    out.open("NNop");
    out.text("Ten", r.payer_name);
    text(out, "MHSo", r.dossier_code);
    text(out, "MTBao", r.notice_code);
    out.close();
}

void write_lines(Writer& out, Receipt const& r)
{
    out.open("DSKThu");
    std::int64_t place = 0;
    for (auto const& line : r.lines) {
        out.open("KThu");
        out.number("STT", ++place);
        out.text("MKThu", line.fee_code);
        out.text("TKThu", line.name_vi);
        text(out, "TMuc", line.budget_subitem);
        out.money("STien", line.amount);
        out.close();
    }
    out.close();
    out.open("TToan");
    out.money("TgTien", r.total);
    out.text("TgTienChu", r.words);
    out.close();
}

}  // namespace

std::string receipt_xml(Receipt const& r)
{
    Writer out;
    out.open("BLaiDTu", {{"xmlns", receipt_namespace}});
    out.open("BLai", {{"id", "bien-lai"}});
    write_heading(out, r);
    write_people(out, r);
    write_lines(out, r);
    out.text("DauNDung", r.digest);
    out.close();
    out.empty("CKyDTu");
    out.close();
    return std::move(out).finish();
}

}  // namespace cho40::receipts
