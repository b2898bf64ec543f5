#include "adapters/documents/statement_paper.h"
#include "adapters/documents/visible_text.h"
#include "base/text.h"
#include <array>
#include <cairo-pdf.h>
#include <fmt/format.h>
#include <memory>
#include <pango/pangocairo.h>

#if defined(__has_feature)
    #if __has_feature(address_sanitizer)
// The list of fonts is read once and kept for the life of the process; it hangs on pointers the sanitizer does not follow.
extern "C" char const* __lsan_default_suppressions() { return "leak:libfontconfig\n"; }
    #endif
#endif

namespace cho40::documents {
namespace {

using ledger::Statement;
using ledger::StatementLine;
using ledger::TimeAxis;

// A4 in points.
constexpr double page_width = 595.28, page_height = 841.89, margin = 42;
constexpr double head_height = 122, later_head_height = 24, titles_height = 30, foot_height = 24;
constexpr double text_width = page_width - 2 * margin;
constexpr double row_size = 8.5, note_size = 7;  // of letters
constexpr double row_height = 12, row_gap = 5;

// A line of the statement takes two of the paper: figures above, and under them which transfer it was and what it was for.
struct Column {
    char const* title;
    double width;
    bool right;
};
constexpr std::array columns = {
    Column{"Thời điểm", 92, false}, Column{"Số dòng", 44, true}, Column{"TK đối ứng", 74, true}, Column{"Mã", 32, true},
    Column{"Nợ", 84, true},         Column{"Có", 84, true},      Column{"Số dư", 101, true},
};
constexpr double column_gap = 6;
constexpr std::size_t label_columns = 4;  // what a sum is called takes their place
constexpr double transfer_width = 136;    // under them; the reference has the rest of the paper's width

struct PaperRow {
    std::array<std::string, columns.size()> cells;
    std::string transfer, reference;
    bool sum = false;
};

cairo_status_t append(void* out, unsigned char const* bytes, unsigned int size)
{
    static_cast<std::string*>(out)->append(reinterpret_cast<char const*>(bytes), size);
    return CAIRO_STATUS_SUCCESS;
}

class Sheet {
public:
    explicit Sheet(Instant created)
        : surface_(cairo_pdf_surface_create_for_stream(append, &bytes_, page_width, page_height), cairo_surface_destroy),
          pen_(cairo_create(surface_.get()), cairo_destroy), layout_(pango_cairo_create_layout(pen_.get()), g_object_unref)
    {
        // A text that reads from right to left stays in its place on the line, and one that is broken is given no hyphen.
        pango_layout_set_auto_dir(layout_.get(), FALSE);
        std::unique_ptr<PangoAttrList, void (*)(PangoAttrList*)> const attributes(pango_attr_list_new(), pango_attr_list_unref);
        pango_attr_list_insert(attributes.get(), pango_attr_insert_hyphens_new(FALSE));
        pango_layout_set_attributes(layout_.get(), attributes.get());
        cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_TITLE, "Sao kê tài khoản");
        cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_CREATE_DATE, to_rfc3339(created).c_str());
    }

