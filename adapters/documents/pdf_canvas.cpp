#include "adapters/documents/pdf_canvas.h"
#include <cairo-pdf.h>
#include <numbers>
#include <pango/pangocairo.h>

namespace cho40::documents {
namespace {

constexpr double points_per_mm = 72 / 25.4;
constexpr double quiet_modules = 4;

cairo_status_t append(void* out, unsigned char const* bytes, unsigned int size)
{
    static_cast<std::string*>(out)->append(reinterpret_cast<char const*>(bytes), size);
    return CAIRO_STATUS_SUCCESS;
}

PangoAlignment pango_of(Align align)
{
    switch (align) {
    case Align::left: return PANGO_ALIGN_LEFT;
    case Align::centre: return PANGO_ALIGN_CENTER;
    case Align::right: return PANGO_ALIGN_RIGHT;
    }
    return PANGO_ALIGN_LEFT;
}

}  // namespace

PdfCanvas::PdfCanvas(double width, double height, double page_width_mm, std::string const& title, Instant created)
    : surface_(cairo_pdf_surface_create_for_stream(append, &bytes_, page_width_mm * points_per_mm,
                                                   page_width_mm * points_per_mm * height / width),
               cairo_surface_destroy),
      pen_(cairo_create(surface_.get()), cairo_destroy), layout_(pango_cairo_create_layout(pen_.get()), g_object_unref)
{
    cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_TITLE, title.c_str());
    cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_CREATE_DATE, to_rfc3339(created).c_str());
    auto const scale = page_width_mm * points_per_mm / width;
    cairo_scale(pen_.get(), scale, scale);
    // The layout measures before the scale and draws after it: hinted widths would differ between the two.
    std::unique_ptr<cairo_font_options_t, void (*)(cairo_font_options_t*)> const exact(cairo_font_options_create(),
                                                                                       cairo_font_options_destroy);
    cairo_font_options_set_hint_style(exact.get(), CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(exact.get(), CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(pango_layout_get_context(layout_.get()), exact.get());
    pango_layout_context_changed(layout_.get());
    // A name that reads from right to left stays in its place, and a word that is broken is given no hyphen.
    pango_layout_set_auto_dir(layout_.get(), FALSE);
    std::unique_ptr<PangoAttrList, void (*)(PangoAttrList*)> const attributes(pango_attr_list_new(), pango_attr_list_unref);
    pango_attr_list_insert(attributes.get(), pango_attr_insert_hyphens_new(FALSE));
    pango_layout_set_attributes(layout_.get(), attributes.get());
    pango_layout_set_wrap(layout_.get(), PANGO_WRAP_WORD_CHAR);
}

double PdfCanvas::text(std::string const& what, double x, double y, double width, double height_max, TextStyle const& style)
{
    lay_out(what, width, height_max, style);
    use(style.colour);
    cairo_move_to(pen_.get(), x, y);
    pango_cairo_show_layout(pen_.get(), layout_.get());
    return laid_out_height();
}

double PdfCanvas::text_height(std::string const& what, double width, double height_max, TextStyle const& style)
{
    lay_out(what, width, height_max, style);
    return laid_out_height();
}

void PdfCanvas::lay_out(std::string const& what, double width, double height_max, TextStyle const& style)
{
    constexpr double step = 0.96, smallest = 1;
    pango_layout_set_text(layout_.get(), what.data(), static_cast<int>(what.size()));
    pango_layout_set_alignment(layout_.get(), pango_of(style.align));
    pango_layout_set_width(layout_.get(), static_cast<int>(width * PANGO_SCALE));
    std::unique_ptr<PangoFontDescription, void (*)(PangoFontDescription*)> const font(
        pango_font_description_from_string(style.weight == Weight::bold ? "Noto Sans Bold" : "Noto Sans"), pango_font_description_free);
    for (auto size = style.size; size > smallest; size *= step) {
        pango_font_description_set_absolute_size(font.get(), size * PANGO_SCALE);
        pango_layout_set_font_description(layout_.get(), font.get());
        if (laid_out_height() <= height_max) return;
    }
}

double PdfCanvas::laid_out_height() const
{
    int width = 0;
    int height = 0;
    pango_layout_get_size(layout_.get(), &width, &height);
    return static_cast<double>(height) / PANGO_SCALE;
}

void PdfCanvas::use(Colour const& colour) { cairo_set_source_rgb(pen_.get(), colour.red, colour.green, colour.blue); }

void PdfCanvas::rounded(Box const& box, double radius)
{
    constexpr auto right_angle = std::numbers::pi / 2;
    auto const right = box.x + box.width;
    auto const bottom = box.y + box.height;
    cairo_new_sub_path(pen_.get());
    cairo_arc(pen_.get(), right - radius, box.y + radius, radius, -right_angle, 0);
    cairo_arc(pen_.get(), right - radius, bottom - radius, radius, 0, right_angle);
    cairo_arc(pen_.get(), box.x + radius, bottom - radius, radius, right_angle, 2 * right_angle);
    cairo_arc(pen_.get(), box.x + radius, box.y + radius, radius, 2 * right_angle, 3 * right_angle);
    cairo_close_path(pen_.get());
}

void PdfCanvas::fill(Box const& box, Colour const& colour, double radius)
{
    use(colour);
    rounded(box, radius);
    cairo_fill(pen_.get());
}

void PdfCanvas::outline(Box const& box, Colour const& colour, double line_width, double radius)
{
    use(colour);
    cairo_set_line_width(pen_.get(), line_width);
    rounded(box, radius);
    cairo_stroke(pen_.get());
}

void PdfCanvas::symbol(QrModules const& modules, double x, double y, double side)
{
    auto const module = side / (modules.side + 2 * quiet_modules);
    fill({x, y, side, side}, {1, 1, 1});
    use({0, 0, 0});
    // One path: what lies between two modules is inside it, so no viewer shows a seam there.
    for (int row = 0; row < modules.side; ++row) {
        for (int column = 0; column < modules.side; ++column) {
            auto const dark = [&](int c) { return modules.dark[static_cast<std::size_t>(row * modules.side + c)]; };
            if (!dark(column)) continue;
            int const begin = column;
            while (column < modules.side && dark(column)) ++column;
            cairo_rectangle(pen_.get(), x + (quiet_modules + begin) * module, y + (quiet_modules + row) * module, (column - begin) * module,
                            module);
        }
    }
    cairo_fill(pen_.get());
}

void PdfCanvas::next_page() { cairo_show_page(pen_.get()); }

Result<std::string> PdfCanvas::finish()
{
    cairo_show_page(pen_.get());
    pen_.reset();
    cairo_surface_finish(surface_.get());
    if (cairo_surface_status(surface_.get()) != CAIRO_STATUS_SUCCESS) return fail(Errc::internal_error, "the page could not be drawn");
    return std::move(bytes_);
}

}  // namespace cho40::documents
