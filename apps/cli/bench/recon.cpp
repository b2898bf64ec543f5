#include "apps/cli/bench/recon.h"
#include "apps/cli/bench/fee.h"
#include "apps/cli/bench/growth_plot.h"
#include "apps/cli/bench/recon_floor.h"
#include "apps/cli/bench/recon_import.h"
#include "apps/cli/io.h"
#include "base/digest.h"
#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <iostream>

namespace cho40::cli::bench {
namespace {

namespace fs = std::filesystem;

// Of ten payments of a generated day seven go through the provider: so many make a day with that many lines of its file.
std::int64_t payments_for(std::int64_t provider_lines) { return provider_lines * 10 / 7; }

std::string own_program() { return fs::read_symlink("/proc/self/exe").string(); }

// A day on disk, without its answer beside it: that is kept elsewhere, for the engine is not to read it.
class GeneratedDay {
public:
    GeneratedDay(fs::path const& folder, std::int64_t payments)
        : folder_(folder / std::to_string(payments)), answer_(folder_.string() + ".json")
    {
        fs::create_directories(folder_);
        auto const run = timed_run({own_program(), "recon", "generate", folder_.string(), "--payments", std::to_string(payments), "--csv"},
                                   folder / "messages");
        if (run.exit_code != 0) throw Stop{Exit::system_missing, "the day cannot be generated"};
        fs::rename(folder_ / "expected.json", answer_);
        for (auto const* name : {"internal.csv", "provider.csv", "provider-2.csv", "bank.csv"}) {
            auto const path = folder_ / name;
            bytes_ += static_cast<double>(fs::file_size(path));
            std::int64_t in_file = -1;  // the head
            std::ifstream in(path, std::ios::binary);
            for (std::string line; std::getline(in, line);) ++in_file;
            lines_ += in_file;
            if (std::string_view(name).starts_with("provider")) provider_lines_ += in_file;
            if (std::string_view(name) == "internal.csv") ledger_records_ = in_file;
        }
    }
    ~GeneratedDay()
    {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
        fs::remove(answer_, ignored);
    }
    GeneratedDay(GeneratedDay const&) = delete;
    GeneratedDay& operator=(GeneratedDay const&) = delete;

    [[nodiscard]] fs::path const& folder() const { return folder_; }
    [[nodiscard]] fs::path const& answer() const { return answer_; }
    [[nodiscard]] std::int64_t lines() const { return lines_; }
    [[nodiscard]] std::int64_t ledger_records() const { return ledger_records_; }
    [[nodiscard]] std::int64_t provider_lines() const { return provider_lines_; }
    [[nodiscard]] double bytes() const { return bytes_; }

private:
    fs::path folder_, answer_;
    std::int64_t lines_ = 0, ledger_records_ = 0, provider_lines_ = 0;
    double bytes_ = 0;
};

// What an answer says whatever the order of its lists: each match, break and wait stands on a line of its own, and the
// lines' digests are added up. Words for people are left out.
std::uint64_t content_of(fs::path const& answer)
{
    std::ifstream in(answer, std::ios::binary);
    std::uint64_t sum = 0;
    for (std::string line; std::getline(in, line);) {
        if (auto const why = line.find(",\"why\":\""); why != line.npos) line.erase(why, line.rfind("\"}") + 1 - why);
        // A comma or the end of a list follows by place, not by content.
        auto const end = line.find('}');
        auto const digest = sha256(std::string_view(line).substr(0, end));
        std::uint64_t part = 0;
        std::memcpy(&part, digest.data(), sizeof part);
        sum += part;
    }
    return sum;
}

TimedRun reconcile(GeneratedDay const& day, fs::path const& out)
{
    auto run = timed_run({own_program(), "recon", "run", day.folder().string()}, out);
    if (run.exit_code != 0) throw Stop{Exit::negative, "cho40 recon run ended with " + std::to_string(run.exit_code)};
    return run;
}

void check_answer(GeneratedDay const& day, fs::path const& out)
{
    if (content_of(out) != content_of(day.answer())) throw Stop{Exit::negative, "the engine's answer is not the one the day was made with"};
}

// What the rounds of one contestant took.
struct Rounds {
    std::vector<double> seconds, cpu;

