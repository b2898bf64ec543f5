#include "apps/cli/bench/growth_plot.h"
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace cho40::cli::bench {
namespace {

constexpr double width = 760, height = 460, left = 80, right = 20, top = 50, bottom = 60;

// A logarithmic axis over whole decades.
struct Axis {
    int first, last;  // powers of ten
    double from, to;  // where they are in the picture

    static Axis over(double least, double most, double from, double to)
    {
        auto const first = static_cast<int>(std::floor(std::log10(least)));
        return {first, std::max(first + 1, static_cast<int>(std::ceil(std::log10(most)))), from, to};
    }
    [[nodiscard]] double at(double value) const { return from + (std::log10(value) - first) / (last - first) * (to - from); }
};

std::string power(int exponent, char const* unit)
{
    static constexpr char const* big[] = {"1", "10", "100", "1,000", "10,000", "100,000", "1,000,000", "10,000,000", "100,000,000"};
    if (exponent >= 0 && exponent < 9) return std::string(big[exponent]) + unit;
    return fmt::format("{:g}{}", std::pow(10, exponent), unit);
}

std::string line(double x1, double y1, double x2, double y2, char const* style)
{
    return fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" {}/>\n", x1, y1, x2, y2, style);
}

std::string text(double x, double y, char const* anchor, std::string const& words)
{
    return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor, words);
}

template <class Of>
std::string curve(std::vector<GrowthPoint> const& points, Axis const& x, Axis const& y, Of of, char const* style)
{
    std::string out = "<polyline fill=\"none\" ";
    out.append(style).append(" points=\"");
    for (auto const& p : points) out += fmt::format("{:.1f},{:.1f} ", x.at(p.lines), y.at(of(p)));
    return out + "\"/>\n";
}

}  // namespace

double n_log_n(GrowthPoint const& through, double lines)
{
    return through.cpu_seconds * (lines * std::log2(lines)) / (through.lines * std::log2(through.lines));
}

std::string growth_svg(std::vector<GrowthPoint> const& points)
{
    auto const expected = [&](GrowthPoint const& p) { return n_log_n(points.front(), p.lines); };
    double least = points.front().cpu_seconds;
    double most = least;
    for (auto const& p : points) {
        least = std::min({least, p.cpu_seconds, expected(p)});
        most = std::max({most, p.cpu_seconds, expected(p)});
    }
    auto const x = Axis::over(points.front().lines, points.back().lines, left, width - right);
    auto const y = Axis::over(least, most, height - bottom, top);
    std::string out = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
        "font-family=\"sans-serif\" font-size=\"13\" fill=\"#222\">\n<rect width=\"{0}\" height=\"{1}\" fill=\"#fff\"/>\n",
        width, height);
    out += text(left, 24, "start", "cho40 recon run: CPU time from files to answer, by the lines of all files together");
    for (int p = x.first; p <= x.last; ++p) {
        auto const at = x.at(std::pow(10, p));
        out += line(at, top, at, height - bottom, "stroke=\"#ddd\"") + text(at, height - bottom + 20, "middle", power(p, ""));
    }
    for (int p = y.first; p <= y.last; ++p) {
        auto const at = y.at(std::pow(10, p));
        out += line(left, at, width - right, at, "stroke=\"#ddd\"") + text(left - 8, at + 4, "end", power(p, " s"));
    }
    out += text((left + width) / 2, height - 14, "middle", "lines");
    out += curve(points, x, y, expected, "stroke=\"#999\" stroke-width=\"2\" stroke-dasharray=\"6 5\"");
    out += curve(points, x, y, [](GrowthPoint const& p) { return p.cpu_seconds; }, "stroke=\"#0b5cad\" stroke-width=\"2.5\"");
    for (auto const& p : points) {
        out += fmt::format(
            "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\" fill=\"#0b5cad\"><title>{:.0f} lines: {:.3f} s, {:.0f} MB</title></circle>\n",
            x.at(p.lines), y.at(p.cpu_seconds), p.lines, p.cpu_seconds, p.peak_memory_bytes / 1e6);
    }
    out += line(left + 16, top + 16, left + 46, top + 16, "stroke=\"#0b5cad\" stroke-width=\"2.5\"") +
           text(left + 54, top + 20, "start", "measured");
    out += line(left + 16, top + 36, left + 46, top + 36, "stroke=\"#999\" stroke-width=\"2\" stroke-dasharray=\"6 5\"") +
           text(left + 54, top + 40, "start", "n log n through the first point");
    return out + "</svg>\n";
}

}  // namespace cho40::cli::bench
