#include "adapters/documents/qr_picture.h"
#include <cairo.h>
#include <memory>
#include <qrencode.h>

namespace cho40::documents {
namespace {

constexpr int quiet_modules = 4;
constexpr std::size_t payload_bytes_max = 2331;  // version 40, level M

using Symbol = std::unique_ptr<QRcode, void (*)(QRcode*)>;

Result<Symbol> make_symbol(std::string_view payload)
{
    if (payload.empty() || payload.find('\0') != payload.npos)
        return fail(Errc::invalid_input, "a QR symbol needs a text without zero bytes");
    if (payload.size() > payload_bytes_max)
        return fail(Errc::text_too_long, "a QR symbol carries at most " + std::to_string(payload_bytes_max) + " bytes");
    Symbol symbol(QRcode_encodeString(std::string(payload).c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1), QRcode_free);
    if (!symbol) return fail(Errc::text_too_long, "the text does not fit a QR symbol");
    return symbol;
}

// Calls run(x, y, length) for each horizontal run of dark modules.
template <class F>
void each_dark_run(QRcode const& symbol, F run)
{
    auto const dark = [&](int x, int y) { return (symbol.data[y * symbol.width + x] & 1) != 0; };
    for (int y = 0; y < symbol.width; ++y) {
        for (int x = 0; x < symbol.width; ++x) {
            if (!dark(x, y)) continue;
            int const begin = x;
            while (x < symbol.width && dark(x, y)) ++x;
            run(begin + quiet_modules, y + quiet_modules, x - begin);
        }
    }
}

std::string escaped(std::string_view text)
{
    std::string out;
    for (char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        default: out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
        }
    }
    return out;
}

cairo_status_t append(void* out, unsigned char const* bytes, unsigned int size)
{
    static_cast<std::string*>(out)->append(reinterpret_cast<char const*>(bytes), size);
    return CAIRO_STATUS_SUCCESS;
}

}  // namespace

Result<QrModules> qr_modules(std::string_view payload)
{
    CHO_TRY(auto const symbol, make_symbol(payload));
    QrModules out;
    out.side = symbol->width;
    for (int i = 0; i < out.side * out.side; ++i) out.dark.push_back((symbol->data[i] & 1) != 0);
    return out;
}

Result<std::string> qr_svg(std::string_view payload, std::string_view title)
{
    CHO_TRY(auto const symbol, make_symbol(payload));
    auto const side = std::to_string(symbol->width + 2 * quiet_modules);
    std::string svg = R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 )" + side + " " + side +
                      R"(" shape-rendering="crispEdges" role="img"><title>)" + escaped(title) + R"(</title><path fill="#fff" d="M0 0h)" +
                      side + "v" + side + "h-" + side + R"(z"/><path fill="#000" d=")";
    each_dark_run(*symbol, [&](int x, int y, int length) {
        auto const wide = std::to_string(length);
        svg += "M" + std::to_string(x) + " " + std::to_string(y) + "h" + wide + "v1h-" + wide + "z";
    });
    return svg + R"("/></svg>)";
}

Result<std::string> qr_png(std::string_view payload, int module_pixels)
{
    if (module_pixels < 1 || module_pixels > 64) return fail(Errc::invalid_input, "a module has 1 to 64 pixels", "/module_pixels");
    CHO_TRY(auto const symbol, make_symbol(payload));
    int const side = (symbol->width + 2 * quiet_modules) * module_pixels;
    std::unique_ptr<cairo_surface_t, void (*)(cairo_surface_t*)> const surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, side, side),
                                                                               cairo_surface_destroy);
    std::unique_ptr<cairo_t, void (*)(cairo_t*)> const pen(cairo_create(surface.get()), cairo_destroy);
    cairo_set_antialias(pen.get(), CAIRO_ANTIALIAS_NONE);
    cairo_set_source_rgb(pen.get(), 1, 1, 1);
    cairo_paint(pen.get());
    cairo_set_source_rgb(pen.get(), 0, 0, 0);
    each_dark_run(*symbol, [&](int x, int y, int length) {
        cairo_rectangle(pen.get(), x * module_pixels, y * module_pixels, length * module_pixels, module_pixels);
    });
    cairo_fill(pen.get());
    std::string png;
    if (cairo_surface_write_to_png_stream(surface.get(), append, &png) != CAIRO_STATUS_SUCCESS) {
        return fail(Errc::internal_error, "the picture could not be drawn");
    }
    return png;
}

}  // namespace cho40::documents