    enum class Weight { normal, bold };
    // On one line. What is too wide is drawn smaller: nothing on a statement may be cut.
    void text(std::string const& what, double x, double y, double width, double size, Weight weight = Weight::normal, bool right = false)
    {
        lay_out(what, size, weight);
        pango_layout_set_width(layout_.get(), -1);
        if (auto const natural = size_of_layout().first; natural > width) lay_out(what, size * width / natural, weight);
        pango_layout_set_width(layout_.get(), static_cast<int>((width + 1) * PANGO_SCALE));
        pango_layout_set_alignment(layout_.get(), right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
        cairo_move_to(pen_.get(), right ? x - 1 : x, y);
        pango_cairo_show_layout(pen_.get(), layout_.get());
    }
    // On as many lines as it takes.
    void paragraph(std::string const& what, double x, double y, double width, double size)
    {
        lay_out_paragraph(what, width, size);
        cairo_move_to(pen_.get(), x, y);
        pango_cairo_show_layout(pen_.get(), layout_.get());
    }
    [[nodiscard]] double paragraph_height(std::string const& what, double width, double size)
    {
        lay_out_paragraph(what, width, size);
        return size_of_layout().second;
    }
    void rule(double y, double width)
    {
        cairo_set_line_width(pen_.get(), width);
        cairo_move_to(pen_.get(), margin, y);
        cairo_line_to(pen_.get(), page_width - margin, y);
        cairo_stroke(pen_.get());
    }
    void row(PaperRow const& row, double y)
    {
        auto const weight = row.sum ? Weight::bold : Weight::normal;
        auto x = margin;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            auto const width = row.sum && i == 0 ? label_width() : columns[i].width;
            text(row.cells[i], x, y, width - column_gap, row_size, weight, columns[i].right);
            x += columns[i].width;
        }
        if (row.transfer.empty()) return;
        text(row.transfer, margin, y + row_height, transfer_width - column_gap, note_size);
        paragraph(row.reference, margin + transfer_width, y + row_height, text_width - transfer_width, note_size);
    }
    [[nodiscard]] double height_of(PaperRow const& row)
    {
        if (row.transfer.empty()) return row_height + row_gap;
        return row_height + paragraph_height(row.reference, text_width - transfer_width, note_size) + row_gap;
    }
    void end_page() { cairo_show_page(pen_.get()); }
    [[nodiscard]] Result<std::string> finish()
    {
        pen_.reset();
        cairo_surface_finish(surface_.get());
        if (cairo_surface_status(surface_.get()) != CAIRO_STATUS_SUCCESS) return fail(Errc::internal_error, "the page could not be drawn");
        return std::move(bytes_);
    }

private:
    static double label_width()
    {
        double width = 0;
        for (std::size_t i = 0; i < label_columns; ++i) width += columns[i].width;
        return width;
    }
    void lay_out(std::string const& what, double size, Weight weight)
    {
        std::unique_ptr<PangoFontDescription, void (*)(PangoFontDescription*)> const font(
            pango_font_description_from_string(weight == Weight::bold ? "Noto Sans Bold" : "Noto Sans"), pango_font_description_free);
        // Points on paper: Pango thinks of 96 to the inch.
        pango_font_description_set_absolute_size(font.get(), size * PANGO_SCALE);
        pango_layout_set_font_description(layout_.get(), font.get());
        pango_layout_set_text(layout_.get(), what.data(), static_cast<int>(what.size()));
    }
    void lay_out_paragraph(std::string const& what, double width, double size)
    {
        lay_out(what, size, Weight::normal);
        pango_layout_set_width(layout_.get(), static_cast<int>(width * PANGO_SCALE));
        pango_layout_set_wrap(layout_.get(), PANGO_WRAP_WORD_CHAR);
        pango_layout_set_alignment(layout_.get(), PANGO_ALIGN_LEFT);
    }
    // Width and height.
    [[nodiscard]] std::pair<double, double> size_of_layout() const
    {
        int width = 0;
        int height = 0;
        pango_layout_get_size(layout_.get(), &width, &height);
        return {static_cast<double>(width) / PANGO_SCALE, static_cast<double>(height) / PANGO_SCALE};
    }

    std::string bytes_;
    std::unique_ptr<cairo_surface_t, void (*)(cairo_surface_t*)> surface_;
    std::unique_ptr<cairo_t, void (*)(cairo_t*)> pen_;
    std::unique_ptr<PangoLayout, void (*)(gpointer)> layout_;
};

std::string figure(Dong amount)
{
    auto text = dong_text(amount.count());
    return text.substr(0, text.rfind(' '));  // the unit stands in the heading
}

PaperRow row_of(StatementLine const& line, TimeAxis by)
{
    bool const debit = line.amount >= Dong();
    auto const amount = figure(debit ? line.amount : Dong(-line.amount.count()));
    PaperRow row;
    row.cells = {to_vietnamese_time_seconds(by == TimeAxis::event ? line.event_at : line.recorded_at),
                 std::to_string(line.seq),
                 std::to_string(line.other.value),
                 std::to_string(static_cast<int>(line.code)),
                 debit ? amount : "",
                 debit ? "" : amount,
                 figure(line.balance)};
    row.transfer = "trf_" + line.transfer.uuid.to_base32();
    row.reference = visible_text(line.reference);
    return row;
}

PaperRow sum_row(std::string label, std::string debits, std::string credits, std::string balance)
{
    PaperRow row;
    row.cells = {std::move(label), "", "", "", std::move(debits), std::move(credits), std::move(balance)};
    row.sum = true;
    return row;
}

