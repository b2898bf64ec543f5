#include "adapters/documents/report_pdf.h"
#include "adapters/documents/pdf_canvas.h"
#include "adapters/documents/visible_text.h"
#include <algorithm>
#include <fmt/format.h>
#include <functional>

namespace cho40::documents {
namespace {

// A4 in points.
constexpr double page_width = 595.28, page_height = 841.89, page_width_mm = 210, margin = 42;
constexpr double text_width = page_width - 2 * margin, bottom = page_height - margin - 34;
constexpr double column_gap = 6, row_gap = 4, section_gap = 14;
constexpr double unlimited = 10'000;  // of height: what wraps is never made smaller
constexpr Colour ink{0, 0, 0}, grey{0.35, 0.35, 0.35}, line{0.75, 0.75, 0.75};
constexpr double fact_width = 130;

TextStyle style(double size, Weight weight = Weight::normal, Align align = Align::left, Colour colour = ink)
{
    return {size, weight, colour, align};
}

// Lays the report out from top to bottom. Done twice: the first time to know how many pages there are.
class Layout {
public:
    Layout(Report const& report, int pages)
        : report_(report), pages_(pages), canvas_(page_width, page_height, page_width_mm, report.title, report.printed_at)
    {
    }

    void draw()
    {
        heading();
        for (auto const& section : report_.sections) table(section);
        signers();
        for (auto const& note : report_.notes) paragraph(note, style(8, Weight::normal, Align::left, grey));
        foot();
    }
    [[nodiscard]] int pages() const { return page_; }
    [[nodiscard]] Result<std::string> finish() { return canvas_.finish(); }

private:
    // What does not fit any more begins a new page; `again` is drawn at its top.
    void need(double height, std::function<void()> const& again = {})
    {
        if (y_ + height <= bottom) return;
        foot();
        canvas_.next_page();
        ++page_;
        y_ = margin;
        if (again) again();
    }
    void paragraph(std::string const& text, TextStyle const& as)
    {
        auto const height = canvas_.text_height(text, text_width, unlimited, as);
        need(height);
        y_ += canvas_.text(text, margin, y_, text_width, unlimited, as) + 2;
    }
    void heading()
    {
        canvas_.text("Chợ 4.0 – Quảng Ninh", margin, margin - 16, text_width, 14, style(8.5, Weight::normal, Align::right, grey));
        y_ += canvas_.text(report_.title, margin, y_, text_width, unlimited, style(16, Weight::bold)) + 8;
        for (auto const& [name, value] : report_.facts) {
            auto const shown = visible_text(value);
            auto const width = text_width - fact_width;
            need(canvas_.text_height(shown, width, unlimited, style(9.5, Weight::bold)));
            canvas_.text(name, margin, y_, fact_width - column_gap, unlimited, style(9.5));
            y_ += canvas_.text(shown, margin + fact_width, y_, width, unlimited, style(9.5, Weight::bold)) + 2;
        }
    }
    void rule(double height, Colour const& colour) { canvas_.fill({margin, y_, text_width, height}, colour); }

    [[nodiscard]] static std::vector<double> widths_of(ReportSection const& section)
    {
        double shares = 0;
        for (auto const& column : section.columns) shares += column.share;
        std::vector<double> widths;
        for (auto const& column : section.columns) widths.push_back(text_width * column.share / shares);
        return widths;
    }
    double row_height(std::vector<std::string> const& cells, std::vector<double> const& widths, TextStyle const& as)
    {
        double height = 0;
        for (std::size_t i = 0; i < cells.size(); ++i)
            height = std::max(height, canvas_.text_height(cells[i], widths[i] - column_gap, unlimited, as));
        return height;
    }
    void row(std::vector<std::string> const& cells, ReportSection const& section, std::vector<double> const& widths, TextStyle as,
             double height)
    {
        auto x = margin;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            as.align = section.columns[i].right ? Align::right : Align::left;
            canvas_.text(cells[i], x, y_, widths[i] - column_gap, unlimited, as);
            x += widths[i];
        }
        y_ += height + row_gap;
    }
    void table(ReportSection const& section)
    {
        constexpr double least = 60;  // a title alone at the foot of a page is no use
        y_ += section_gap;
        need(least);
        y_ += canvas_.text(section.title, margin, y_, text_width, unlimited, style(11, Weight::bold)) + 4;
        if (section.rows.empty()) {
            paragraph(section.when_empty, style(8.5, Weight::normal, Align::left, grey));
            return;
        }
        auto const widths = widths_of(section);
        std::vector<std::string> titles;
        for (auto const& column : section.columns) titles.push_back(column.title);
        auto const bold = style(8, Weight::bold);
        auto const draw_titles = [&] {
            row(titles, section, widths, bold, row_height(titles, widths, bold));
            rule(0.8, ink);
            y_ += row_gap / 2;
        };
        draw_titles();
        auto const plain = style(8);
        for (auto const& cells : section.rows) {
            std::vector<std::string> shown;
            for (auto const& cell : cells) shown.push_back(visible_text(cell));
            auto const height = row_height(shown, widths, plain);
            need(height + row_gap, draw_titles);
            row(shown, section, widths, plain, height);
            rule(0.3, line);
            y_ += 1;
        }
    }
    void signers()
    {
        if (report_.signers.empty()) return;
        constexpr double height = 96;
        y_ += section_gap;
        need(height);
        auto const width = text_width / static_cast<double>(report_.signers.size());
        auto x = margin;
        for (auto const& signer : report_.signers) {
            canvas_.text(signer.as, x, y_, width - column_gap, 24, style(9, Weight::bold, Align::centre));
            canvas_.text(visible_text(signer.who), x, y_ + 52, width - column_gap, 24, style(9, Weight::normal, Align::centre));
            canvas_.text(signer.when, x, y_ + 66, width - column_gap, 24, style(8, Weight::normal, Align::centre, grey));
            x += width;
        }
        y_ += height;
    }
    void foot()
    {
        auto const y = page_height - margin - 22;
        auto const small = style(7, Weight::normal, Align::left, grey);
        canvas_.text("SHA-256 " + report_.sha256, margin, y, text_width, 10, small);
        canvas_.text(fmt::format("In bởi {} lúc {}", visible_text(report_.printed_by), to_vietnamese_time_seconds(report_.printed_at)),
                     margin, y + 11, text_width * 0.8, 10, small);
        canvas_.text(fmt::format("Trang {}/{}", page_, pages_), margin, y + 11, text_width, 10,
                     style(7, Weight::normal, Align::right, grey));
    }

    Report const& report_;
    int pages_;
    PdfCanvas canvas_;
    double y_ = margin;
    int page_ = 1;
};

}  // namespace

Result<std::string> report_pdf(Report const& report)
{
    Layout measured(report, 1);
    measured.draw();
    Layout drawn(report, measured.pages());
    drawn.draw();
    return drawn.finish();
}

}  // namespace cho40::documents
