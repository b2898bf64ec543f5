#include "adapters/api/recon_papers.h"
#include "adapters/api/ids.h"
#include "adapters/api/recon_closing.h"
#include "base/text.h"
#include "reconcile/workflow/day_sheet.h"

namespace cho40::api {
namespace {

using documents::Report;
using documents::ReportSection;
using reconcile::AdjustmentKind;
using reconcile::BreakClass;
using reconcile::DaySheet;

std::string ended_words(std::optional<reconcile::BreakState> const& ended)
{
    if (!ended) return "còn mở";
    switch (*ended) {
    case reconcile::BreakState::RESOLVED: return "đã xử lý";
    case reconcile::BreakState::WRITTEN_OFF: return "đã bỏ qua";
    case reconcile::BreakState::AUTO_RESOLVED: return "dữ liệu đến sau đã khớp";
    default: return "còn mở";
    }
}

ReportSection figures_of(DaySheet const& sheet, reconcile::CountSum const& provider, reconcile::CountSum const& bank)
{
    ReportSection section{"Số liệu trong ngày", {{"Chỉ tiêu", 3, false}, {"Số lượng", 1, true}, {"Số tiền (đồng)", 1.4, true}}, {}, {}};
    auto const add = [&](char const* name, reconcile::CountSum const& of) {
        section.rows.push_back({name, std::to_string(of.count), figure(of.sum)});
    };
    add("Khoản tiền trên sổ cái", sheet.ledger);
    add("Dòng trong tệp của đối tác", provider);
    add("Dòng trong sao kê ngân hàng", bank);
    add("Đã khớp", sheet.matched);
    add("Đang chờ tệp hoặc sao kê", sheet.waiting);
    return section;
}

ReportSection classes_of(std::vector<reconcile::ClassFigures> const& classes)
{
    ReportSection section{"Khoản lệch theo loại",
                          {{"Loại", 4, false},
                           {"Số khoản", 1, true},
                           {"Còn mở", 1, true},
                           {"Chênh lệch (đồng)", 1.5, true},
                           {"Số tiền liên quan (đồng)", 1.7, true}},
                          {},
                          "Không có khoản lệch nào."};
    for (auto const& of : classes)
        section.rows.push_back(
            {class_words(of.kind), std::to_string(of.count), std::to_string(of.open), figure(of.delta), figure(of.at_stake)});
    return section;
}

// Of the equations that a run checks (reconcile/equations).
std::string equation_words(int number, std::string const& name)
{
    switch (number) {
    case 1: return "Sổ cái cộng chênh lệch bằng tệp của đối tác";
    case 2: return "Tổng các dòng bằng số quyết toán của lô";
    case 3: return "Số dư đầu ngày cộng phát sinh bằng số dư cuối ngày";
    case 6: return "Đối soát lại cho cùng kết quả";
    default: return name;
    }
}

ReportSection equations_of(DaySheet const& sheet)
{
    ReportSection section{"Phương trình kiểm tra",
                          {{"Số", 0.4, true}, {"Phương trình", 3, false}, {"Vế trái (đồng)", 1.4, true}, {"Vế phải (đồng)", 1.4, true}},
                          {},
                          "Không có phương trình nào."};
    for (auto const& e : sheet.equations)
        section.rows.push_back({std::to_string(e.number), equation_words(e.number, e.name), figure(e.left), figure(e.right)});
    return section;
}

ReportSection files_of(DaySheet const& sheet)
{
    ReportSection section{"Tệp đã dùng",
                          {{"Mã tệp", 2.9, false},
                           {"Bên gửi", 0.9, false},
                           {"Ngày", 1.2, false},
                           {"Bản", 0.5, true},
                           {"Dòng", 0.6, true},
                           {"Tổng (đồng)", 1.3, true},
                           {"SHA-256", 3.4, false}},
                          {},
                          "Không có tệp nào."};
    for (auto const& file : sheet.files)
        section.rows.push_back({file.id, file.side == reconcile::Side::bank ? "ngân hàng" : "đối tác", file.date.to_vietnamese(),
                                std::to_string(file.revision), std::to_string(file.lines), figure(file.sum), to_hex(file.digest)});
    return section;
}

ReportSection breaks_of(DaySheet const& sheet)
{
    ReportSection section{"Từng khoản lệch",
                          {{"Mã", 2.9, false},
                           {"Loại", 3, false},
                           {"Chênh lệch (đồng)", 1.3, true},
                           {"Số tiền liên quan (đồng)", 1.5, true},
                           {"Kết quả", 1.5, false}},
                          {},
                          "Không có khoản lệch nào."};
    for (auto const& found : sheet.breaks)
        section.rows.push_back({found.id, class_words(found.kind), figure(found.delta), figure(found.at_stake), ended_words(found.ended)});
    return section;
}

ReportSection adjustments_of(DaySheet const& sheet)
{
    ReportSection section{"Điều chỉnh so với bản đã ký trước",
                          {{"Nội dung", 3, false}, {"Đối tượng", 2.4, false}, {"Số lượng", 1, true}, {"Số tiền (đồng)", 1.4, true}},
                          {},
                          "Không có điều chỉnh."};
    for (auto const& a : sheet.adjustments)
        section.rows.push_back({adjustment_words(a.kind), a.subject, std::to_string(a.count), figure(a.sum)});
    return section;
}

std::string state_words(stores::ReconClosing const& closing)
{
    if (!closing.decision) return "chờ ký";
    return closing.decision->is_signed ? "đã ký" : "đã trả lại: " + closing.decision->reason;
}

}  // namespace

std::string class_words(BreakClass kind)
{
    switch (kind) {
    case BreakClass::MISSING_AT_PROVIDER: return "Có trên sổ, đối tác không có";
    case BreakClass::MISSING_INTERNAL: return "Đối tác có, trên sổ không có";
    case BreakClass::AMOUNT_MISMATCH: return "Lệch số tiền";
    case BreakClass::STATUS_MISMATCH: return "Lệch trạng thái";
    case BreakClass::DUPLICATE_PROVIDER_LINE: return "Dòng của đối tác bị lặp";
    case BreakClass::CONFLICTING_DUPLICATE: return "Dòng lặp có nội dung khác";
    case BreakClass::DUPLICATE_PAYMENT: return "Một đơn nhận tiền hai lần";
    case BreakClass::FEE_MISMATCH: return "Lệch phí dịch vụ";
    case BreakClass::FEE_ON_PUBLIC_MONEY: return "Trừ phí trên tiền ngân sách";
    case BreakClass::CURRENCY_MISMATCH: return "Không phải đồng Việt Nam";
    case BreakClass::MISSING_AT_BANK: return "Ngân hàng chưa ghi có";
    case BreakClass::SETTLEMENT_AMOUNT_MISMATCH: return "Lệch số tiền quyết toán";
    case BreakClass::BANK_UNIDENTIFIED: return "Khoản ngân hàng chưa rõ nguồn";
    case BreakClass::BANK_REVERSED: return "Ngân hàng huỷ bút toán";
    case BreakClass::AMBIGUOUS: return "Có nhiều khả năng khớp";
    case BreakClass::REMITTANCE_MISMATCH: return "Lệch với kho bạc";
    case BreakClass::RECEIPT_MISSING: return "Có tiền, thiếu biên lai";
    case BreakClass::RECEIPT_ORPHAN: return "Có biên lai, thiếu tiền";
    case BreakClass::DOSSIER_NOT_TOLD: return "Chưa báo cho hồ sơ";
    case BreakClass::FILE_LATE: return "Tệp đến trễ";
    case BreakClass::FILE_INTEGRITY: return "Tệp không khớp số tổng";
    case BreakClass::FILE_CONFLICT: return "Hai tệp cho cùng một ngày";
    }
    return {};
}

std::string adjustment_words(AdjustmentKind kind)
{
    switch (kind) {
    case AdjustmentKind::ledger: return "Khoản tiền trên sổ cái";
    case AdjustmentKind::provider: return "Dòng trong tệp của đối tác";
    case AdjustmentKind::bank: return "Dòng trong sao kê ngân hàng";
    case AdjustmentKind::matched: return "Đã khớp";
    case AdjustmentKind::waiting: return "Đang chờ";
    case AdjustmentKind::file_added: return "Tệp đến sau";
    case AdjustmentKind::file_withdrawn: return "Tệp bị thay thế";
    case AdjustmentKind::break_opened: return "Khoản lệch mới";
    case AdjustmentKind::break_changed: return "Khoản lệch đổi số tiền";
    case AdjustmentKind::break_ended: return "Khoản lệch đã xong";
    case AdjustmentKind::break_reopened: return "Khoản lệch mở lại";
    }
    return {};
}

Result<Report> closing_paper(stores::ReconClosing const& closing, PaperOrder const& order)
{
    CHO_TRY(auto const sheet, reconcile::read_sheet(closing.sheet));
    CHO_TRY(auto const provider, sheet.lines_of(reconcile::Side::provider));
    CHO_TRY(auto const bank, sheet.lines_of(reconcile::Side::bank));
    CHO_TRY(auto const classes, reconcile::class_figures(sheet));
    auto report = report_of("PHIẾU ĐỐI SOÁT NGÀY " + sheet.day.to_vietnamese(), closing.digest, order);
    report.facts = {{"Đối tác", sheet.partner_name + " (" + sheet.partner + ")"},
                    {"Bản số", std::to_string(sheet.number) + " – " + state_words(closing)},
                    {"Lần đối soát", sheet.run + ", lúc " + to_vietnamese_time_seconds(sheet.as_of)},
                    {"Bộ quy tắc (SHA-256)", to_hex(sheet.rules)},
                    {"Cộng", std::to_string(sheet.ledger.count) + " khoản, " + dong_text(sheet.ledger.sum.count())}};
    if (sheet.previous) report.facts.emplace_back("Tiếp theo bản (SHA-256)", to_hex(*sheet.previous));
    if (!closing.note.empty()) report.facts.emplace_back("Ghi chú", closing.note);
    report.sections = {figures_of(sheet, provider, bank), classes_of(classes), equations_of(sheet)};
    if (sheet.previous) report.sections.push_back(adjustments_of(sheet));
    report.sections.push_back(files_of(sheet));
    report.sections.push_back(breaks_of(sheet));
    report.signers = {{"Người lập", closing.prepared_by_name, to_vietnamese_time_seconds(closing.prepared_at)}, {"Người ký", "", ""}};
    if (closing.is_signed()) {
        report.signers.back().who = closing.decision->by_name;
        report.signers.back().when = to_vietnamese_time_seconds(closing.decision->at);
        report.notes.push_back("Chữ ký số của hệ thống (Ed25519, khoá " + to_hex(closing.decision->key_id) +
                               "): " + to_hex(closing.decision->signature));
    }
    return report;
}

}  // namespace cho40::api
