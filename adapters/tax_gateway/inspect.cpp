#include "adapters/tax_gateway/inspect.h"
#include "adapters/tax_gateway/notice_xml.h"
#include "etax/period.h"
#include "etax/tax_code.h"
#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

namespace cho40::tax_gateway {
namespace {

using nlohmann::ordered_json;
using xml::Element;

constexpr std::size_t figures_max = 5000;
constexpr std::size_t invoices_max = 1000;
constexpr std::string_view dsig = "http://www.w3.org/2000/09/xmldsig#";

std::size_t count_signatures(Element root)
{
    auto const all = root.descendants("Signature");
    return static_cast<std::size_t>(std::ranges::count_if(all, [](Element e) { return e.ns() == dsig; }));
}

// A whole number written plainly. Codes like 00999 and 01 keep their zeros and are no figures.
std::optional<std::int64_t> plain_number(std::string const& text)
{
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || std::to_string(value) != text) return std::nullopt;
    return value;
}

bool is_figure_name(std::string_view name)
{
    if (name.find("_ma") != name.npos || name.find("TieuMuc") != name.npos) return false;
    return name.starts_with("ct") || name.starts_with("tong") || name.starts_with("soT") || name.starts_with("CT");
}

// Every figure below, under its path: "KhaiThueGTGTTNCN/TongCongCT18/tongCT11". Rows carry their number: "CTietDoanhThu[2]".
void collect_figures(Element parent, std::string const& path, ordered_json& out)
{
    for (auto child : parent.children()) {
        if (out.size() >= figures_max) return;
        auto at = path + std::string(child.name());
        auto const same = parent.children(child.name());
        if (same.size() > 1) at += "[" + std::to_string(std::ranges::find(same, child) - same.begin() + 1) + "]";
        if (child.children().empty()) {
            if (!is_figure_name(child.name())) continue;
            if (auto const number = plain_number(child.value())) out[at] = *number;
        } else {
            collect_figures(child, at + "/", out);
        }
    }
}

ordered_json period_json(Element info)
{
    auto const period = info.child("KyKKhaiThue");
    auto const kind = period.child("kieuKy").value(), text = period.child("kyKKhai").value();
    ordered_json out;
    out["kind"] = kind;
    out["text"] = text;
    auto const known = etax::Period::parse_form(kind, text);
    out["period"] = known ? ordered_json(known->to_string()) : ordered_json();
    out["from"] = period.child("kyKKhaiTuNgay").value();
    out["to"] = period.child("kyKKhaiDenNgay").value();
    return out;
}

Result<ordered_json> inspect_filing(Element root)
{
    auto const general = root.child("HSoKhaiThue").child("TTinChung");
    auto const software = general.child("TTinDVu");
    auto const info = general.child("TTinTKhaiThue").child("TKhaiThue");
    auto const taxpayer = general.child("TTinTKhaiThue").child("NNT");
    if (!info || !taxpayer)
        return fail(Errc::notice_unreadable, "the filing has no TKhaiThue or no NNT", "line " + std::to_string(root.line()));
    ordered_json out;
    out["message"] = "filing";
    out["taxpayer"] = {{"tax_code", taxpayer.child("mst").value()}, {"name", taxpayer.child("tenNNT").value()}};
    out["form"] = {{"code", info.child("maTKhai").value()}, {"title", info.child("tenTKhai").value()}};
    out["version"] = {{"layout", info.child("pbanTKhaiXML").value()}, {"issued_by", info.child("moTaBMau").value()}};
    out["type"] = info.child("loaiTKhai").value();
    out["number"] = plain_number(info.child("soLan").value()).value_or(0);
    out["period"] = period_json(info);
    out["office"] = {{"code", info.child("maCQTNoiNop").value()}, {"name", info.child("tenCQTNoiNop").value()}};
    out["made_on"] = info.child("ngayLapTKhai").value();
    out["signer"] = info.child("nguoiKy").value();
    out["signed_on"] = info.child("ngayKy").value();
    out["software"] = {{"code", software.child("maDVu").value()}, {"version", software.child("pbanDVu").value()}};
    auto annexes = ordered_json::array();
    for (auto annex : root.child("HSoKhaiThue").child("PLuc").children()) annexes.push_back(std::string(annex.name()));
    out["annexes"] = std::move(annexes);
    auto figures = ordered_json::object();
    collect_figures(root.child("HSoKhaiThue").child("CTieuTKhaiChinh"), "", figures);
    out["figures"] = std::move(figures);
    out["signatures"] = count_signatures(root);
    return out;
}

ordered_json instant_or_null(std::optional<Instant> when) { return when ? ordered_json(to_rfc3339(*when)) : ordered_json(); }

// What the notice means for the filing; "received" never reads as "accepted".
std::string state_of(etax::Notice const& n)
{
    switch (n.kind) {
    case etax::NoticeKind::received:
    case etax::NoticeKind::receipt_2026: return n.positive == false ? "not_received" : "received";
    case etax::NoticeKind::result: return !n.positive ? "unknown" : *n.positive ? "accepted" : "refused";
    case etax::NoticeKind::invalid: return "not_received";
    case etax::NoticeKind::incident: return "incident";
    case etax::NoticeKind::other: break;
    }
    return "unknown";
}

Result<ordered_json> inspect_notice(std::string_view bytes, Element root)
{
    CHO_TRY(auto const n, read_notice(bytes));
    ordered_json out;
    out["message"] = "notice";
    out["kind"] = etax::name_of(n.kind);
    out["state"] = state_of(n);
    out["taxpayer"] = {{"tax_code", n.recipient_code}, {"name", n.recipient_name}};
    out["notice"] = {
        {"code", n.code}, {"title", n.title}, {"number", n.number}, {"day", n.day ? ordered_json(n.day->to_string()) : ordered_json()}};
    out["office"] = {{"code", n.office_code}, {"name", n.office_name}};
    out["transaction_code"] = n.transaction_code;
    out["filed_at"] = instant_or_null(n.filed_at);
    out["accepted_at"] = instant_or_null(n.accepted_at);
    out["completed_at"] = instant_or_null(n.completed_at);
    auto dossiers = ordered_json::array();
    for (auto const& d : n.dossiers) dossiers.push_back({{"name", d.name}, {"type", d.type}, {"period", d.period}, {"times", d.times}});
    out["dossiers"] = std::move(dossiers);
    auto reasons = ordered_json::array();
    for (auto const& r : n.reasons) reasons.push_back({{"group", r.group}, {"error", r.error}, {"guidance", r.guidance}, {"note", r.note}});
    out["reasons"] = std::move(reasons);
    auto payables = ordered_json::array();
    for (auto const& p : n.payables) payables.push_back({{"id", p.id}, {"amount", p.amount.count()}, {"currency", p.currency}});
    out["payables"] = std::move(payables);
    out["signatures"] = count_signatures(root);
    return out;
}

Result<ordered_json> inspect_registration(Element root)
{
    auto const part = root.child("DKyThue");
    auto const info = part.child("TTinChung").child("TTinDKyThue");
    ordered_json out;
    out["message"] = "registration";
    out["taxpayer"] = {{"tax_code", info.child("tIN").value()}, {"name", info.child("tenNNT").value()}};
    out["form"] = {{"code", info.child("maDKy").value()}, {"title", info.child("tenDKy").value()}};
    out["version"] = {{"layout", info.child("pBanDKy").value()}};
    out["signatures"] = count_signatures(root);
    return out;
}

struct MessageName {
    std::string_view code, name;
};
constexpr std::array message_names = {
    MessageName{"100", "e-invoice registration"},
    MessageName{"101", "delegation registration"},
    MessageName{"102", "registration received or not"},
    MessageName{"103", "registration accepted or not"},
    MessageName{"104", "delegation accepted or not"},
    MessageName{"200", "invoice for coding"},
    MessageName{"201", "invoice for coding per occurrence"},
    MessageName{"202", "coded invoice"},
    MessageName{"203", "invoice without code"},
    MessageName{"204", "check result 01/TB-KTDL"},
    MessageName{"206", "cash-register invoices"},
    MessageName{"300", "erroneous invoice notice"},
    MessageName{"301", "result of an erroneous invoice notice"},
    MessageName{"302", "invoice needs review"},
    MessageName{"303", "erroneous cash-register invoice notice"},
    MessageName{"400", "summary table"},
    MessageName{"901", "daily reconciliation report"},
    MessageName{"902", "answer to a daily reconciliation report"},
    MessageName{"999", "technical answer"},
    MessageName{"-1", "wrong format"},
    MessageName{"-2", "faulty signing data"},
};

ordered_json invoice_json(Element invoice)
{
    auto const content = invoice.child("DLHDon");
    auto const general = content.child("TTChung");
    auto const seller = content.child("NDHDon").child("NBan");
    ordered_json out;
    out["taxpayer"] = {{"tax_code", seller.child("MST").value()}, {"name", seller.child("Ten").value()}};
    out["form"] = {{"code", general.child("KHMSHDon").value()}, {"title", general.child("THDon").value()}};
    out["version"] = {{"layout", general.child("PBan").value()}};
    out["series"] = general.child("KHHDon").value();
    out["number"] = general.child("SHDon").value();
    out["day"] = general.child("NLap").value();
    out["total"] = content.child("NDHDon").child("TToan").child("TgTTTBSo").value();
    out["authority_code"] = invoice.child("MCCQT").value();
    return out;
}

Result<ordered_json> inspect_invoice_message(Element root)
{
    auto const general = root.child("TTChung");
    auto const data = root.child("DLieu");
    ordered_json out;
    out["message"] = "invoice_message";
    auto const code = general.child("MLTDiep").value();
    auto const known = std::ranges::find(message_names, code, &MessageName::code);
    out["kind"] = {{"code", code}, {"name", known == message_names.end() ? "" : known->name}};
    out["version"] = {{"layout", general.child("PBan").value()}};
    out["sender"] = general.child("MNGui").value();
    out["receiver"] = general.child("MNNhan").value();
    out["id"] = general.child("MTDiep").value();
    out["answers"] = general.child("MTDTChieu").value();
    out["taxpayer"] = {{"tax_code", general.child("MST").value()}};
    out["count"] = plain_number(general.child("SLuong").value()).value_or(0);
    ordered_json states;
    for (auto const* name : {"TTTNhan", "LTBao", "THop"}) {
        if (auto const found = data.descendants(name); !found.empty()) states[name] = found.front().value();
    }
    if (!states.is_null()) out["states"] = std::move(states);
    auto invoices = ordered_json::array();
    for (auto invoice : data.children("HDon")) {
        if (invoices.size() >= invoices_max) break;
        invoices.push_back(invoice_json(invoice));
    }
    out["invoices"] = std::move(invoices);
    out["signatures"] = count_signatures(root);
    return out;
}

}  // namespace

