#pragma once
#include <string>
#include <vector>

namespace cho40::cli::bench {

// One measured value beside its limit or its peer. Without a bar it only informs.
struct Figure {
    std::string name;
    double value = 0;
    std::string unit;
    std::string compare;  // ">=", "<=" or ""
    double bar = 0;

    [[nodiscard]] bool holds() const { return compare.empty() || (compare == ">=" ? value >= bar : value <= bar); }
};

// Pre: not empty.
[[nodiscard]] double median(std::vector<double> values);

// The table, or one JSON object with --json.
void print_figures(std::vector<Figure> const& figures, bool as_json);

}  // namespace cho40::cli::bench
