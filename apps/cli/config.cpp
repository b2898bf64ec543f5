#include "apps/config/config.h"
#include "apps/cli/io.h"
#include <CLI/CLI.hpp>
#include <iostream>

namespace cho40::cli {

void add_config_commands(CLI::App& app)
{
    auto* config = app.add_subcommand("config", "Configuration");
    config->require_subcommand(1);
    auto* check = config->add_subcommand(
        "check", "Finds every unknown key, wrong type and missing secret.\nExample: cho40 config check deploy/cho40.toml");
    auto file = std::make_shared<std::string>();
    check->add_option("FILE", *file, "TOML file, or - for standard input")->required();
    check->callback([file] {
        auto const loaded = config::load(read_input(*file), config::process_environment());
        for (auto const& problem : loaded.problems) {
            std::cout << *file;
            if (problem.line > 0) std::cout << ':' << problem.line;
            std::cout << ": " << problem.key << (problem.key.empty() ? "" : ": ") << problem.text << '\n';
        }
        if (!loaded.problems.empty()) throw Stop{Exit::negative, ""};
        std::cout << *file << ": ok\n";
    });
}

}  // namespace cho40::cli
