#include "adapters/api/remittance_files.h"
#include "adapters/documents/report_pdf.h"
#include "adapters/statements/pain_writer.h"
#include "base/csv.h"
#include "base/digest.h"
#include "base/text.h"
#include "base/working_days.h"
#include "qr-pay/banks.h"
#include <algorithm>

namespace cho40::api {
namespace {

using fees::FeeKind;
using fees::RegisteredAgency;
using fees::Remittance;
using fees::RemittanceOrder;

std::string period_text(Remittance const& r) { return r.plan.period.from.to_vietnamese() + "-" + r.plan.period.to.to_vietnamese(); }

std::string letters_and_digits(std::string_view account)
{
    std::string out;
    for (char const c : account) {
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) out += c;
    }
    return out;
}

Day ordered_on(RemittanceOrder const& order, Remittance const& remittance)
{
    return Day::of(order.ordered_at.value_or(remittance.made_at));
}

std::string bank_name(std::string const& bin)
{
    auto const* bank = qr_pay::Banks::current().find(bin);
    return bank ? bank->short_name + " (" + bin + ")" : bin;
}

}  // namespace

Result<std::string> remittance_pain001(RegisteredAgency const& agency, Remittance const& remittance, RemittanceOrder const& order,
                                       fees::Treasuries const& treasuries)
{
    if (order.state == fees::OrderState::due || order.state == fees::OrderState::dropped) {
        return fail(
            Error(Errc::invalid_state, "the order is " + std::string(fees::order_state_name(order.state)) + ": there is nothing to pay")
                .vi("Lệnh nộp chưa được duyệt hoặc đã bỏ nên chưa có tệp lệnh chi."));
    }
    auto const day = ordered_on(order, remittance);
    auto const* treasury = treasuries.find(order.plan.treasury_code, day);
    if (treasury == nullptr) {
        return fail(Error(Errc::invalid_state, "which bank takes money for treasury " + order.plan.treasury_code + " is not known")
                        .vi("Chưa có ngân hàng ủy nhiệm thu của Kho bạc " + order.plan.treasury_code + "."));
    }
    statements::PayoutOrder out;
    out.id = order.code.text() + "-" + std::to_string(order.attempt);
    out.created_at = order.ordered_at.value_or(remittance.made_at);
    out.execution = WorkingDays::embedded().first_working_day_from(day);
    out.debtor = {agency.facts.account_name, agency.account.account_number, {agency.account.bank_bin, ""}};
    statements::PayoutTransfer transfer;
    transfer.end_to_end_id = order.code.text();
    transfer.amount = order.plan.total;
    transfer.creditor = {treasury->name_vi, letters_and_digits(order.plan.treasury_account), {treasury->bank_bin, ""}};
    transfer.remittance = order.code.text() + " NOP NSNN KY " + period_text(remittance) + " CQT " + order.plan.collecting_office;
    if (!agency.facts.tax_code.empty()) transfer.remittance += " MST " + agency.facts.tax_code;
    out.transfers.push_back(std::move(transfer));
    return statements::write_pain001(out);
}

RemittanceSheet remittance_sheet(Remittance const& remittance)
{
    RemittanceSheet out;
    auto& csv = out.csv;
    csv = "\xEF\xBB\xBF"
          "row,reference,treasury,office,account,chapter,subitem,area,kind,amount,count,sha256\r\n";
    std::int64_t count = 0, sum = 0;
    for (auto const& order : remittance.orders) {
        for (auto const& line : order.plan.lines) {
            csv += "line," + order.code.text();
            for (auto const& cell : {order.plan.treasury_code, order.plan.collecting_office, order.plan.treasury_account, line.chapter,
                                     line.subitem, line.area})
                csv += "," + csv_cell(cell);
            csv += line.fee_kind == FeeKind::phi ? ",phi," : ",le_phi,";
            csv += std::to_string(line.amount.count()) + ",,\r\n";
            ++count;
            sum += line.amount.count();  // parts of what check_sums() added up
        }
    }
    out.sha256 = to_hex(sha256(csv));
    csv += "total,,,,,,,,," + std::to_string(sum) + "," + std::to_string(count) + "," + out.sha256 + "\r\n";
    return out;
}

Result<std::string> remittance_pdf(RegisteredAgency const& agency, Remittance const& remittance, RemittanceOrder const& order,
                                   fees::Treasuries const& treasuries, fees::FeeTables const& tables, RemittancePrint const& print)
{
    auto const day = ordered_on(order, remittance);
    auto const* treasury = treasuries.find(order.plan.treasury_code, day);
    documents::Report paper;
    paper.title = "Lệnh nộp tiền vào ngân sách nhà nước (theo mẫu 02, Nghị định 347/2025/NĐ-CP)";
    paper.facts = {{"Số tham chiếu", order.code.text()},
                   {"Hình thức, loại tiền", "Chuyển khoản, VND"},
                   {"Người nộp tiền", agency.facts.name_vi},
                   {"Mã số thuế", agency.facts.tax_code},
                   {"Địa chỉ", agency.facts.address},
                   {"Trích tài khoản số", agency.account.account_number + ", ngân hàng " + bank_name(agency.account.bank_bin)},
                   {"Nộp vào tài khoản", order.plan.treasury_account},
                   {"Cơ quan quản lý thu", order.plan.collecting_office},
                   {"Tại Kho bạc Nhà nước", order.plan.treasury_code + (treasury ? " " + treasury->name_vi : "")},
                   {"Ngân hàng ủy nhiệm thu", treasury ? bank_name(treasury->bank_bin) : "chưa có"},
                   {"Kỳ", period_text(remittance)},
                   {"Tổng số tiền", dong_text(order.plan.total.count())},
                   {"Bằng chữ", order.plan.words}};
    documents::ReportSection lines;
    lines.title = "Nội dung nộp";
    lines.columns = {{"STT", 0.5, true},     {"Nội dung", 4, false}, {"Chương", 0.9, false},
                     {"Tiểu mục", 1, false}, {"Địa bàn", 1, false},  {"Số tiền", 1.6, true}};
    for (std::size_t i = 0; i < order.plan.lines.size(); ++i) {
        auto const& line = order.plan.lines[i];
        auto const* subitem = tables.budget_subitem(line.subitem);
        auto const what = subitem ? subitem->name_vi : std::string(line.fee_kind == FeeKind::phi ? "Phí" : "Lệ phí");
        lines.rows.push_back({std::to_string(i + 1), what, line.chapter, line.subitem, line.area, dong_text(line.amount.count())});
    }
    paper.sections.push_back(std::move(lines));
    bool const is_decided = remittance.state == fees::RemittanceState::approved;
    paper.signers = {{"Người lập", "", to_vietnamese_time(remittance.made_at)},
                     {"Người duyệt", "", is_decided ? to_vietnamese_time(*remittance.decided_at) : ""},
                     {"Kho bạc Nhà nước", "", ""}};
    paper.notes = {"Phần Kho bạc ghi: mã cơ quan thu, mã nguồn, tài khoản Nợ và Có."};
    if (!is_decided) paper.notes.push_back("Chưa được duyệt: không dùng để chi tiền.");
    paper.sha256 = remittance_sheet(remittance).sha256;
    paper.printed_by = print.by;
    paper.printed_at = print.at;
    return documents::report_pdf(paper);
}

}  // namespace cho40::api
