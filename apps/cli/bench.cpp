#include "apps/cli/bench/http.h"
#include "apps/cli/bench/ledger.h"
#include "apps/cli/io.h"
#include <CLI/CLI.hpp>
#include <algorithm>

namespace cho40::cli {

namespace {

void add(CLI::App& bench, char const* name, char const* description, std::vector<bench::Figure> (*measure)(bool quick))
{
    auto* command = bench.add_subcommand(name, description);
    auto quick = std::make_shared<bool>(false);
    auto as_json = std::make_shared<bool>(false);
    command->add_flag("--quick", *quick, "Smaller sizes, done in a minute");
    command->add_flag("--json", *as_json, "One JSON object");
    command->callback([=] {
        auto const figures = measure(*quick);
        bench::print_figures(figures, *as_json);
        if (!std::ranges::all_of(figures, &bench::Figure::holds)) throw Stop{Exit::negative, ""};
    });
}

}  // namespace

void add_bench_commands(CLI::App& app)
{
    auto* bench = app.add_subcommand("bench", "Measures, each figure beside its limit or its peer in the same run");
    bench->require_subcommand(1);
    add(*bench, "http",
        "Notifications per second end to end, beside /healthz of the same server.\n"
        "Starts what it needs in a private folder and leaves nothing behind.\nExample: cho40 bench http --quick",
        bench::bench_http);
    add(*bench, "ledger",
        "The posting engine beside binary COPY of the same rows, and beside one SQL call a transfer.\n"
        "Starts what it needs in a private folder and leaves nothing behind.\nExample: cho40 bench ledger --quick",
        bench::bench_ledger);
}

}  // namespace cho40::cli
