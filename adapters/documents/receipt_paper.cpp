#include "adapters/documents/receipt_paper.h"
#include "adapters/documents/pdf_canvas.h"
#include "adapters/documents/visible_text.h"
#include "base/text.h"
#include "base/vietnamese_number.h"
#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace cho40::documents {
namespace {

using fees::Receipt;
using fees::ReceiptEntryKind;
using fees::ReceiptState;

constexpr double points_per_mm = 72 / 25.4;
constexpr double no_limit = 5000;  // of a text that may take the lines it needs
constexpr Colour ink{0.071, 0.129, 0.118}, ink_soft{0.251, 0.314, 0.294}, jade{0.043, 0.310, 0.275}, red{0.70, 0.09, 0.09};

// In points. Thermal printers leave a border of their own: of 80 mm they print on 72, of 58 on 48.
struct Page {
    ReceiptPaper paper;
    std::string_view name;
    double width_mm, margin_mm;
    double height_mm;  // 0: as long as it has to be
    double letters;    // size of ordinary text
    double symbol_mm;
};
constexpr std::array pages{
    Page{ReceiptPaper::a5, "a5", 148, 11, 210, 9.5, 30},
    Page{ReceiptPaper::a4, "a4", 210, 18, 297, 11.5, 36},
    Page{ReceiptPaper::slip_80mm, "80mm", 80, 4, 0, 8.5, 34},
    Page{ReceiptPaper::slip_58mm, "58mm", 58, 5, 0, 7.5, 32},
};

Page const& page_of(ReceiptPaper paper) { return *std::ranges::find(pages, paper, &Page::paper); }

// Goes down a column of the page; measures or draws, by the same steps.
class Flow {
public:
    enum class Doing { measure, draw };
    Flow(PdfCanvas& canvas, double x, double width, double y, Doing doing) : canvas_(canvas), x_(x), width_(width), y_(y), doing_(doing) {}

    // Part of a row: a share of the width, from the left.
    struct Cell {
        std::string what;
        double share;
        TextStyle style;
    };

    void row(std::vector<Cell> const& cells)
    {
        constexpr double between = 4;
        double left = x_;
        double highest = 0;
        for (auto const& cell : cells) {
            auto const column = cell.share * width_;
            auto const room = column - (&cell == &cells.back() ? 0 : between);
            if (!cell.what.empty()) highest = std::max(highest, put(cell.what, left, room, cell.style));
            left += column;
        }
        y_ += highest;
    }
    void text(std::string const& what, TextStyle const& style)
    {
        if (!what.empty()) y_ += put(what, x_, width_, style);
    }
    void gap(double height) { y_ += height; }
    void rule()
    {
        constexpr double thickness = 0.5, around = 3;
        y_ += around;
        if (doing_ == Doing::draw) canvas_.fill({x_, y_, width_, thickness}, ink_soft);
        y_ += thickness + around;
    }
    // In a frame, so that nobody overlooks it.
    void notice(std::string const& what, TextStyle const& style)
    {
        constexpr double padding = 5;
        auto const height = canvas_.text_height(what, width_ - 2 * padding, no_limit, style);
        if (doing_ == Doing::draw) {
            canvas_.outline({x_, y_, width_, height + 2 * padding}, style.colour, 1.2, 4);
            canvas_.text(what, x_ + padding, y_ + padding, width_ - 2 * padding, no_limit, style);
        }
        y_ += height + 2 * padding;
    }
    void symbol_centred(QrModules const& modules, double side)
    {
        if (doing_ == Doing::draw) canvas_.symbol(modules, x_ + (width_ - side) / 2, y_, side);
        y_ += side;
    }
    // The symbol on the left and a flow of its own beside it.
    template <class Write>
    void symbol_beside(QrModules const& modules, double side, Write write)
    {
        constexpr double space = 10;
        if (doing_ == Doing::draw) canvas_.symbol(modules, x_, y_, side);
        Flow beside(canvas_, x_ + side + space, width_ - side - space, y_, doing_);
        write(beside);
        y_ = std::max(y_ + side, beside.y());
    }

