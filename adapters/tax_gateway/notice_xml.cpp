#include "adapters/tax_gateway/notice_xml.h"
#include "adapters/xml/document.h"
#include "adapters/xml/writer.h"
#include <charconv>
#include <fmt/format.h>

namespace cho40::tax_gateway {
namespace {

using etax::Notice;
using etax::NoticeKind;
using xml::Element;

constexpr std::string_view ns = "http://kekhaithue.gdt.gov.vn/TBaoThue";
constexpr std::string_view xsi = "http://www.w3.org/2001/XMLSchema-instance";
constexpr std::size_t rows_max = 10000;

tl::unexpected<Error> unreadable(Element where, std::string what)
{
    return fail(Errc::notice_unreadable, std::string(where.name()) + ": " + std::move(what), "line " + std::to_string(where.line()));
}

// Empty text and xsi:nil both mean "nothing".
std::string value_of(Element parent, std::string_view name)
{
    auto const element = parent.child(name);
    return element.is_nil() ? std::string() : element.value();
}

Result<std::int64_t> whole(Element element)
{
    auto const text = element.value();
    if (text.empty() || element.is_nil()) return 0;
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return unreadable(element, "must be a whole number");
    return value;
}

// yyyy-mm-dd or dd/mm/yyyy.
Result<std::optional<Day>> day_of(Element element)
{
    auto text = element.value();
    if (text.empty() || element.is_nil()) return std::nullopt;
    if (text.size() == 10 && text[2] == '/' && text[5] == '/') text = text.substr(6) + "-" + text.substr(3, 2) + "-" + text.substr(0, 2);
    auto const day = Day::parse(std::string_view(text).substr(0, 10));
    if (!day) return unreadable(element, "must be a day");
    return *day;
}

// With a zone, or without one in Vietnam's time; a bare day is its beginning.
Result<std::optional<Instant>> instant_of(Element element)
{
    auto const text = element.value();
    if (text.empty() || element.is_nil()) return std::nullopt;
    if (auto const exact = parse_rfc3339(text)) return *exact;
    if (auto const local = parse_local_time(text)) return *local;
    CHO_TRY(auto const day, day_of(element));
    return day->begin();
}

NoticeKind kind_of(std::string const& code, std::string const& title)
{
    if (code == "843") return NoticeKind::received;
    if (code == "844") return NoticeKind::result;
    if (code == "213") return NoticeKind::invalid;
    for (auto const& text : {code, title}) {
        if (text.find("01/TB-TĐT") != text.npos) return NoticeKind::receipt_2026;
        if (text.find("02/TB-TĐT") != text.npos) return NoticeKind::incident;
    }
    return NoticeKind::other;
}

Result<Done> read_header(Element general, Notice& n)
{
    auto const office = general.child("CQT");
    n.office_code = value_of(office, "maCQT");
    n.office_name = value_of(office, "tenCQT");
    auto const recipient = general.child("NNhanTBaoThue");
    n.recipient_code = value_of(recipient, "maNNhan");
    n.recipient_name = value_of(recipient, "tenNNhan");
    auto const info = general.child("TTinTBaoThue");
    if (!info) return unreadable(general, "TTinTBaoThue is missing");
    n.code = value_of(info, "maTBao");
    n.title = value_of(info, "tenTBao");
    n.number = value_of(info, "soTBao");
    CHO_TRY(n.day, day_of(info.child("ngayTBao")));
    if (n.code.empty()) return unreadable(info, "maTBao is missing");
    n.kind = kind_of(n.code, n.title);
    return Done{};
}

Result<std::optional<bool>> read_state(Element element)
{
    auto const text = element.value();
    if (text.empty() || element.is_nil()) return std::nullopt;
    if (text == "Y") return true;
    if (text == "N") return false;
    return unreadable(element, "must be Y or N");
}

Result<Done> read_lists(Element content, Notice& n)
{
    auto const dossiers = content.child("HoSoThue").children("CTietHoSoThue");
    auto const reasons = content.child("LyDo").children("CTietLyDo");
    auto const payables = content.child("IDKhoanNop").children("CTietIDKhoanNop");
    if (dossiers.size() + reasons.size() + payables.size() > rows_max) return unreadable(content, "too many rows");
    for (auto row : dossiers) {
        CHO_TRY(auto const times, whole(row.child("lanNop")));
        n.dossiers.push_back(
            {value_of(row, "tokhai-phuluc"), value_of(row, "loaiToKhai"), value_of(row, "kyTinhThue"), static_cast<int>(times)});
    }
    for (auto row : reasons) {
        n.reasons.push_back({value_of(row, "tenNhomLoi"), value_of(row, "tenLoi"), value_of(row, "huongDanXuLy"), value_of(row, "ghiChu")});
    }
    for (auto row : payables) {
        CHO_TRY(auto const amount, whole(row.child("soTienPNop")));
        n.payables.push_back({value_of(row, "maDinhDanh"), Dong(amount), value_of(row, "tenLoaiTien")});
    }
    return Done{};
}

Result<Done> read_content(Element content, Notice& n)
{
    CHO_TRY(n.positive, read_state(content.child("trangThai")));
    CHO_TRY(n.filed_at, instant_of(content.child("ngayNopThucTe")));
    CHO_TRY(n.accepted_at, instant_of(content.child("ngayChapNhan")));
    CHO_TRY(n.completed_at, instant_of(content.child("ngayHoanThanh")));
    n.transaction_code = value_of(content, "maGiaoDichDTu");
    n.link = value_of(content, "duongDan");
    n.hotline = value_of(content, "hotline");
    return read_lists(content, n);
}

// 213: what could not be read, and the error of the other side.
Result<Done> read_transaction(Element content, Notice& n)
{
    auto const transaction = content.child("GDich");
    if (!transaction) return unreadable(content, "GDich is missing");
    n.transaction_code = value_of(transaction, "maGDich");
    n.positive = false;
    if (!n.day) { CHO_TRY(n.day, day_of(transaction.child("ngayGDich"))); }
    n.reasons.push_back({value_of(transaction, "kquaGDich"), value_of(transaction, "maLoiGDich"), value_of(transaction, "mtaLoiGDich"),
                         value_of(transaction, "ndungGDich")});
    return Done{};
}

std::string instant_text(Instant when)
{
    // Real notices carry milliseconds and the zone.
    auto const local = to_rfc3339(when + std::chrono::hours(7));
    return local.substr(0, local.size() - 1) + "+07:00";
}

void write_instant(xml::Writer& out, std::string_view name, std::optional<Instant> when)
{
    if (when) return out.text(name, instant_text(*when));
    out.empty(name, {{"xsi:nil", "true"}});
}

void write_header(xml::Writer& out, Notice const& n)
{
    out.open("TTinChung");
    out.open("CQT");
    out.text("maCQT", n.office_code);
    out.text("tenCQT", n.office_name);
    out.close();
    out.open("NNhanTBaoThue");
    out.text("maNNhan", n.recipient_code);
    out.text("tenNNhan", n.recipient_name);
    out.empty("diaChiNNhan", {{"xsi:nil", "true"}});
    out.close();
    out.open("TTinTBaoThue");
    out.text("maTBao", n.code);
    out.text("tenTBao", n.title);
    out.text("soTBao", n.number);
    out.text("ngayTBao", n.day ? n.day->to_string() : "");
    out.close();
    out.close();
}

void write_transaction(xml::Writer& out, Notice const& n)
{
    auto const reason = n.reasons.empty() ? etax::NoticeReason{} : n.reasons.front();
    out.open("GDich");
    out.text("ngayGDich", n.day ? n.day->to_vietnamese() : "");
    out.text("maGDich", n.transaction_code);
    out.text("ndungGDich", reason.note);
    out.text("maKQuaGDich", "03");
    out.text("kquaGDich", reason.group);
    out.text("maLoiGDich", reason.error);
    out.text("mtaLoiGDich", reason.guidance);
    out.close();
}

void write_lists(xml::Writer& out, Notice const& n)
{
    out.open("LyDo");
    for (auto const& r : n.reasons) {
        out.open("CTietLyDo");
        out.text("tenNhomLoi", r.group);
        out.text("tenLoi", r.error);
        out.text("huongDanXuLy", r.guidance);
        out.text("ghiChu", r.note);
        out.close();
    }
    out.close();
    if (n.payables.empty()) return;
    out.open("IDKhoanNop");
    for (auto const& p : n.payables) {
        out.open("CTietIDKhoanNop");
        out.text("maDinhDanh", p.id);
        out.money("soTienPNop", p.amount);
        out.text("tenLoaiTien", p.currency);
        out.close();
    }
    out.close();
}

void write_content(xml::Writer& out, Notice const& n)
{
    if (n.positive) out.text("trangThai", *n.positive ? "Y" : "N");
    // A receipt (843) has no time of filing: only the result has.
    if (n.filed_at) write_instant(out, "ngayNopThucTe", n.filed_at);
    out.open("HoSoThue");
    std::size_t id = 0;
    for (auto const& d : n.dossiers) {
        out.open("CTietHoSoThue", {{"id", std::to_string(++id)}});
        out.text("tokhai-phuluc", d.name);
        out.text("loaiToKhai", d.type);
        out.text("kyTinhThue", d.period);
        out.number("lanNop", d.times);
        out.close();
    }
    out.close();
    out.text("maGiaoDichDTu", n.transaction_code);
    write_instant(out, "ngayChapNhan", n.accepted_at);
    write_instant(out, "ngayHoanThanh", n.completed_at);
    write_lists(out, n);
    out.text("duongDan", n.link);
    out.text("hotline", n.hotline);
}

}  // namespace

Result<Notice> read_notice(std::string_view bytes)
{
    CHO_TRY(auto const document, xml::Document::parse(bytes));
    auto const root = document.root();
    if (root.name() != "TBaoThueDTu") return unreadable(root, "this is no notice of the tax authority (TBaoThueDTu)");
    auto const parts = root.children("TBaoThue");
    if (parts.size() != 1) return unreadable(root, "there must be exactly one TBaoThue");
    auto const general = parts[0].child("TTinChung"), content = parts[0].child("NDungTBao");
    if (!general || !content) return unreadable(parts[0], "TTinChung or NDungTBao is missing");

    Notice notice;
    CHO_TRY_DO(read_header(general, notice));
    if (notice.kind == NoticeKind::invalid) {
        CHO_TRY_DO(read_transaction(content, notice));
    } else {
        CHO_TRY_DO(read_content(content, notice));
    }
    return notice;
}

std::string write_notice(Notice const& notice)
{
    xml::Writer out;
    out.open("TBaoThueDTu", {{"xmlns", ns}, {"xmlns:xsi", xsi}});
    out.open("TBaoThue", {{"Id", "_NODE_TO_SIGN"}});
    write_header(out, notice);
    out.open("NDungTBao");
    if (notice.kind == NoticeKind::invalid) write_transaction(out, notice);
    else write_content(out, notice);
    out.close();
    out.close();
    out.empty("CKyDTu");
    out.close();
    return std::move(out).finish();
}

}  // namespace cho40::tax_gateway
