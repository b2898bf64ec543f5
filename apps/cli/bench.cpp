#include "apps/cli/bench/http.h"
#include "apps/cli/bench/ledger.h"
#include "apps/cli/bench/qr.h"
#include "apps/cli/bench/rails.h"
#include "apps/cli/bench/recon.h"
#include "apps/cli/bench/streams.h"
#include "apps/cli/io.h"
#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>

namespace cho40::cli {

namespace {

CLI::App* add(CLI::App& bench, char const* name, char const* description, std::function<std::vector<bench::Figure>(bool quick)> measure)
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
    return command;
}

}  // namespace

void add_bench_commands(CLI::App& app)
{
    auto* bench = app.add_subcommand("bench", "Measures, each figure beside its limit or its peer in the same run");
    bench->require_subcommand(1);
    auto streams = std::make_shared<std::size_t>(0);
    add(*bench, "http",
        "Notifications per second end to end, beside /healthz of the same server; or, with --streams, event streams that\n"
        "are open at once. Starts what it needs in a private folder and leaves nothing behind.\nExample: cho40 bench http --quick",
        [streams](bool quick) { return *streams > 0 ? bench::bench_streams(quick, *streams) : bench::bench_http(quick); })
        ->add_option("--streams", *streams, "Measure so many open event streams instead (5,000)")
        ->expected(0, 1)
        ->default_str("5000")
        ->check(CLI::Range(10, 15'000));
    add(*bench, "qr",
        "Codes read, made and drawn, and memos searched, on one core, beside what the innermost step alone allows.\n"
        "Example: cho40 bench qr --quick",
        bench::bench_qr);
    add(*bench, "rails",
        "Notifications verified, stored, matched and posted, end to end at 64 connections, beside /healthz of the same server.\n"
        "Starts what it needs in a private folder and leaves nothing behind.\nExample: cho40 bench rails --quick",
        bench::bench_rails);
    auto recon = std::make_shared<bench::ReconBench>();
    auto* const recon_command = add(
        *bench, "recon",
        "A generated day reconciled, files to answer, beside the floor: the same files sorted and joined on the key by\n"
        "coreutils and by DuckDB. Then days of growing size, the provider's file sent to a private service twice, and fees\n"
        "assessed on one core. Starts what it needs in a private folder; DuckDB's npm package only where it is there. Leaves\n"
        "nothing behind.\n"
        "Example: cho40 bench recon --quick",
        [recon](bool quick) { return bench::bench_recon(quick, *recon); });
    recon_command->add_option("--rows", recon->rows, "Provider lines, with as many ledger records and half again (1,000,000)")
        ->check(CLI::Range(100, 3'000'000));
    recon_command->add_option("--duckdb", recon->duckdb, "Folder in which @duckdb/node-api (or duckdb) was installed by npm");
    recon_command->add_option("--growth-to", recon->growth_to, "Measure growth up to so many lines of all files together (2,000,000)")
        ->check(CLI::Range(10'000, 10'000'000));
    recon_command->add_option("--plot", recon->plot, "Write the growth as an SVG picture");
    auto parts = std::make_shared<std::vector<std::string>>();
    add(*bench, "ledger",
        "The posting engine beside binary COPY of the same rows, and beside one SQL call a transfer.\n"
        "Starts what it needs in a private folder and leaves nothing behind.\nExample: cho40 bench ledger --quick",
        [parts](bool quick) { return bench::bench_ledger(quick, *parts); })
        ->add_option("--only", *parts, "Parts of it, with commas between: posting, open-loop, bytes, service, merkle, long-run")
        ->delimiter(',')
        ->check(CLI::IsMember(bench::ledger_parts()));
}

}  // namespace cho40::cli