    [[nodiscard]] double y() const { return y_; }

private:
    double put(std::string const& what, double x, double width, TextStyle const& style)
    {
        return doing_ == Doing::draw ? canvas_.text(what, x, y_, width, no_limit, style)
                                     : canvas_.text_height(what, width, no_limit, style);
    }

    PdfCanvas& canvas_;
    double x_, width_, y_;
    Doing doing_;
};

// --- what it says ------------------------------------------------------------------------------------------------------

std::string title_of(Receipt const& r) { return r.kind == fees::FeeKind::phi ? "BIÊN LAI THU PHÍ" : "BIÊN LAI THU LỆ PHÍ"; }
std::string_view title_en(Receipt const& r) { return r.kind == fees::FeeKind::phi ? "Fee receipt" : "Charge receipt"; }

std::string long_date(Instant when)
{
    auto const day = Day::of(when);
    return fmt::format("Ngày {:02} tháng {:02} năm {}", day.day(), day.month(), day.year());
}

std::string fact(std::string_view what, std::string_view value) { return fmt::format("{}: {}", what, visible_text(value)); }

// What the paper is worth when it is not worth what it says; "" when it is.
std::string worth_of(Receipt const& r)
{
    if (r.state == ReceiptState::cancelled) return "ĐÃ HỦY – không còn giá trị. Lý do: " + visible_text(r.state_reason);
    if (r.state == ReceiptState::replaced) {
        auto const by = r.replaced_by ? " bởi biên lai " + r.replaced_by->to_string() : std::string();
        return "ĐÃ ĐƯỢC THAY THẾ" + by + " – không còn giá trị. Lý do: " + visible_text(r.state_reason);
    }
    auto const back = r.given_back();
    if (back.is_positive()) {
        if (back == r.total) return "ĐÃ HOÀN toàn bộ " + dong_text(back.count()) + " – không còn giá trị.";
        return fmt::format("ĐÃ HOÀN {} – còn giá trị {}.", dong_text(back.count()), dong_text(r.total.count() - back.count()));
    }
    if (r.state == ReceiptState::adjusted) return "ĐÃ ĐIỀU CHỈNH: " + visible_text(r.state_reason);
    return {};
}

std::vector<std::string> entry_lines(Receipt const& r)
{
    std::vector<std::string> out;
    for (auto const& entry : r.entries) {
        auto const* what = entry.kind == ReceiptEntryKind::given_back ? "hoàn cho người nộp"
                                                                      : "ngân hàng trả lại, người nộp chưa nhận được";
        out.push_back(fmt::format("{}: {} {}", to_vietnamese_time(entry.at), what, dong_text(entry.amount.count())));
    }
    return out;
}

// Twelve characters in groups of four.
std::string grouped(std::string_view code)
{
    std::string out;
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (i > 0 && i % 4 == 0) out += '-';
        out += code[i];
    }
    return out;
}

// The link without what follows the page's address: what a person types.
std::string typed_address(std::string const& url)
{
    auto const begin = url.find("://");
    auto const from = begin == url.npos ? 0 : begin + 3;
    return url.substr(from, url.find('?') - from);
}

struct Styles {
    TextStyle plain, bold, soft, right, bold_right, centre, title, amount;
};

Styles styles_of(double letters)
{
    Styles s;
    s.plain = {letters, Weight::normal, ink, Align::left};
    s.bold = {letters, Weight::bold, ink, Align::left};
    s.soft = {letters * 0.85, Weight::normal, ink_soft, Align::left};
    s.right = {letters, Weight::normal, ink, Align::right};
    s.bold_right = {letters, Weight::bold, ink, Align::right};
    s.centre = {letters, Weight::normal, ink, Align::centre};
    s.title = {letters * 1.7, Weight::bold, jade, Align::centre};
    s.amount = {letters * 1.25, Weight::bold, ink, Align::right};
    return s;
}

