#include "adapters/statements/case_answer.h"
#include "apps/cli/io.h"
#include <CLI/CLI.hpp>
#include <iostream>

namespace cho40::cli {
namespace {

std::string case_failed(Error const& error)
{
    return error.detail + " (" + std::string(errc_name(error.code)) + ")";
}

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
    if (!answers) throw Stop{answers.error().code == Errc::equation_failed ? Exit::negative : Exit::usage, dir + ": " + case_failed(answers.error())};
    std::cout << statements::write_answers(*answers);
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
}

}  // namespace cho40::cli
