#include "apps/cli/bench/figure.h"
#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

namespace cho40::cli::bench {
namespace {

std::string processor()
{
    std::ifstream in("/proc/cpuinfo");
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
    }
    return "unknown";
}

}  // namespace

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    auto const n = values.size();
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

void print_figures(std::vector<Figure> const& figures, bool as_json)
{
    if (as_json) {
        nlohmann::json rows = nlohmann::json::array();
        for (auto const& f : figures) {
            nlohmann::json row = {{"name", f.name}, {"value", f.value}, {"unit", f.unit}};
            if (!f.compare.empty()) {
                row["compare"] = f.compare;
                row["bar"] = f.bar;
            }
            row["holds"] = f.holds();
            rows.push_back(std::move(row));
        }
        nlohmann::json out = {{"machine", {{"processor", processor()}, {"threads", std::thread::hardware_concurrency()}}},
                              {"figures", std::move(rows)}};
        std::cout << out.dump() << '\n';
        return;
    }
    fmt::print("{:<34} {:>14} {:<8} {}\n", "figure", "value", "unit", "bar");
    for (auto const& f : figures) {
        auto const bar = f.compare.empty() ? std::string() : fmt::format("{} {:g}  {}", f.compare, f.bar, f.holds() ? "holds" : "MISSED");
        fmt::print("{:<34} {:>14.3f} {:<8} {}\n", f.name, f.value, f.unit, bar);
    }
}

}  // namespace cho40::cli::bench
