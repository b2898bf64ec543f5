#include "tests/model/rehearsal.h"
#include "tests/model/report.h"
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

struct Wanted {
    std::uint64_t from = 1, seeds = 1000;
    std::size_t commands = 300;
};

int usage()
{
    std::fputs("usage: ledger_model [--seeds N] [--commands M] [--from-seed S]\n", stderr);
    return 2;
}

}  // namespace

int main(int argc, char** argv)
{
    using namespace cho40::tests::model;
    Wanted wanted;
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 == argc) return usage();
        auto const value = std::strtoull(argv[i + 1], nullptr, 10);
        if (std::strcmp(argv[i], "--seeds") == 0) wanted.seeds = value;
        else if (std::strcmp(argv[i], "--commands") == 0) wanted.commands = value;
        else if (std::strcmp(argv[i], "--from-seed") == 0) wanted.from = value;
        else return usage();
    }
    auto const begun = std::chrono::steady_clock::now();
    std::size_t failed = 0;
    for (auto seed = wanted.from; seed < wanted.from + wanted.seeds; ++seed) {
        auto const plan = make_plan(seed, wanted.commands);
        auto const difference = rehearse_in_memory(plan);
        if (!difference) continue;
        ++failed;
        std::fputs(report(plan, wanted.commands, *difference).c_str(), stdout);
        std::fflush(stdout);
    }
    std::chrono::duration<double> const seconds = std::chrono::steady_clock::now() - begun;
    auto const commands = static_cast<double>(wanted.seeds * wanted.commands);
    std::printf("%llu seeds, %.0f commands in %.1f s (%.0f a second), %zu failed\n", static_cast<unsigned long long>(wanted.seeds),
                commands, seconds.count(), commands / seconds.count(), failed);
    return failed == 0 ? 0 : 1;
}