    void add(TimedRun const& run)
    {
        seconds.push_back(run.seconds);
        cpu.push_back(run.cpu_seconds);
    }
};

double least(std::vector<double> const& of) { return *std::ranges::min_element(of); }

// Days from 10,000 lines up, each at most some three times as large as the last, the last with as many as asked.
std::vector<GrowthPoint> measure_growth(fs::path const& folder, std::int64_t lines_to)
{
    std::vector<std::int64_t> sizes;
    for (double lines = 10'000; lines < 0.9 * static_cast<double>(lines_to); lines *= std::sqrt(10.0))
        sizes.push_back(static_cast<std::int64_t>(std::lround(lines)));
    sizes.push_back(lines_to);
    std::vector<GrowthPoint> points;
    for (auto lines : sizes) {
        GeneratedDay const day(folder, std::max<std::int64_t>(lines / 2, 1));  // a line of ours and one of theirs each
        std::vector<double> seconds;
        std::vector<double> cpu;
        GrowthPoint point;
        point.lines = static_cast<double>(day.lines());
        for (int round = 0; round < (lines > 1'000'000 ? 2 : 5); ++round) {
            auto const run = reconcile(day, folder / "growth.json");
            seconds.push_back(run.seconds);
            cpu.push_back(run.cpu_seconds);
            point.peak_memory_bytes = std::max(point.peak_memory_bytes, static_cast<double>(run.peak_memory_bytes));
        }
        check_answer(day, folder / "growth.json");
        point.seconds = least(seconds);
        point.cpu_seconds = least(cpu);
        points.push_back(point);
        std::cerr << fmt::format("cho40: {:>10.0f} lines {:8.3f} s, {:8.3f} s of CPU, {:6.0f} MB, {:.2f} of n log n\n", point.lines,
                                 point.seconds, point.cpu_seconds, point.peak_memory_bytes / 1e6,
                                 point.cpu_seconds / n_log_n(points.front(), point.lines));
    }
    return points;
}

}  // namespace

std::vector<Figure> bench_recon(bool quick, ReconBench const& bench)
{
    auto const rows = bench.rows > 0 ? bench.rows : quick ? 20'000 : 1'000'000;
    auto const growth_to = bench.growth_to > 0 ? bench.growth_to : quick ? 80'000 : 2'000'000;
    ReconFloor const floor(bench.duckdb);
    if (!floor.has_duckdb()) {
        std::cerr
            << "cho40: DuckDB is not there, so its join is left out; npm install @duckdb/node-api in a folder and give it with --duckdb\n";
    }
    PrivateFolder const folder;
    std::vector<Figure> figures;
    bool const whole = rows >= 1'000'000;
    GeneratedDay const day(folder.path(), payments_for(rows));
    {
        auto const out = folder.path() / "answer.json";
        Rounds engine, sorting, duckdb;
        double memory = 0;
        for (int round = 0; round < 3; ++round) {
            auto const run = reconcile(day, out);
            engine.add(run);
            memory = std::max(memory, static_cast<double>(run.peak_memory_bytes));
            if (round == 0) check_answer(day, out);
            sorting.add(floor.sort_and_join(day.folder(), folder.path()));
            if (floor.has_duckdb()) duckdb.add(floor.duckdb_join(day.folder(), folder.path()));
        }
        auto best = median(sorting.seconds);
        if (floor.has_duckdb()) best = std::min(best, median(duckdb.seconds));
        figures.push_back({"ledger_records", static_cast<double>(day.ledger_records()), "", "", 0});
        figures.push_back({"provider_lines", static_cast<double>(day.provider_lines()), "", "", 0});
        figures.push_back({"lines_in_all", static_cast<double>(day.lines()), "", "", 0});
        figures.push_back({"input", day.bytes() / 1e6, "MB", "", 0});
        figures.push_back({"files_to_answer", median(engine.seconds), "s", whole ? "<=" : "", 60});
        figures.push_back({"files_to_answer_cpu", median(engine.cpu), "s", "", 0});
        figures.push_back({"peak_memory", memory / 1e6, "MB", whole ? "<=" : "", 1000});
        figures.push_back({"sort_and_join", median(sorting.seconds), "s", "", 0});
        figures.push_back({"sort_and_join_cpu", median(sorting.cpu), "s", "", 0});
        figures.push_back({"engine_over_sort_and_join", median(engine.seconds) / median(sorting.seconds), "ratio", "", 0});
        if (floor.has_duckdb()) {
            figures.push_back({"duckdb_outer_join", median(duckdb.seconds), "s", "", 0});
            figures.push_back({"duckdb_outer_join_cpu", median(duckdb.cpu), "s", "", 0});
            figures.push_back({"engine_over_duckdb", median(engine.seconds) / median(duckdb.seconds), "ratio", "", 0});
        }
        figures.push_back({"engine_over_faster_floor", median(engine.seconds) / best, "ratio", whole ? "<=" : "", 2});
    }
    auto const points = measure_growth(folder.path(), growth_to);
    auto const& last = points.back();
    figures.push_back({"growth_from_lines", points.front().lines, "", "", 0});
    figures.push_back({"growth_to_lines", last.lines, "", "", 0});
    figures.push_back({"time_at_most_lines", last.seconds, "s", "", 0});
    figures.push_back({"cpu_at_most_lines", last.cpu_seconds, "s", "", 0});
    figures.push_back({"memory_at_most_lines", last.peak_memory_bytes / 1e6, "MB", "", 0});
    figures.push_back({"growth_over_n_log_n", last.cpu_seconds / n_log_n(points.front(), last.lines), "ratio", "<=", 1});
    if (!bench.plot.empty()) write_file(bench.plot, growth_svg(points));
    // Last: a child counts what its parent has in memory when it is born as its own.
    for (auto& figure : bench_import(day.folder() / "provider.csv", folder.path() / "provider.csv.gz", whole))
        figures.push_back(std::move(figure));
    for (auto& figure : bench_fees(quick)) figures.push_back(std::move(figure));
    return figures;
}

}  // namespace cho40::cli::bench