std::string number_text(Receipt const& r) { return fmt::format("{:08}", r.number.number); }

void write_collector(Flow& flow, Receipt const& r, Styles const& s)
{
    flow.text(visible_text(r.collector_name), s.bold);
    flow.text(fact("Mã số thuế", r.collector_tax_code), s.plain);
    if (!r.collector_address.empty()) flow.text(fact("Địa chỉ", r.collector_address), s.plain);
    if (r.delegate) flow.text(fact("Bên được ủy quyền thu", r.delegate->name + ", " + r.delegate->address), s.plain);
}

void write_title(Flow& flow, Receipt const& r, Styles const& s)
{
    auto soft = s.soft;
    soft.align = Align::centre;
    flow.text(title_of(r), s.title);
    flow.text(std::string(title_en(r)), soft);
    flow.text(fmt::format("{} ({})", long_date(r.issued_at), to_vietnamese_time(r.issued_at)), s.centre);
    if (auto const worth = worth_of(r); !worth.empty()) {
        auto notice = s.bold;
        notice.colour = red;
        notice.align = Align::centre;
        flow.gap(6);
        flow.notice(worth, notice);
    }
}

void write_payer(Flow& flow, Receipt const& r, Styles const& s)
{
    flow.text(fact("Người nộp", r.payer_name), s.bold);
    flow.text(fact("Mã hồ sơ", r.dossier_code), s.plain);
    flow.text(fact("Thông báo nộp", grouped(r.notice_code)), s.plain);
}

void write_after(Flow& flow, Receipt const& r, Styles const& s)
{
    flow.text("Số tiền bằng chữ: " + capitalised(r.words) + ".", s.bold);
    if (r.replaces) flow.text("Thay thế cho biên lai " + r.replaces->to_string(), s.plain);
    auto const entries = entry_lines(r);
    if (!entries.empty()) flow.text("Sau khi lập:", s.plain);
    for (auto const& entry : entries) flow.text(entry, s.plain);
}

void write_proof(Flow& flow, ReceiptPrint const& print, Styles const& s)
{
    auto const& r = print.receipt;
    flow.text(fact("Mã tra cứu", grouped(r.lookup_code)), s.bold);
    flow.text("Ai cũng kiểm tra được: quét mã, hoặc gõ mã tra cứu tại", s.plain);
    flow.text(typed_address(print.verify_url), s.plain);
    flow.text("Anyone may verify: scan, or type the code there.", s.soft);
    if (!print.signed_by.empty()) flow.text(fact("Ký số bởi", print.signed_by), s.soft);
    flow.text("SHA-256: " + r.digest, s.soft);
}

void write_sheet(Flow& flow, ReceiptPrint const& print, QrModules const& modules, double symbol, Styles const& s)
{
    constexpr double content = 0.60, subitem = 0.15, amount = 0.25;
    auto const& r = print.receipt;
    flow.row({{fact("Mẫu số", form_code(r.number.form)), 0.34, s.plain},
              {fact("Ký hiệu", r.number.symbol), 0.33, s.centre},
              {fact("Số", number_text(r)), 0.33, s.bold_right}});
    flow.rule();
    write_collector(flow, r, s);
    flow.gap(10);
    write_title(flow, r, s);
    flow.gap(8);
    write_payer(flow, r, s);
    flow.rule();
    flow.row({{r.kind == fees::FeeKind::phi ? "Tên loại phí" : "Tên loại lệ phí", content, s.soft},
              {"Tiểu mục", subitem, s.soft},
              {"Số tiền", amount, s.right}});
    flow.rule();
    for (auto const& line : r.lines) {
        flow.row({{visible_text(line.name_vi), content, s.plain},
                  {line.budget_subitem, subitem, s.plain},
                  {dong_text(line.amount.count()), amount, s.right}});
        flow.gap(2);
    }
    flow.rule();
    flow.row({{"Tổng số tiền", content, s.bold}, {dong_text(r.total.count()), subitem + amount, s.amount}});
    flow.gap(4);
    write_after(flow, r, s);
    flow.gap(8);
    flow.symbol_beside(modules, symbol, [&](Flow& beside) { write_proof(beside, print, s); });
}

