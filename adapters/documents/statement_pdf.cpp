#include "adapters/documents/statement_paper.h"
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
constexpr double row_height = 15, head_height = 132, later_head_height = 30, foot_height = 34;
constexpr double text_width = page_width - 2 * margin;

struct Column {
    char const* title;
    double width;
    bool right;
};
constexpr std::array columns = {
    Column{"Thời điểm", 96, false}, Column{"Số dòng", 48, true}, Column{"Tham chiếu", 134, false},
    Column{"Nợ", 74, true},         Column{"Có", 74, true},      Column{"Số dư", 85, true},
};
using Cells = std::array<std::string, columns.size()>;

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
        cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_TITLE, "Sao kê tài khoản");
        cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_CREATE_DATE, to_rfc3339(created).c_str());
    }

    enum class Weight { normal, bold };
    void text(std::string const& what, double x, double y, double width, double size, Weight weight = Weight::normal, bool right = false)
    {
        auto const font = fmt::format("Noto Sans {}{}", weight == Weight::bold ? "Bold " : "", size);
        std::unique_ptr<PangoFontDescription, void (*)(PangoFontDescription*)> const description(
            pango_font_description_from_string(font.c_str()), pango_font_description_free);
        // Points on paper: Pango thinks of 96 to the inch.
        pango_font_description_set_absolute_size(description.get(), size * PANGO_SCALE);
        pango_layout_set_font_description(layout_.get(), description.get());
        pango_layout_set_width(layout_.get(), static_cast<int>(width * PANGO_SCALE));
        pango_layout_set_height(layout_.get(), 0);
        pango_layout_set_ellipsize(layout_.get(), PANGO_ELLIPSIZE_END);
        pango_layout_set_alignment(layout_.get(), right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
        pango_layout_set_text(layout_.get(), what.data(), static_cast<int>(what.size()));
        cairo_move_to(pen_.get(), x, y);
        pango_cairo_show_layout(pen_.get(), layout_.get());
    }
    void rule(double y, double width)
    {
        cairo_set_line_width(pen_.get(), width);
        cairo_move_to(pen_.get(), margin, y);
        cairo_line_to(pen_.get(), page_width - margin, y);
        cairo_stroke(pen_.get());
    }
    void row(Cells const& cells, double y, Weight weight = Weight::normal)
    {
        auto x = margin;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            text(cells[i], x, y, columns[i].width - 6, 8.5, weight, columns[i].right);
            x += columns[i].width;
        }
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

Cells cells_of(StatementLine const& line, TimeAxis by)
{
    bool const debit = line.amount >= Dong();
    auto const amount = figure(debit ? line.amount : Dong(-line.amount.count()));
    return {to_vietnamese_time_seconds(by == TimeAxis::event ? line.event_at : line.recorded_at),
            std::to_string(line.seq),
            line.reference,
            debit ? amount : "",
            debit ? "" : amount,
            figure(line.balance)};
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
    fact("Sổ", fmt::format("{} ({})", paper.book_name, query.book.value));
    fact("Tài khoản", std::to_string(query.account.value));
    fact("Kỳ", fmt::format("{} – trước {}", to_vietnamese_time_seconds(query.from), to_vietnamese_time_seconds(query.to)));
    fact("Xếp theo", query.by == TimeAxis::event ? "thời điểm phát sinh" : "thời điểm ghi sổ");
    sheet.text("Đơn vị: đồng", margin, y, text_width, 8.5, Sheet::Weight::normal, true);
}

void draw_column_titles(Sheet& sheet, double y)
{
    Cells titles;
    for (std::size_t i = 0; i < columns.size(); ++i) titles[i] = columns[i].title;
    sheet.row(titles, y, Sheet::Weight::bold);
    sheet.rule(y + row_height - 1, 0.8);
}

}  // namespace

Result<std::string> statement_pdf(Statement const& statement, StatementPaper const& paper)
{
    auto const& totals = statement.totals;
    std::vector<std::pair<Cells, bool>> rows;  // and whether it is a sum
    rows.push_back({{"", "", "Số dư đầu kỳ", "", "", figure(totals.opening())}, true});
    for (auto const& line : statement.lines) rows.push_back({cells_of(line, statement.query.by), false});
    rows.push_back({{"", std::to_string(totals.lines()), "Cộng phát sinh", figure(totals.debits()), figure(totals.credits()), ""}, true});
    rows.push_back({{"", "", "Số dư cuối kỳ", "", "", figure(totals.closing())}, true});

    auto const room = [](double head) {
        return static_cast<std::size_t>((page_height - 2 * margin - head - row_height - foot_height) / row_height);
    };
    auto const first = room(head_height), later = room(later_head_height);
    auto const pages = rows.size() <= first ? 1 : 1 + (rows.size() - first + later - 1) / later;

    Sheet sheet(paper.printed_at);
    std::size_t next = 0;
    for (std::size_t page = 1; page <= pages; ++page) {
        auto y = margin + (page == 1 ? head_height : later_head_height);
        if (page == 1) draw_heading(sheet, statement, paper);
        else
            sheet.text(fmt::format("Sao kê tài khoản {} – {}", statement.query.account.value, paper.book_name), margin, margin, text_width,
                       9);
        draw_column_titles(sheet, y - row_height + 4);
        y += 8;
        for (std::size_t n = 0; n < (page == 1 ? first : later) && next < rows.size(); ++n, ++next) {
            auto const& [cells, sum] = rows[next];
            sheet.row(cells, y, sum ? Sheet::Weight::bold : Sheet::Weight::normal);
            y += row_height;
            sheet.rule(y - 2, 0.15);
        }
        auto const foot = page_height - margin - 12;
        sheet.text(fmt::format("In bởi {} lúc {}", paper.printed_by, to_vietnamese_time_seconds(paper.printed_at)), margin, foot,
                   text_width * 0.75, 8);
        sheet.text(fmt::format("Trang {}/{}", page, pages), margin, foot, text_width, 8, Sheet::Weight::normal, true);
        sheet.end_page();
    }
    return sheet.finish();
}

}  // namespace cho40::documents
