#include "adapters/statements/case_generator.h"
#include "apps/cli/io.h"
#include <CLI/CLI.hpp>
#include <iostream>

namespace cho40::cli {
namespace {

std::string case_failed(Error const& error) { return error.detail + " (" + std::string(errc_name(error.code)) + ")"; }

void run_case(std::string const& dir)
{
    auto folder = statements::read_case_folder(dir);
    if (!folder) throw Stop{Exit::usage, dir + ": " + case_failed(folder.error())};
    if (folder->checkpoints.empty()) {
        std::cout << statements::write_answers({});
        return;
    }
    auto const day = Day::of(folder->checkpoints.front().as_of);
    auto const settings = value_or_stop(reconcile::settings_for("", day), "settings");
    auto const answers = statements::answer_case(*std::move(folder), settings);
    // A failed equation means that the result must not be used: no output, and a message with the figures.
    if (!answers)
        throw Stop{answers.error().code == Errc::equation_failed ? Exit::negative : Exit::usage, dir + ": " + case_failed(answers.error())};
    statements::write_answers(*answers, [](std::string_view part) { std::cout << part; });
    std::cout.flush();
}

void generate(std::string const& dir, statements::GeneratorSettings settings)
{
    auto const generated = value_or_stop(statements::generate_case(settings), "recon generate");
    auto const written = statements::write_case(generated, dir);
    if (!written) throw Stop{Exit::usage, case_failed(written.error())};
    std::cerr << "cho40: " << dir << ": " << generated.internal.size() << " ledger records, "
              << generated.day.size() + generated.next_day.size() << " provider lines, " << generated.bank.size() << " bank entries, "
              << generated.answer.result.breaks.size() << " breaks\n";
}

}  // namespace

void add_recon_commands(CLI::App& app)
{
    auto* const recon = app.add_subcommand("recon", "Reconcile the ledger with provider files and bank statements");
    recon->require_subcommand(1);

    auto* const run = recon->add_subcommand("run", "Answer a folder of internal, provider and bank files");
    run->footer("Example: cho40 recon run tests/data/recon-cases/01-batch-net-of-fee");
    auto const dir = std::make_shared<std::string>();
    run->add_option("DIR", *dir, "Folder with imports.csv and the files it names")->required();
    auto const json = std::make_shared<bool>(true);
    run->add_flag("--json", *json, "JSON is what it always prints");
    run->callback([dir, json] { run_case(*dir); });

    auto* const make = recon->add_subcommand("generate", "Write a realistic day with known breaks and its expected.json, for load tests");
    make->footer("Example: cho40 recon generate /tmp/day --payments 20000 --seed 7");
    auto const target = std::make_shared<std::string>();
    auto const settings = std::make_shared<statements::GeneratorSettings>();
    make->add_option("DIR", *target, "Folder to write; it is made when it is not there")->required();
    make->add_option("--payments", settings->payments, "How many payments, 1 to 5000000")->required();
    make->add_option("--seed", settings->seed, "Same seed, same files")->capture_default_str();
    make->add_flag("--csv", settings->csv_statement, "Write the bank statement as bank.csv whatever the size");
    make->callback([target, settings] { generate(*target, *settings); });
}

}  // namespace cho40::cli