void write_slip(Flow& flow, ReceiptPrint const& print, QrModules const& modules, double symbol, Styles const& s)
{
    auto const& r = print.receipt;
    write_collector(flow, r, s);
    flow.gap(6);
    write_title(flow, r, s);
    flow.gap(4);
    flow.text(fact("Mẫu số", form_code(r.number.form)), s.plain);
    flow.text(fact("Ký hiệu", r.number.symbol), s.plain);
    flow.text(fact("Số", number_text(r)), s.bold);
    flow.rule();
    write_payer(flow, r, s);
    flow.rule();
    for (auto const& line : r.lines) {
        flow.text(visible_text(line.name_vi), s.plain);
        flow.row({{line.budget_subitem.empty() ? "" : fact("Tiểu mục", line.budget_subitem), 0.5, s.soft},
                  {dong_text(line.amount.count()), 0.5, s.right}});
        flow.gap(2);
    }
    flow.rule();
    flow.row({{"Tổng", 0.3, s.bold}, {dong_text(r.total.count()), 0.7, s.amount}});
    write_after(flow, r, s);
    flow.gap(6);
    flow.symbol_centred(modules, symbol);
    flow.gap(2);
    write_proof(flow, print, s);
}

double write(PdfCanvas& canvas, ReceiptPrint const& print, QrModules const& modules, Page const& page, double scale, Flow::Doing doing)
{
    bool const is_slip = page.height_mm == 0;
    auto const margin = page.margin_mm * points_per_mm * scale;
    auto const width = page.width_mm * points_per_mm * scale;
    Flow flow(canvas, margin, width - 2 * margin, margin, doing);
    auto const styles = styles_of(page.letters);
    auto const symbol = page.symbol_mm * points_per_mm * scale;  // as large on the paper, however small the letters
    if (is_slip) write_slip(flow, print, modules, symbol, styles);
    else write_sheet(flow, print, modules, symbol, styles);
    return flow.y() + margin;
}

}  // namespace

std::optional<ReceiptPaper> receipt_paper_named(std::string_view name)
{
    auto const found = std::ranges::find(pages, name, &Page::name);
    return found == pages.end() ? std::nullopt : std::optional(found->paper);
}

Result<std::string> receipt_pdf(ReceiptPrint const& print, ReceiptPaper paper)
{
    auto const& page = page_of(paper);
    CHO_TRY(auto const modules, qr_modules(print.verify_url));
    auto const title = fmt::format("{} {}", title_of(print.receipt), print.receipt.number.to_string());
    auto const width = page.width_mm * points_per_mm;
    auto const canvas_of = [&](double scale, double height) {
        return PdfCanvas(width * scale, height, page.width_mm, title, print.receipt.issued_at);
    };
    auto const height_with = [&](double scale) {
        auto ruler = canvas_of(scale, width * scale);
        return write(ruler, print, modules, page, scale, Flow::Doing::measure);
    };
    if (page.height_mm == 0) {
        auto canvas = canvas_of(1, height_with(1));
        write(canvas, print, modules, page, 1, Flow::Doing::draw);
        return canvas.finish();
    }
    // The page is made wider and higher in points until everything has room, which makes the letters smaller on paper.
    constexpr double step = 1.06, smallest = 6;
    double scale = 1;
    while (scale < smallest && height_with(scale) > page.height_mm * points_per_mm * scale) scale *= step;
    auto canvas = canvas_of(scale, page.height_mm * points_per_mm * scale);
    write(canvas, print, modules, page, scale, Flow::Doing::draw);
    return canvas.finish();
}

}  // namespace cho40::documents
