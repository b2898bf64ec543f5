#include "apps/cli/bench/http.h"
#include "apps/cli/io.h"
#include <CLI/CLI.hpp>
#include <algorithm>

namespace cho40::cli {

void add_bench_commands(CLI::App& app)
{
    auto* bench = app.add_subcommand("bench", "Measures, each figure beside its limit or its peer in the same run");
    bench->require_subcommand(1);
    auto* http = bench->add_subcommand(
        "http", "Notifications per second end to end, beside /healthz of the same server.\n"
                "Starts what it needs in a private folder and leaves nothing behind.\nExample: cho40 bench http --quick");
    auto quick = std::make_shared<bool>(false);
    auto as_json = std::make_shared<bool>(false);
    http->add_flag("--quick", *quick, "Fewer rounds");
    http->add_flag("--json", *as_json, "One JSON object");
    http->callback([quick, as_json] {
        auto const figures = bench::bench_http(*quick);
        bench::print_figures(figures, *as_json);
        if (!std::ranges::all_of(figures, &bench::Figure::holds)) throw Stop{Exit::negative, ""};
    });
}

}  // namespace cho40::cli