void draw_heading(Sheet& sheet, Statement const& statement, StatementPaper const& paper)
{
    auto const& query = statement.query;
    sheet.text("SAO KÊ TÀI KHOẢN", margin, margin, text_width, 16, Sheet::Weight::bold);
    sheet.text("Chợ 4.0 – Quảng Ninh", margin, margin + 5, text_width, 9, Sheet::Weight::normal, true);
    auto y = margin + 30;
    auto const fact = [&](char const* name, std::string const& value) {
        sheet.text(name, margin, y, 90, 9.5);
        sheet.text(value, margin + 92, y, text_width - 92, 9.5, Sheet::Weight::bold);
        y += 16;
    };
    fact("Sổ", fmt::format("{} ({})", visible_text(paper.book_name), query.book.value));
    fact("Tài khoản", std::to_string(query.account.value));
    fact("Kỳ", fmt::format("{} – trước {}", to_vietnamese_time_seconds(query.from), to_vietnamese_time_seconds(query.to)));
    fact("Xếp theo", query.by == TimeAxis::event ? "thời điểm phát sinh" : "thời điểm ghi sổ");
    sheet.text("Đơn vị: đồng", margin, y, text_width, 8.5, Sheet::Weight::normal, true);
}

void draw_column_titles(Sheet& sheet, double y)
{
    auto x = margin;
    for (auto const& column : columns) {
        sheet.text(column.title, x, y, column.width - column_gap, row_size, Sheet::Weight::bold, column.right);
        x += column.width;
    }
    sheet.text("Mã giao dịch", margin, y + row_height, transfer_width - column_gap, note_size);
    sheet.text("Tham chiếu", margin + transfer_width, y + row_height, text_width - transfer_width, note_size);
    sheet.rule(y + titles_height - row_gap, 0.8);
}

// The first row of each page, and one after the last row.
std::vector<std::size_t> page_starts(Sheet& sheet, std::vector<PaperRow> const& rows)
{
    std::vector<std::size_t> starts{0};
    auto const room = page_height - 2 * margin - titles_height - foot_height;
    auto left = room - head_height;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto const height = sheet.height_of(rows[i]);
        if (height > left && i > starts.back()) {
            starts.push_back(i);
            left = room - later_head_height;
        }
        left -= height;
    }
    starts.push_back(rows.size());
    return starts;
}

}  // namespace

Result<std::string> statement_pdf(Statement const& statement, StatementPaper const& paper)
{
    auto const& totals = statement.totals;
    std::vector<PaperRow> rows;
    rows.push_back(sum_row("Số dư đầu kỳ", "", "", figure(totals.opening())));
    for (auto const& line : statement.lines) rows.push_back(row_of(line, statement.query.by));
    rows.push_back(sum_row(fmt::format("Cộng phát sinh ({} dòng)", totals.lines()), figure(totals.debits()), figure(totals.credits()), ""));
    rows.push_back(sum_row("Số dư cuối kỳ", "", "", figure(totals.closing())));

    Sheet sheet(paper.printed_at);
    auto const starts = page_starts(sheet, rows);
    auto const pages = starts.size() - 1;
    for (std::size_t page = 1; page <= pages; ++page) {
        auto y = margin + (page == 1 ? head_height : later_head_height);
        if (page == 1) draw_heading(sheet, statement, paper);
        else
            sheet.text(fmt::format("Sao kê tài khoản {} – {}", statement.query.account.value, visible_text(paper.book_name)), margin,
                       margin, text_width, 9);
        draw_column_titles(sheet, y);
        y += titles_height;
        for (auto i = starts[page - 1]; i < starts[page]; ++i) {
            sheet.row(rows[i], y);
            y += sheet.height_of(rows[i]);
            sheet.rule(y - row_gap / 2, 0.15);
        }
        auto const foot = page_height - margin - 12;
        sheet.text(fmt::format("In bởi {} lúc {}", visible_text(paper.printed_by), to_vietnamese_time_seconds(paper.printed_at)), margin,
                   foot, text_width * 0.75, 8);
        sheet.text(fmt::format("Trang {}/{}", page, pages), margin, foot, text_width, 8, Sheet::Weight::normal, true);
        sheet.end_page();
    }
    return sheet.finish();
}

}  // namespace cho40::documents