Result<ordered_json> inspect(std::string_view bytes)
{
    CHO_TRY(auto const document, xml::Document::parse(bytes));
    auto const root = document.root();
    if (root.name() == "HSoThueDTu") return inspect_filing(root);
    if (root.name() == "TBaoThueDTu") return inspect_notice(bytes, root);
    if (root.name() == "DKyThueDTu") return inspect_registration(root);
    if (root.name() == "TDiep") return inspect_invoice_message(root);
    if (root.name() == "HDon") {
        auto out = invoice_json(root);
        out["message"] = "invoice";
        out["signatures"] = count_signatures(root);
        return out;
    }
    return fail(Errc::notice_unreadable, "neither a filing, a notice nor an invoice message: " + std::string(root.name().substr(0, 40)),
                "line 1");
}

std::string subject_of(xml::Document const& document)
{
    auto const root = document.root();
    if (root.name() == "HSoThueDTu")
        return root.child("HSoKhaiThue").child("TTinChung").child("TTinTKhaiThue").child("NNT").child("mst").value();
    if (root.name() == "TBaoThueDTu") return root.child("TBaoThue").child("TTinChung").child("NNhanTBaoThue").child("maNNhan").value();
    if (root.name() == "HDon") return root.child("DLHDon").child("NDHDon").child("NBan").child("MST").value();
    return {};
}

bool is_same_taxpayer(std::string_view document_code, std::string_view certificate_code)
{
    auto const a = etax::check_tax_code(document_code), b = etax::check_tax_code(certificate_code);
    return a.valid && b.valid && a.canonical == b.canonical;
}

}  // namespace cho40::tax_gateway
