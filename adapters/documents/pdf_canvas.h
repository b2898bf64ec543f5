#pragma once
#include "adapters/documents/qr_picture.h"
#include "base/time.h"
#include <memory>

typedef struct _cairo cairo_t;
typedef struct _cairo_surface cairo_surface_t;
typedef struct _PangoLayout PangoLayout;

namespace cho40::documents {

struct Colour {
    double red, green, blue;
};

struct Box {
    double x, y, width, height;
};

enum class Weight { normal, bold };
enum class Align { left, centre, right };

struct TextStyle {
    double size;  // of letters, in the canvas's units
    Weight weight = Weight::normal;
    Colour colour{0, 0, 0};
    Align align = Align::left;
};

// A PDF, one page after the other, drawn in units of its own: `width` × `height` of them fill a page that is `page_width_mm` wide.
class PdfCanvas {
public:
    PdfCanvas(double width, double height, double page_width_mm, std::string const& title, Instant created);

    // On as many lines as it takes, the letters smaller where it would be higher than `height_max`: nothing is cut. Returns the
    // height that it took. Text wraps between words, and within one that is wider than the line. Pre: valid UTF-8.
    double text(std::string const& what, double x, double y, double width, double height_max, TextStyle const& style);
    [[nodiscard]] double text_height(std::string const& what, double width, double height_max, TextStyle const& style);

    void fill(Box const& box, Colour const& colour, double radius = 0);
    void outline(Box const& box, Colour const& colour, double line_width, double radius);
    // The symbol with its quiet zone of four modules fills a square whose side is `side`.
    void symbol(QrModules const& modules, double x, double y, double side);

    // What is drawn from now on stands on a new page of the same size.
    void next_page();
    // The bytes. Error: internal_error. The canvas is used up.
    [[nodiscard]] Result<std::string> finish();

private:
    void lay_out(std::string const& what, double width, double height_max, TextStyle const& style);
    [[nodiscard]] double laid_out_height() const;
    void rounded(Box const& box, double radius);
    void use(Colour const& colour);

    std::string bytes_;
    std::unique_ptr<cairo_surface_t, void (*)(cairo_surface_t*)> surface_;
    std::unique_ptr<cairo_t, void (*)(cairo_t*)> pen_;
    std::unique_ptr<PangoLayout, void (*)(void*)> layout_;
};

}  // namespace cho40::documents
